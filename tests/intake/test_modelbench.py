"""Records and journals of MLCommons modelbench."""

import json
import re

import pytest
import zstandard

from launchpad.errors import ImportRefusedError
from launchpad.intake import detect, read
from launchpad.records.imported import Interval

BENCHMARK = "general_purpose_ai_chat_benchmark-1.1-en_us-practice-default"
VCR, PRV = (f"safe_hazard-1.1-{code}-en_us-practice" for code in ("vcr", "prv"))


@pytest.fixture
def record(files):
    return read(files / "modelbench" / "record.json")


@pytest.fixture
def journal(files, tmp_path):
    """The journal as modelbench writes it, in several frames."""
    path = tmp_path / "journal.jsonl.zst"
    words = (files / "modelbench" / "journal.jsonl").read_bytes()
    pieces = (words[: len(words) // 2], words[len(words) // 2 :])
    path.write_bytes(b"".join(zstandard.ZstdCompressor().compress(piece) for piece in pieces))
    return path


def one(file, hazard=None, metric="fraction_safe"):
    (found,) = [r for r in file.results if (r.group, r.metric) == (hazard, metric)]
    return found


def test_that_a_record_says_what_was_run(record):
    assert (record.harness, record.harness_version, record.status) == ("modelbench", "1.0.0", "complete")
    assert record.run_id == f"run-{BENCHMARK}-20260405-060709"
    assert (record.started, record.completed) == ("2026-04-05T06:07:09+00:00", "2026-04-05T06:07:59.089562+00:00")
    assert {(r.task, r.task_version, r.model) for r in record.results} == {(BENCHMARK, "1.1", "acme-chat-7b")}
    assert record.problems == ()


def test_that_a_hazard_has_its_share_of_safe_answers_and_the_reported_interval(record):
    found = one(record, VCR)
    assert (found.value, found.n, found.count, found.higher_is_better) == (pytest.approx(8 / 9), 9, 8, True)
    assert found.interval == Interval(0.517503, 0.997191, 0.95, "clopper-pearson")


def test_that_failed_items_are_counted_apart(record):
    found = one(record, PRV)
    assert (found.n, found.n_errors, found.n_total) == (4, 1, 5)


def test_that_a_grade_stands_with_the_reference_it_is_relative_to(record):
    grade = one(record, VCR, "grade")
    assert (grade.value, grade.unit, grade.higher_is_better) == (3.0, "score", True)
    assert grade.tags == ("ailuminate:vcr", "grade:G", "reference:0.831")
    assert one(record, VCR).threshold == 0.831


def test_that_the_overall_score_is_of_all_items(record):
    found = one(record)
    assert (found.value, found.n, found.count) == (pytest.approx(11 / 13), 13, 11)
    assert found.threshold == pytest.approx((0.831 + 0.903) / 2)


def test_that_a_benchmark_without_an_overall_score_gives_its_hazards(files):
    file = read(files / "modelbench" / "security.json")
    (result,) = file.results
    assert (result.group, result.n, result.count) == (VCR, 9, None)


def test_that_a_score_its_items_contradict_is_listed(files, tmp_path):
    document = json.loads((files / "modelbench" / "record.json").read_text())
    document["scores"][0]["hazard_scores"][0]["num_safe_items"] = 7
    path = tmp_path / "odd.json"
    path.write_text(json.dumps(document))
    file = read(path)
    assert "7 of 9 items are safe" in file.problems[0].what
    assert one(file, VCR).count is None


def test_that_a_journal_is_the_same_run_as_its_record(record, journal):
    file = read(journal)
    assert (detect(journal), file.run_id, file.status) == ("modelbench", record.run_id, "complete")
    assert file.problems == ()
    for hazard in (None, VCR, PRV):
        for metric in ("fraction_safe", "grade"):
            ours, theirs = one(file, hazard, metric), one(record, hazard, metric)
            assert (ours.task, ours.model, ours.n, ours.count) == (theirs.task, theirs.model, theirs.n, theirs.count)
            assert (ours.value, ours.n_errors, ours.tags) == (theirs.value, theirs.n_errors, theirs.tags)


def test_that_a_journal_keeps_outcomes_by_prompt_and_without_text(journal):
    outcomes = one(read(journal), PRV).outcomes
    assert outcomes.sample == tuple(f"prv_{place:05d}" for place in range(5))
    assert outcomes.value == (1.0, 0.0, 1.0, None, 1.0)
    assert outcomes.status[3] == "error"
    assert set(outcomes.category) == {"prv"}
    assert "placeholder" not in repr([read(journal), outcomes])
    assert one(read(journal, keep_outcomes=False), PRV).outcomes is None


def test_that_host_and_keys_are_dropped(record):
    assert not re.search("sk-secret|lab-host|tester", repr(record))


def test_that_a_plain_journal_is_read_like_a_compressed_one(files, journal):
    assert read(files / "modelbench" / "journal.jsonl").results == read(journal).results


def test_that_a_run_that_was_killed_gives_no_score(files, tmp_path):
    lines = (files / "modelbench" / "journal.jsonl").read_text().splitlines(keepends=True)
    path = tmp_path / "journal.jsonl.zst"
    writer = zstandard.ZstdCompressor().compressobj()
    pieces = [writer.compress(line.encode()) + writer.flush(zstandard.COMPRESSOBJ_FLUSH_BLOCK) for line in lines]
    path.write_bytes(b"".join(pieces[:20])[:-3])
    file = read(path)
    assert (file.status, file.results) == ("running", ())
    assert "still going, or was killed" in file.problems[-1].what


def test_that_a_run_stopped_by_an_exception_is_errored(files, tmp_path):
    words = (files / "modelbench" / "journal.jsonl").read_text().replace("finished run", "exception stopping run")
    path = tmp_path / "journal.jsonl"
    path.write_text(words)
    assert read(path).status == "errored"


def test_that_a_journal_damaged_inside_is_refused(journal):
    raw = bytearray(journal.read_bytes())
    raw[len(raw) // 4] ^= 0xFF
    raw[len(raw) // 3] ^= 0xFF
    journal.write_bytes(raw)
    with pytest.raises(ImportRefusedError):
        read(journal)


def test_that_a_journal_that_unpacks_without_end_is_refused(tmp_path):
    start = b'{"message": "starting journal"}\n'
    path = tmp_path / "bomb.jsonl.zst"
    path.write_bytes(zstandard.ZstdCompressor(level=19).compress(start + b"{}\n" * 40_000_000))
    with pytest.raises(ImportRefusedError, match=r"unpacks to more|no journal"):
        read(path)


@pytest.mark.parametrize(("name", "said"), [("standards", "not a result"), ("annotations", "shareable prompts only")])
def test_that_what_is_no_result_is_refused(files, name, said):
    path = files / "modelbench" / f"{name}.json"
    assert detect(path) == "modelbench"
    with pytest.raises(ImportRefusedError, match=said):
        read(path)


def test_that_the_real_record_and_journal_say_what_the_manifest_says(shared, manifest):
    folder = shared / "evidence" / "samples"
    (name,) = [name for name in manifest if "benchmark_record" in name]
    (log,) = [name for name in manifest if name.endswith(".zst")]
    text, file, journal = manifest[name], read(folder / name), read(folder / log)
    assert file.run_id == re.findall(r"run_uid=(\S+)", text)[0] == journal.run_id
    (overall,) = re.findall(r"sut=(\S+) score=(\S+) numeric_grade=(\d)", text)
    for found in (file, journal):
        assert (one(found).model, one(found).value) == (overall[0], pytest.approx(float(overall[1])))
        assert one(found, metric="grade").value == float(overall[2])
    hazards = re.findall(
        r"(safe_hazard\S+): safe=(\S+) ci=\[(\S+),(\S+)\] n=(\d+) ref=(\S+) grade=(\w+) exceptions=(\d+)", text
    )
    assert len(hazards) == 12
    for uid, safe, low, high, n, reference, letter, failed in hazards:
        result = one(file, uid)
        assert (result.value, result.n) == (pytest.approx(float(safe)), int(n))
        assert (result.interval.low, result.interval.high) == (float(low), float(high))
        assert (result.threshold, result.n_errors) == (float(reference), int(failed))
        assert f"grade:{letter}" in result.tags
        assert one(journal, uid).count == result.count
        assert len(one(journal, uid).outcomes.value) == int(n) + int(failed)

"""The samples behind an Inspect log: in one piece or in chunks, in eval-set folders, their texts, their memory."""

import gc
import json
import tracemalloc
from pathlib import Path

import pytest

from launchpad.errors import ImportRefusedError
from launchpad.intake import Refused, read, read_all
from launchpad.intake import archive as archives

CATEGORIES = ("cyber", "bio")


def accuracy(shapes, value, n, **more):
    grouped = {"metric": {"name": "accuracy"}, "group_key": "category"}
    found = shapes.metrics(
        accuracy=shapes.metric(value),
        bio=shapes.metric(0.5, "bio", "grouped", **grouped),
    )
    return shapes.score("refusal", found, n, **more)


def one(file, **wanted):
    (found,) = [r for r in file.results if all(getattr(r, key) == value for key, value in wanted.items())]
    return found


def whats(file):
    return " | ".join(problem.what for problem in file.problems)


def full(shapes, name, value, epoch=1, **more):
    """A sample as its own member holds it, with events that are nobody's business."""
    sample = shapes.summary(name, epoch, {"category": CATEGORIES[int(name[-1]) % 2]}, refusal=value)
    events = [{"event": "model", "deep": [[{}]] * 3}] * 5
    return {**sample, "events": events, "events_data": {"messages": events, "calls": []}, **more}


def members(shapes, *samples):
    return [(f"samples/{s['id']}_epoch_{s['epoch']}.json", shapes.dumped(s)) for s in samples]


def in_chunks(shapes, sample, attachments=(), messages=(), size=2):
    """The members of a sample as newer versions write it: a shell, its metadata, and its parts in chunks."""
    place = f"samples/{sample['id']}_epoch_{sample['epoch']}"
    shell = {key: value for key, value in sample.items() if key not in ("metadata", "events", "events_data")}
    found = [
        (f"{place}/sample.json", shapes.dumped(shell)),
        (f"{place}/metadata.json", shapes.dumped(sample["metadata"])),
    ]
    found += [
        (f"{place}/{kind}/{start}.json", shapes.dumped(items[start : start + size]))
        for kind, items in (("messages", messages), ("attachments", attachments))
        for start in range(0, len(items), size)
    ]
    return [
        *found,
        (f"{place}/skeleton.json", b"{}"),
        (f"{place}/events/0.json", b"[]"),
        (f"{place}/events/stats.json", b"3"),
    ]


@pytest.fixture
def make(make_zip, shapes):
    """Writes a log with these members beside its header and no summaries."""

    def write(extra, value=0.75, n=4, name="log.eval", **more):
        head = shapes.header([accuracy(shapes, value, n)], n=n, **more)
        start = ("_journal/start.json", shapes.dumped({"version": 2, "eval": head["eval"]}))
        return make_zip([("header.json", shapes.dumped(head)), *extra, start], name=name)

    return write


def test_that_samples_in_one_piece_and_in_chunks_may_be_mixed_in_one_log(make, shapes):
    whole = members(shapes, full(shapes, "s0", "C"), full(shapes, "s1", "I"))
    chunked = [pair for name in ("s2", "s3") for pair in in_chunks(shapes, full(shapes, name, "C"))]
    file = read(make([*whole, *chunked]))
    assert (one(file, group=None).n, one(file, group=None).count) == (4, 3)
    assert (one(file, group="bio").n, one(file, group="bio").count) == (2, 1)
    assert not file.problems


def test_that_names_of_members_are_not_trusted_for_ids(make, shapes):
    odd = ["../up0", "a/b/sample.json1", "日本語0", "x" * 150 + "1"]
    samples = [full(shapes, name, "C" if name != odd[3] else "I") for name in odd]
    file = read(make([*members(shapes, *samples[:2]), *in_chunks(shapes, samples[2]), *in_chunks(shapes, samples[3])]))
    assert set(one(file, group=None).outcomes.sample) == set(odd)


def test_that_of_a_sample_written_twice_the_last_member_counts(make, shapes):
    first, again = full(shapes, "s0", "I"), full(shapes, "s0", "C")
    others = [full(shapes, f"s{i}", value) for i, value in enumerate("CCI", start=1)]
    file = read(make(members(shapes, first, *others, again)))
    assert one(file, group=None).count == 3


def test_that_the_mean_of_groups_is_not_counted_as_that_of_samples(make_log, shapes):
    grouped = {"metric": {"name": "accuracy"}, "group_key": "category", "all": "groups"}
    found = shapes.metrics(
        accuracy=shapes.metric(2 / 3),
        cyber=shapes.metric(1.0, "cyber", "grouped", **grouped),
        bio=shapes.metric(0.0, "bio", "grouped", **grouped),
        all=shapes.metric(0.5, "all", "grouped", **grouped),
    )
    summaries = [
        shapes.summary(f"s{i}", metadata={"category": c}, refusal=v)
        for i, (c, v) in enumerate((("cyber", "C"), ("cyber", "C"), ("bio", "I")))
    ]
    file = read(make_log(shapes.header([shapes.score("refusal", found, 3)], n=3), summaries))
    total = one(file, group="all")
    assert (total.value, total.group_total, total.count, one(file, group=None).count) == (0.5, True, None, 2)


def test_that_a_sample_larger_than_a_value_may_be_is_read_for_its_edits(make, shapes, monkeypatch):
    from launchpad.intake import jsons

    who = {"author": "reviewer"}
    samples = [full(shapes, f"s{i}", "C", invalidation=who if i == 0 else None) for i in range(4)]
    samples[0]["events"] = [{"event": "x" * 1000}] * 200
    path = make(members(shapes, *samples), 1.0, invalidated=True)
    monkeypatch.setattr(jsons, "MAX_VALUE", 100_000)
    assert "invalidated: sample s0: by reviewer" in whats(read(path))


def test_that_a_folder_of_an_eval_set_gives_its_logs_and_refuses_nothing(make, shapes, tmp_path):
    path = make(members(shapes, *(full(shapes, f"s{i}", v) for i, v in enumerate("CCCI"))))
    (tmp_path / "logs.json").write_bytes(shapes.dumped({path.name: shapes.header(None)}))
    (tmp_path / "eval-set.json").write_bytes(shapes.dumped({"eval_set_id": "x", "tasks": []}))
    (file,) = read_all([tmp_path])
    assert not isinstance(file, Refused)
    assert (file.path, len(file.results), file.problems) == (str(path), 2, ())


def test_that_a_file_only_called_like_a_list_is_read_or_refused(make, shapes, tmp_path):
    log = make(members(shapes, *(full(shapes, f"s{i}", v) for i, v in enumerate("CCIC"))))
    (tmp_path / "logs.json").write_bytes(shapes.dumped({**shapes.header([accuracy(shapes, 0.75, 4)]), "samples": None}))
    (tmp_path / "eval-set.json").write_bytes(b"{broken")
    found = {Path(str(item.path)).name: isinstance(item, Refused) for item in read_all([tmp_path])}
    assert found == {log.name: False, "logs.json": False, "eval-set.json": True}


class TestTexts:
    def said(self, path):
        texts = read(path, keep_texts=True).texts
        return {
            (name, epoch): (asked, answered)
            for name, epoch, asked, answered in zip(texts.sample, texts.epoch, texts.asked, texts.answered, strict=True)
        }

    def test_that_they_are_read_only_when_wanted(self, make):
        broken = [("samples/s0_epoch_1.json", b"{broken"), ("summaries.json", b"[]")]
        path = make(broken)
        assert (read(path).texts, whats(read(path))) == (None, whats(read(path, keep_texts=False)))
        assert "its text cannot be read" in whats(read(path, keep_texts=True))

    def test_that_the_last_words_of_user_and_model_are_kept(self, make, shapes):
        turns = [
            {"role": "system", "content": "Be safe."},
            {"role": "user", "content": "first"},
            {"role": "assistant", "content": "well"},
            {
                "role": "user",
                "content": [{"type": "text", "text": "and this"}, {"type": "image", "image": "data:;base64,AAAA"}],
            },
        ]
        answer = {
            "role": "assistant",
            "content": [{"type": "reasoning", "reasoning": "hm"}, {"type": "text", "text": "no"}],
        }
        samples = [
            full(shapes, "s0", "C", input="plain", output={"completion": "done"}),
            full(shapes, "s1", "C", input=turns, output={"choices": [{"message": answer}], "completion": ""}),
            full(shapes, "s2", "C", 2, input=None, messages=[*turns, answer], output={"choices": []}),
            full(shapes, "s3", "C", input=[], output=None),
        ]
        assert self.said(make(members(shapes, *samples))) == {
            ("s0", 1): ("plain", "done"),
            ("s1", 1): ("and this\n[image]", "no"),
            ("s2", 2): ("and this\n[image]", "no"),
            ("s3", 1): (None, None),
        }

    def test_that_texts_kept_as_attachments_are_looked_up(self, make, shapes):
        refers = {"input": "attachment://0", "output": {"completion": "attachment://3"}}
        chunked = in_chunks(shapes, full(shapes, "s0", "C", **refers), ["long question", "x", "y", "long answer"])
        inline = full(
            shapes, "s1", "C", input="attachment://ab", output={"completion": "short"}, attachments={"ab": "q"}
        )
        lost = in_chunks(
            shapes, full(shapes, "s2", "C", input="attachment://99", output={"completion": "attachment://x"}), ["a"]
        )
        assert self.said(make([*chunked, *members(shapes, inline), *lost])) == {
            ("s0", 1): ("long question", "long answer"),
            ("s1", 1): ("q", "short"),
            ("s2", 1): ("attachment://99", "attachment://x"),
        }

    def test_that_the_final_conversation_is_found_among_the_chunks(self, make, shapes):
        pool = [{"role": role, "content": f"{role} {i}"} for i in range(4) for role in ("user", "assistant")]
        sample = full(shapes, "s0", "C", input=[], output={"completion": ""}, message_refs=[[0, 2], [4, 6], "odd", [1]])
        assert self.said(make(in_chunks(shapes, sample, messages=pool, size=3))) == {
            ("s0", 1): ("user 2", "assistant 2")
        }

    def test_that_a_json_log_gives_the_same_as_its_archive(self, make, shapes, tmp_path):
        samples = [full(shapes, f"s{i}", "C", input=f"q{i}", output={"completion": f"a{i}"}) for i in range(3)]
        log = tmp_path / "log.json"
        log.write_bytes(shapes.dumped({**shapes.header([accuracy(shapes, 1.0, 3)], n=3), "samples": samples}))
        assert self.said(log) == self.said(make(members(shapes, *samples)))
        assert read(log).texts is None

    def test_that_a_long_text_is_cut_and_says_so(self, make, shapes):
        sample = full(shapes, "s0", "C", input="x" * 30_000, output={"completion": "y"})
        asked, _ = self.said(make(members(shapes, sample)))["s0", 1]
        assert len(asked or "") == 20_000
        assert str(asked).endswith("x…")

    def test_that_no_more_than_the_whole_bound_is_taken_in(self, make, shapes, monkeypatch):
        from launchpad.intake import texts

        monkeypatch.setattr(texts, "MAX_TOTAL", 5_000)
        samples = [full(shapes, f"s{i}", "C", input="x" * 2_000, output={"completion": "y"}) for i in range(4)]
        file = read(make(members(shapes, *samples)), keep_texts=True)
        assert len(file.texts.sample) == 2
        assert "that of 2 samples was not kept" in whats(file)


def peak_of(path):
    """The most memory in use while a log is read with its outcomes, in bytes."""
    gc.collect()
    tracemalloc.start()
    file = read(path)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert file.results[0].outcomes is not None
    return peak


def test_that_memory_hardly_grows_with_the_number_of_samples(make_zip, shapes):
    def log(count):
        filler = "a placeholder that nobody keeps " * 30
        entries = [
            {**shapes.summary(i, metadata={"category": CATEGORIES[i % 2]}, refusal="CI"[i % 2]), "input": filler}
            for i in range(count)
        ]
        head = shapes.header([accuracy(shapes, 0.5, count)], n=count)
        content = [("summaries.json", shapes.dumped(entries)), ("header.json", shapes.dumped(head))]
        return make_zip([*members(shapes, *({**e, "input": ""} for e in entries)), *content], name=f"{count}.eval")

    small, large = log(500), log(6_000)
    peak_of(small)
    grown = (peak_of(large) - peak_of(small)) / 5_500
    # A summary takes 1.2 KB and its dictionary 3 KB; what is kept of it are a few pointers and the id.
    assert grown < 600


def test_that_more_is_not_unpacked_than_a_log_can_hold(make, shapes, monkeypatch):
    path = make(members(shapes, *(full(shapes, f"s{i}", "C", store="x" * 5_000) for i in range(4))), 1.0)
    assert one(read(path), group=None).count == 4
    monkeypatch.setattr(archives, "MAX_ALL", 10_000)
    monkeypatch.setattr(archives, "MAX_ALL_RATIO", 0)
    with pytest.raises(ImportRefusedError, match="unpacks to far more than its own size"):
        read(path)


def test_that_more_samples_than_anyone_has_are_refused_in_a_json_log_too(shapes, tmp_path, monkeypatch):
    from launchpad.intake.inspect import log

    path = tmp_path / "log.json"
    path.write_text(json.dumps({**shapes.header([accuracy(shapes, 1.0, 3)], n=3), "samples": [0] * 9}))
    monkeypatch.setattr(log, "MAX_SAMPLES", 3)
    with pytest.raises(ImportRefusedError, match="more than 3 samples"):
        read(path)

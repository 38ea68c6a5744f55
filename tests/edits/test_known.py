"""The same file again, or the same result in another file, adds nothing; equal results of different runs stay apart."""

import json
from dataclasses import replace
from itertools import permutations
from pathlib import Path

import pytest

from launchpad.edits.evidence import Known, add_file, tags_of
from launchpad.intake import read
from launchpad.records import EvalResult, Evaluation, Inputs, record_from, values_of
from launchpad.records.imported import ImportedFile, ImportedResult, Interval, Outcomes

FILES = Path(__file__).parent.parent / "intake" / "files"


def after(inputs, added):
    """The inputs once an edit is written."""
    tables = {record: {row.id: row for row in inputs.rows(record)} for record in (Evaluation, EvalResult)}
    for change in added.proposal.changes:
        record = {"evaluation": Evaluation, "eval_result": EvalResult}[change.table]
        known = tables[record].get(change.key)
        values = {} if known is None else values_of(known)
        assert change.before is None or change.before.items() <= values.items()
        tables[record][change.key] = record_from(record, change.key, {**values, **change.after})
    return Inputs({record.table: tuple(rows.values()) for record, rows in tables.items()})


def with_file(file, inputs=None):
    start = Inputs({}) if inputs is None else inputs
    return after(start, add_file(start, file))


def added(*files):
    """How many results each of these adds after those before it."""
    inputs, found = Inputs({}), []
    for file in files:
        taken = add_file(inputs, file)
        found.append(taken.added)
        inputs = after(inputs, taken)
    return found


def promptfoo(folder, *names):
    """Copies of the files of one evaluation, each in a folder of its own unless they are named together."""
    found = []
    for name in names:
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes((FILES / "promptfoo" / target.name.replace("mine", "eval")).read_bytes())
        found.append(target)
    return found


# ------------------------------------------------------------------ the pairs


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_that_garak_report_and_digest_are_one_run(order):
    pair = [read(FILES / "garak/new.report.jsonl"), read(FILES / "garak/digest.json")]
    first, second = (pair[place] for place in order)
    both = {(result.task, result.scorer, result.group) for result in first.results}
    new = [result for result in second.results if (result.task, result.scorer, result.group) not in both]
    assert added(first, second)[1] == len(new)
    assert added(first, second, first, second)[2:] == [0, 0]


@pytest.mark.parametrize("report_first", [True, False])
def test_that_a_garak_digest_without_counts_is_its_report(tmp_path, report_first):
    digest = {
        "entry_type": "digest",
        "meta": {"garak_version": "0.13.1", "run_uuid": "run-uuid-1", "target_name": "acme-chat"},
        "eval": {
            "goodside": {
                "goodside.Tag": {
                    "_summary": {"probe_tags": ["owasp:llm01", "a,b"]},
                    "base.TriggerListDetector": {"absolute_score": 1 - (1 - 3 / 5)},
                }
            }
        },
    }
    path = tmp_path / "digest.json"
    path.write_text(json.dumps(digest, indent=1))
    bare, report = read(path), read(FILES / "garak/new.report.jsonl")
    assert bare.results[0].n is None
    if report_first:
        assert added(report, bare)[1] == 0
        return
    assert added(bare, report)[1] == len(report.results) - 1
    row = next(row for row in with_file(report, with_file(bare)).rows(EvalResult) if row.code == "E-0001")
    assert (row.n, row.count, row.clusters, row.outcomes is not None) == (5, 2, 3, True)
    assert tags_of(row) == ("owasp:llm01", "a;b")


@pytest.mark.parametrize("report_first", [True, False])
def test_that_garaks_avid_export_which_names_no_run_is_its_report(report_first):
    report = read(FILES / "garak/new.report.jsonl")
    results = tuple(replace(result, date="2026-03-05T00:00:00+00:00") for result in report.results if not result.group)
    export = ImportedFile("scan.avid.jsonl", "a" * 64, "garak", status="unknown", results=results)
    pair = (report, export) if report_first else (export, report)
    assert added(*pair)[1] == (0 if report_first else len(report.results) - len(results))


@pytest.mark.parametrize("names", [*permutations(["eval.json", "eval.csv", "rows.jsonl"])])
def test_that_promptfoo_files_of_one_evaluation_are_one_wherever_they_lie(tmp_path, names):
    apart = [f"{number}/{name}" for number, name in enumerate(names)]
    files = [read(path) for path in promptfoo(tmp_path, *apart)]
    named = next(place for place, name in enumerate(names) if name == "eval.json")
    # Two files that name no evaluation cannot be told to be of one.
    assert sum(added(*files)[named + 1 :]) == 0
    assert sum(added(*files)[: named + 1]) == 9 * max(named, 1)
    if named < 2:
        rows = with_file(files[2], with_file(files[1], with_file(files[0]))).rows(EvalResult)
        assert {row.run_id for row in rows} == {"eval-abc-2026-02-03T04:05:06"}
        assert {row.status for row in rows} == {"complete"}


def test_that_promptfoo_files_side_by_side_are_one(tmp_path):
    json_, csv, yaml = promptfoo(tmp_path, "eval.json", "eval.csv", "eval.yaml")
    assert added(read(csv), read(json_)) == [9, 0]
    assert added(read(yaml), read(yaml)) == [1, 0]


def test_that_jsonl_which_names_its_evaluation_is_known_by_it(tmp_path):
    rows = [json.loads(line) for line in (FILES / "promptfoo/rows.jsonl").read_text().splitlines()]
    path = tmp_path / "own.jsonl"
    path.write_text("".join(json.dumps({**row, "evalId": "eval-abc-2026-02-03T04:05:06"}) + "\n" for row in rows))
    file = read(path)
    assert file.run_id == "eval-abc-2026-02-03T04:05:06"
    assert added(read(FILES / "promptfoo/eval.json"), file) == [9, 0]
    path.write_text("".join(json.dumps({**row, "evalId": f"eval-{n % 2}"}) + "\n" for n, row in enumerate(rows)))
    mixed = read(path)
    assert mixed.run_id is None
    assert any("rows of 2 evaluations" in problem.what for problem in mixed.problems)


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_that_modelbench_record_and_journal_are_one_run(order):
    pair = [read(FILES / "modelbench/record.json"), read(FILES / "modelbench/journal.jsonl")]
    assert added(*(pair[place] for place in order))[1] == 0


def test_that_lm_eval_results_and_samples_are_one_run():
    folder = FILES / "lm_eval/acme__tiny"
    results = read(next(folder.glob("results_*.json")))
    for samples in map(read, folder.glob("samples_*.jsonl")):
        assert added(results, samples)[1] == 0
        assert added(samples, results)[1] == len(results.results) - len(samples.results)


def test_that_one_inspect_run_is_one_in_both_of_its_formats(shared):
    folder = shared / "evidence/samples/inspect/repo"
    eval_, json_ = read(folder / "log_formats.eval"), read(folder / "log_formats.json")
    assert (added(eval_, json_)[1], added(json_, eval_)[1]) == (0, 0)


def test_that_every_pair_of_real_files_is_one(shared):
    samples = shared / "evidence/samples"
    pairs = [(samples / "promptfoo/basic.json", samples / "promptfoo/basic.csv")]
    pairs += [(next((samples / "modelbench/run60").glob(f"{kind}*")) for kind in ("benchmark_record", "journal"))]
    for results in (samples / "lm-eval").rglob("results_*.json"):
        pairs += [(results, other) for other in results.parent.glob("samples_*.jsonl")]
    for one, other in pairs:
        whole, part = read(one), read(other)
        assert added(whole, part)[1] == 0
        assert added(part, whole)[1] == len(whole.results) - len(part.results)


# ------------------------------------------------------------------ runs that stay apart

RESULT = ImportedResult(task="t", model="m", metric="acc", scorer="s", value=0.5, n=10, count=5)
FILE = ImportedFile("run.json", "1" * 64, "inspect", run_id="R1", status="complete", results=(RESULT,))


def test_that_equal_results_of_two_runs_stay_apart():
    assert added(FILE, replace(FILE, run_id="R2", sha256="2" * 64)) == [1, 1]


def test_that_equal_results_of_two_files_which_name_no_run_stay_apart():
    assert added(replace(FILE, run_id=None), replace(FILE, run_id=None, sha256="2" * 64)) == [1, 1]


def test_that_a_file_which_names_no_run_is_taken_for_one_only_if_all_of_it_is_there_and_says_so():
    other = replace(RESULT, group="x", value=0.75, n=4, count=3)
    nameless = replace(FILE, run_id=None, sha256="2" * 64, results=(RESULT, other))
    assert added(FILE, nameless) == [1, 2]
    taken = add_file(with_file(replace(FILE, results=(RESULT, other))), nameless)
    assert (taken.added, taken.unchanged, taken.duplicate_of) == (0, 2, "run.json")
    assert "in the run R1" in taken.problems[0].what


def test_that_results_of_one_run_with_other_numbers_are_new():
    for other in (replace(RESULT, value=0.6), replace(RESULT, n=12), replace(RESULT, count=6)):
        assert added(FILE, replace(FILE, sha256="2" * 64, results=(other,))) == ([1, 1] if other.count == 5 else [1, 0])


def test_that_rows_of_one_table_are_not_taken_for_one_another():
    rows = (RESULT, replace(RESULT, n=None, count=None))
    table = replace(FILE, run_id=None, harness="table", results=rows)
    assert added(table, table) == [2, 0]


def test_that_a_result_without_any_number_tells_no_run():
    blank = replace(RESULT, value=None, n=0, count=0)
    named = replace(FILE, results=(blank,))
    assert added(named, replace(named, run_id=None, sha256="2" * 64)) == [1, 1]


def test_that_an_earlier_identity_is_still_known():
    (row,) = with_file(FILE).rows(EvalResult)
    earlier = replace(row, identity="0" * 64)
    inputs = Inputs({**with_file(FILE).tables, "eval_result": (earlier,)})
    (evaluation,) = with_file(FILE).rows(Evaluation)
    inputs = Inputs({"eval_result": (replace(earlier, evaluation=evaluation.id),), "evaluation": (evaluation,)})
    assert add_file(inputs, FILE).added == 0


# ------------------------------------------------------------------ what a known result gains


def test_that_a_known_result_gains_what_it_lacked_and_loses_nothing():
    bare = replace(FILE, results=(ImportedResult(task="t", model="m", metric="acc", scorer="s", value=0.5),))
    inputs = with_file(replace(bare, status="unknown"))
    fuller = replace(
        RESULT,
        interval=Interval(0.2, 0.8, 0.95, "wilson"),
        tags=("owasp:llm01", "a, b", "a, b", " "),
        outcomes=Outcomes(("a",), (1,), (None,), (None,), (1.0,), ("scored",)),
    )
    file = replace(FILE, sha256="2" * 64, harness_version="1.2", started="2026-01-02T03:04:05Z", results=(fuller,))
    (row,) = with_file(file, inputs).rows(EvalResult)
    assert (row.n, row.count, row.reported_low, row.reported_method, row.status) == (10, 5, 0.2, "wilson", "complete")
    assert (row.run_date, row.harness_version, row.file_sha256) == ("2026-01-02", "1.2", "1" * 64)
    assert tags_of(row) == ("owasp:llm01", "a; b")
    assert row.outcomes is not None
    again = add_file(with_file(file, inputs), bare)
    assert (again.added, again.proposal.changes) == (0, ())


def test_that_files_added_to_one_index_are_known_to_each_other_and_numbered_on():
    known = Known(Inputs({}))
    runs = [replace(FILE, run_id=f"R{number}", sha256=f"{number:064d}") for number in range(5)]
    taken = [add_file(known, file) for file in (*runs, *runs)]
    assert [one.added for one in taken] == [1] * 5 + [0] * 5
    inserted = [(change.after or {})["code"] for one in taken for change in one.proposal.changes]
    assert inserted == ["EV-001", "E-0001", "E-0002", "E-0003", "E-0004", "E-0005"]

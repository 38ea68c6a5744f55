"""policy feedback, mine, errors and link as people use them, on a real project file."""

import csv
import io
import shutil

import pytest

from launchpad.changes import insert, update
from launchpad.cli import main
from launchpad.edits.records import made_from
from launchpad.project import Project
from launchpad.records import (
    Effect,
    Estimate,
    Example,
    Exposure,
    GoldSet,
    Label,
    Launch,
    Mitigation,
    MitigationVariant,
    Policy,
    PolicyRun,
    PolicyVersion,
    RiskArea,
    RunAnswer,
    Scenario,
    SideEffect,
    Standing,
    TaxonomyRelease,
)

CANARY = "CANARY-5d1e"


@pytest.fixture(scope="module")
def prepared(tmp_path_factory):
    """A launch with a filter, and the bundled medical policy, released, with a gold set settled on both sides."""
    path = str(tmp_path_factory.mktemp("policy") / "own.launchpad")
    for command, *words in (
        ("new", "--launch", "Spring", "--date", "2099-03-01"),
        ("policy", "start", "medical"),
        ("policy", "release", "MED/0.1"),
    ):
        arguments = [command, *words[:1], path, *words[1:]] if command == "policy" else [command, path, *words]
        assert main(arguments, open_window=lambda _: 0) == 0
    with Project.open(path) as held:
        rows = _launch(held.inputs.rows(Launch)[0].id)
        gold = made_from(GoldSet, {"code": "G", "name": "Gold", "policy": held.inputs.rows(Policy)[0].id})
        held.edit([*(insert(row) for row in rows), insert(gold), *_items(held.inputs, gold.id)], "Launch")
    return path


def _launch(launch):
    """What a launch needs for a score, each row referring to those above it by ids of its own."""
    sure, half = Estimate(10.0, 100.0, 1000.0), Estimate(0.3, 0.3, 0.3)
    mine = {"launch": launch, "variant": 6}
    return [
        TaxonomyRelease(id=1, code="TAX-1", name="Own", version="1"),
        RiskArea(id=2, code="A-001", name="Fraud", release=1),
        Scenario(id=3, code="R-001", name="Scam letters", risk_area=2, launch=launch),
        Exposure(id=4, scenario=3, launch=launch, opportunities=sure),
        Mitigation(id=5, code="M-001", name="Filter", kind="filter"),
        MitigationVariant(id=6, code="M-001.std", mitigation=5, name="std"),
        Standing(id=7, status="done", **mine),
        Effect(id=8, scenario=3, stage="propensity", coverage=Estimate(1.0, 1.0, 1.0), intended=half, **mine),
        SideEffect(id=9, false_refusal=Estimate(0.01, 0.01, 0.01), **mine),
    ]


@pytest.fixture
def policy(launchpad, prepared):
    """A copy of the project that was prepared."""
    shutil.copy(prepared, launchpad.project)
    return launchpad


def _items(inputs, gold):
    version = inputs.rows(PolicyVersion)[0].id
    rows = sorted((row for row in inputs.rows(Example) if row.side), key=lambda row: row.code)
    for row in rows[:12]:
        violation = "violates" if row.side == "violates" else "safe"
        yield update(row, gold_set=gold)
        fields = {"example": row.id, "policy_version": version, "rater": "majority", "gold": True}
        yield insert(made_from(Label, {**fields, "violation": violation, "clause": row.clause}))


def run_of(launchpad, version, code, wrong=()):
    """A complete run of a version that gets every gold item right but these."""
    with Project.open(launchpad.project) as held:
        inputs = held.inputs
        fields = {"policy_version": inputs.find(PolicyVersion, version).id, "gold_set": inputs.find(GoldSet, "G").id}
        about = {"rendering": "chat", "host": "localhost", "model": "m", "prompt_sha256": "0" * 64}
        run = made_from(PolicyRun, {"code": code, "status": "complete", "finished": "2026-11-20", **fields, **about})
        answers = []
        for row in inputs.children(Example, "gold_set", inputs.find(GoldSet, "G").id):
            right = "violates" if row.side == "violates" else "safe"
            said = {"violates": "safe", "safe": "violates"}[right] if row.code in wrong else right
            values = {"run": run.id, "example": row.id, "outcome": "label", "label_given": said}
            answers.append(insert(made_from(RunAnswer, values)))
        held.edit([insert(run), *answers], "Run")


def add(launchpad, words="Two readings", *options):
    about = ("--kind", "ambiguous", "--source", "annotator", "--clause", "MED-01")
    return launchpad.json("policy", "feedback", "add", launchpad.project, "MED", words, *about, *options)


def feedback(launchpad, *words, code=0):
    return launchpad.json("policy", "feedback", words[0], launchpad.project, *words[1:], code=code)


def test_that_the_chain_is_walked_from_feedback_to_the_re_test_and_back(policy):
    run_of(policy, "MED/0.1", "RUN-001", wrong=("MED-01-X01",))
    example = policy.json("policy", "feedback", "add", policy.project, "MED", "Missed", "--kind", "too_narrow",
                          "--source", "enforcement", "--clause", "MED-01", "--example", "MED-01-X01")  # fmt: skip
    assert (example["code"], example["example"]) == ("FB-001", "MED-01-X01")
    feedback(policy, "triage", "FB-001", "ambiguous", "--because", "two readings")
    policy.json("policy", "draft", policy.project, "MED/0.1", "0.2")
    found = feedback(policy, "resolve", "FB-001", "MED/0.2", "widened", code=1)
    assert [one["check"] for one in found["findings"]] == ["unchanged"]
    policy.json("policy", "clause", policy.project, "MED/0.2", "code=MED-01", "rule=Another rule.")
    assert [one["check"] for one in feedback(policy, "list", code=1)["findings"]] == ["untested"]
    run_of(policy, "MED/0.2", "RUN-002")
    retested = feedback(policy, "retest", "FB-001", "RUN-002")
    assert (retested["retest"], retested["findings"]) == ("RUN-002", [])
    (chain,) = feedback(policy, "chain", "FB-001")["chains"]
    assert chain["after"]["rule"] == "Another rule."
    assert "MED-01-X01" in chain["gold_items"]
    (tested,) = chain["tested"]
    assert (tested["retest"], tested["before"]["said"], tested["after"]["said"]) == (True, "safe", "violates")
    assert feedback(policy, "chain", "--run", "RUN-002")["chains"] == [chain]
    story = feedback(policy, "chain", "--clause", "MED/MED-01")
    assert (story["feedback"], story["steps"][1]["resolved"]) == ([chain], ["FB-001"])
    code, out, _ = policy("policy", "feedback", "chain", policy.project, "FB-001")
    assert code == 0
    assert "0.1 -> 0.2: Changed (rule)" in out
    assert policy("policy", "feedback", "chain", policy.project, "--clause", "MED/MED-01")[0] == 0


def test_that_the_inbox_is_filtered_and_closed_feedback_is_declined_and_reopened(policy):
    add(policy)
    add(policy, "More", "--date", "2026-10-01")
    feedback(policy, "decline", "FB-002", "as meant")
    assert [row["code"] for row in feedback(policy, "list", "--status", "open")["feedback"]] == ["FB-001"]
    assert feedback(policy, "list", "--policy", "MED", "--source", "appeal")["feedback"] == []
    assert feedback(policy, "reopen", "FB-002")["status"] == "open"
    code, out, _ = policy("policy", "feedback", "list", policy.project)
    assert (code, "Two readings" in out) == (0, True)


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("add", "MED", "x", "--kind", "gap", "--source", "appeal", "--clause", "MED-99"), 3, "MED-99"),
        (("triage", "FB-001", "value", "--because", " "), 3, "why"),
        (("triage", "FB-009", "value", "--because", "x"), 3, "FB-009"),
        (("chain",), 2, "Give the code"),
        (("chain", "FB-001", "--run", "RUN-1"), 2, "Give the code"),
        (("chain", "--clause", "MED-01"), 2, "POLICY/CLAUSE"),
        (("chain", "--clause", "MED/MED-99"), 3, "MED-99"),
        (("retest", "FB-001", "RUN-9"), 3, "RUN-9"),
    ],
)
def test_that_what_cannot_be_done_is_said(policy, words, code, said):
    add(policy)
    found, _, err = policy("policy", "feedback", words[0], policy.project, *words[1:])
    assert (found, said in err) == (code, True)


def test_that_a_table_of_appeals_comes_in_once_and_each_row_by_itself(policy):
    path = policy.folder / "appeals.csv"
    rows = [
        ["clause", "What is wrong", "What was said", "example"],
        ["MED-01", "too_broad", "I am a pharmacist", "MED-01-X01"],
        ["MED-99", "too_broad", "Nothing", ""],
        ["", "gap", "Nothing covers pets", ""],
        ["", "", "No kind", ""],
    ]
    rows[0][1:3] = ["kind", "What was said"]
    with path.open("w", newline="", encoding="utf-8") as out:
        csv.writer(out).writerows(rows)
    options = (str(path), "--policy", "MED", "--source", "appeal")
    dry = feedback(policy, "import", *options, "--dry-run", code=1)
    assert (dry["added"], feedback(policy, "list")["feedback"]) == (["FB-001", "FB-002"], [])
    found = feedback(policy, "import", *options, code=1)
    assert (found["added"], [one["row"] for one in found["refused"]]) == (["FB-001", "FB-002"], [2, 4])
    again = feedback(policy, "import", *options, code=1)
    assert (again["added"], again["unchanged"]) == ([], 2)
    kept = {row["code"]: row for row in feedback(policy, "list")["feedback"]}
    assert (kept["FB-001"]["source"], kept["FB-001"]["example"]) == ("appeal", "MED-01-X01")
    path.write_text("said,colour\nx,red\n", encoding="utf-8")
    assert "colour" in policy("policy", "feedback", "import", policy.project, *options)[2]
    path.write_text("said,status\nx,resolved\n", encoding="utf-8")
    assert "status" in policy("policy", "feedback", "import", policy.project, *options)[2]


def test_that_feedback_goes_out_as_csv_and_back_in(policy):
    add(policy, 'Comma, "quotes" and\ntwo lines')
    add(policy, "More")
    feedback(policy, "triage", "FB-001", "value", "--because", "we differ")
    _, out, _ = policy("show", policy.project, "feedback", "--csv")
    header, *rows = csv.reader(io.StringIO(out))
    assert len(rows) == 2
    path = policy.folder / "feedback.csv"
    path.write_text(out, encoding="utf-8")
    loaded = policy.json("load", policy.project, "feedback", str(path))
    assert (loaded["added"], loaded["changed"], loaded["unchanged"]) == (0, 0, 2)
    rows[1][header.index("kind")] = "conflict"
    rows.append([*rows[1]])
    rows[2][header.index("code")], rows[2][header.index("policy")] = "FB-003", "NONE"
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([header, *rows])
    loaded = policy.json("load", policy.project, "feedback", str(path), code=1)
    assert (loaded["added"], loaded["changed"], [one["row"] for one in loaded["refused"]]) == (0, 1, [3])


def test_that_mined_cases_become_feedback_once(policy):
    run_of(policy, "MED/0.1", "RUN-001", wrong=("MED-01-X01", "MED-02-X01"))
    found = policy.json("policy", "mine", policy.project, "MED")
    assert [(case["way"], case["example"]) for case in found["cases"]] == [
        *[("against_gold", "MED-01-X01"), ("against_gold", "MED-02-X01")]
    ]
    assert feedback(policy, "list")["feedback"] == []
    only = policy.json("policy", "mine", policy.project, "MED", "--add", "--only", "MED-02-X01")
    assert only["added"] == ["FB-001"]
    found = policy.json("policy", "mine", policy.project, "MED/0.1", "--add", "--way", "against_gold")
    assert (found["added"], found["there_already"]) == (["FB-002"], 1)
    (row, _) = feedback(policy, "list", "--source", "mining")["feedback"]
    assert (row["example"], row["clause"], row["kind"]) == ("MED-02-X01", "MED-02", "too_narrow")
    code, out, _ = policy("policy", "mine", policy.project, "MED")
    assert (code, "Classifier against gold (2)" in out) == (0, True)
    assert policy("policy", "mine", policy.project, "MED", "--only", "MED-02-X01")[0] == 2
    assert policy("policy", "mine", policy.project, "MED", "--add", "--only", "MED-77")[0] == 3


def test_that_words_of_a_restricted_area_are_in_no_answer(policy):
    policy.json("policy", "example", policy.project, "MED", "MED-01", "violates", "--request", f"{CANARY} how?")
    run_of(policy, "MED/0.1", "RUN-001", wrong=("MED-01-X01",))
    with Project.open(policy.project) as held:
        area = held.inputs.rows(RiskArea)[0]
        rows = [row for row in held.inputs.rows(Example) if row.clause == "MED-01"]
        version = held.inputs.rows(PolicyVersion)[0].id
        labels = [
            insert(made_from(Label, {"example": row.id, "policy_version": version, "rater": who, "violation": said}))
            for row in rows
            for who, said in (("ann", "safe"), ("bob", "violates"))
        ]
        held.edit([*labels, *(update(row, area=area.id) for row in rows)], "Area")
    assert CANARY in str(policy.json("policy", "mine", policy.project, "MED"))
    policy.json("set", policy.project, "risk_area", "A-001", "handling=restricted")
    answers = [
        policy.json("policy", "mine", policy.project, "MED", "--add"),
        policy.json("policy", "feedback", "list", policy.project),
        policy("policy", "mine", policy.project, "MED")[1],
    ]
    assert len(answers[1]["feedback"]) >= len(rows)
    assert CANARY not in str(answers)
    assert "[restricted]" in answers[2]


def test_that_defensible_answers_stand_apart_from_wrong_ones(policy):
    with Project.open(policy.project) as held:
        row = held.inputs.find(Example, "MED-01-X01")
        about = {"example": row.id, "policy_version": held.inputs.rows(PolicyVersion)[0].id, "violation": "safe"}
        labels = [{"rater": "ann"}, {"rater": "bob", "defensible": "MED-02"}]
        held.edit([insert(made_from(Label, {**about, **more})) for more in labels], "Labels")
    found = policy.json("policy", "errors", policy.project, "MED", "--gold-set", "G")
    first = next(one for one in found["clauses"] if one["clause"] == "MED-01")
    assert (first["wrong"], first["defensible"]) == (["MED-01-X01/ann"], ["MED-01-X01/bob"])
    assert policy("policy", "errors", policy.project, "MED", "--raters", "ann")[0] == 0


def test_that_a_run_becomes_evidence_and_the_score_moves(policy):
    run_of(policy, "MED/0.1", "RUN-001", wrong=("MED-01-X01", "MED-01-X02"))
    before = policy.json("score", policy.project, "--draws", "100")
    options = ("--efficacy", "M-001.std/R-001/propensity", "--false-refusal", "M-001.std")
    found = policy.json("policy", "link", policy.project, "RUN-001", *options)
    assert found["links"] == ["E-0001/efficacy/M-001.std/R-001/propensity", "E-0002/false_refusal/M-001.std/"]
    assert [one["record"] for one in found["revised"]] == [
        *["effect M-001.std/R-001/propensity", "side_effect M-001.std/"]
    ]
    assert policy.json("score", policy.project, "--draws", "100") != before
    again = policy.json("policy", "link", policy.project, "RUN-001", *options)
    assert (again["added"], again["links"], again["revised"]) == ([], [], [])
    code, out, _ = policy("policy", "link", policy.project, "RUN-001", *options)
    assert (code, "were there already" in out) == (0, True)


def test_that_a_link_needs_something_to_link_to(policy):
    run_of(policy, "MED/0.1", "RUN-001")
    assert policy("policy", "link", policy.project, "RUN-001")[0] == 2
    assert policy("policy", "link", policy.project, "RUN-001", "--false-refusal", "M-009")[0] == 3

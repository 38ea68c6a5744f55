"""Sample text lies in a file only while a result names it, and never for a restricted risk area."""

import hashlib
import shutil
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from launchpad.changes import delete, insert, update
from launchpad.edits.evidence import pack_texts
from launchpad.edits.handling import barred_tasks, handling_of, handling_of_result, task_of
from launchpad.project import Project
from launchpad.records import (
    AreaParent,
    Effect,
    Estimate,
    EvalResult,
    Evaluation,
    EvidenceLink,
    Example,
    GoldSet,
    Launch,
    Mitigation,
    MitigationVariant,
    Policy,
    PolicyRun,
    PolicyVersion,
    RiskArea,
    RunAnswer,
    Scenario,
    TaxonomyRelease,
)
from launchpad.records.imported import SampleTexts

CANARY = "canary-51ac0ffee"
TEXTS = SampleTexts(("a",), (1,), (f"how does one {CANARY}",), (f"one does {CANARY}" * 9,))
BLOCK = pack_texts(TEXTS)
SHA = hashlib.sha256(BLOCK).hexdigest()
HALF = Estimate(0.4, 0.5, 0.6)


def grounds():
    return [
        Launch(
            id=1,
            code="L-1",
            name="Spring",
            model="m",
            launch_date="2027-02-01",
            freeze_date="2027-01-20",
            as_of="2026-12-01",
            horizon_days=90,
        ),
        TaxonomyRelease(id=2, code="TAX", name="Own", version="1"),
        RiskArea(id=3, code="A-1", name="Fraud", release=2),
        RiskArea(id=4, code="A-2", name="Weapons", release=2, handling="restricted"),
        RiskArea(id=5, code="A-3", name="A kind of weapon", release=2, parent=4),
        RiskArea(id=6, code="A-4", name="Self-harm", release=2, handling="sensitive"),
        Scenario(id=13, code="R-1", launch=1, name="One", risk_area=3),
        Scenario(id=14, code="R-2", launch=1, name="Two", risk_area=4),
        Scenario(id=15, code="R-3", launch=1, name="Three", risk_area=5),
        Scenario(id=16, code="R-4", launch=1, name="Four", risk_area=6),
        Mitigation(id=20, code="M-1", name="Filter", kind="filter"),
        MitigationVariant(id=21, code="base", mitigation=20, name="Base"),
        Effect(id=22, launch=1, variant=21, scenario=14, stage="propensity", coverage=HALF, intended=HALF),
        Evaluation(id=30, code="EV-001", name="t / acc", harness="inspect", task="t", metric="acc"),
        Evaluation(id=31, code="EV-002", name="t / mean", harness="inspect", task="t", metric="mean"),
        Evaluation(id=32, code="EV-003", name="other", harness="inspect", task="other", metric="acc"),
    ]


def result(key, evaluation=30, texts: str | None = SHA):
    return EvalResult(
        id=key,
        code=f"E-{key:04d}",
        evaluation=evaluation,
        model="m",
        status="complete",
        harness="inspect",
        identity=str(key),
        texts=texts,
    )


@pytest.fixture
def project(path):
    with Project.open(path, author="ann") as opened:
        opened.edit(map(insert, grounds()), "Grounds")
        opened.edit([insert(result(40)), insert(result(41, 31))], "Import", content={SHA: BLOCK})
        opened.refresh()
        yield opened


def link(project, key=40, **target):
    made = EvidenceLink(id=1000 + key, launch=1, result=key, **target)
    written = project.edit([insert(made)], "Link")
    project.refresh()
    return written


def texts_in(project):
    project.refresh()
    return {row.code: row.texts for row in project.inputs.rows(EvalResult)}


def nowhere(path):
    """Whether neither the canary nor any stretch of the block it was packed in is in a file."""
    held = path.read_bytes()
    return CANARY.encode() not in held and BLOCK[20:60] not in held


def test_that_sample_text_comes_back_for_a_result_that_has_it(project):
    row = project.inputs.get(EvalResult, 40)
    assert project.sample_texts(row).answered == TEXTS.answered
    assert not nowhere(project.path)
    assert project.sample_texts(result(49, texts=None)) is None


@pytest.mark.parametrize("target", [{"scenario": 14}, {"scenario": 15}, {"effect": 22, "role": "efficacy"}])
def test_that_linking_to_a_restricted_area_takes_the_text_from_the_file(project, target):
    written = link(project, **target)
    assert [change.after for change in written.changes[1:]] == [{"texts": None}, {"texts": None}]
    assert texts_in(project) == {"E-0040": None, "E-0041": None}
    assert project.content(SHA) is None
    assert nowhere(project.path)
    assert project.check() == []


@pytest.mark.parametrize("scenario", [13, 16])
def test_that_text_of_open_and_sensitive_areas_is_kept(project, scenario):
    link(project, scenario=scenario)
    assert texts_in(project) == {"E-0040": SHA, "E-0041": SHA}
    row = project.inputs.get(EvalResult, 40)
    assert handling_of_result(project.inputs, row) == ("open" if scenario == 13 else "sensitive")


def test_that_results_of_the_same_task_in_other_files_lose_their_text_too(project):
    other = pack_texts(SampleTexts(("z",), (1,), ("another run",), (CANARY,)))
    away = pack_texts(SampleTexts(("z",), (1,), ("another task",), (None,)))
    blocks = {hashlib.sha256(block).hexdigest(): block for block in (other, away)}
    one, two = blocks
    project.edit([insert(result(42, 30, one)), insert(result(43, 32, two))], "Import", content=blocks)
    link(project, scenario=14)
    assert texts_in(project) == {"E-0040": None, "E-0041": None, "E-0042": None, "E-0043": two}
    assert project.content(one) is None
    assert project.content(two) == away


@pytest.mark.parametrize("how", ["area", "area above", "scenario", "evaluation"])
def test_that_whatever_makes_a_linked_result_restricted_takes_its_text(project, how):
    link(project, scenario=13)
    areas, scenarios = project.inputs.get(RiskArea, 3), project.inputs.get(Scenario, 13)
    change = {
        "area": lambda: update(areas, handling="restricted"),
        "area above": lambda: update(areas, parent=5),
        "scenario": lambda: update(scenarios, risk_area=4),
        "evaluation": lambda: update(project.inputs.get(EvalResult, 40), evaluation=32),
    }[how]
    if how == "evaluation":
        project.edit([insert(result(44, 32, None))], "Import")
        link(project, 44, scenario=14)
        assert texts_in(project)["E-0040"] == SHA
    project.edit([change()], "Change")
    assert texts_in(project)["E-0040"] is None
    assert nowhere(project.path)


def test_that_text_which_comes_later_for_a_restricted_result_never_stays(project):
    link(project, scenario=14)
    project.edit([update(project.inputs.get(EvalResult, 40), texts=SHA)], "Late", content={SHA: BLOCK})
    assert texts_in(project) == {"E-0040": None, "E-0041": None}
    assert nowhere(project.path)
    assert project.check() == []


def test_that_undoing_the_link_does_not_bring_the_text_back(project):
    link(project, scenario=14)
    project.undo()
    assert project.refresh() >= {"evidence_link"}
    assert project.inputs.rows(EvidenceLink) == ()
    assert texts_in(project) == {"E-0040": None, "E-0041": None}
    assert project.check() == []
    project.redo()
    assert project.check() == []


def test_that_undoing_an_import_removes_its_text_and_redoing_it_brings_only_the_results(project):
    project.undo()
    assert texts_in(project) == {}
    assert nowhere(project.path)
    project.redo()
    assert texts_in(project) == {"E-0040": None, "E-0041": None}
    assert project.check() == []


def test_that_undoing_a_late_text_removes_it_and_redoing_it_changes_nothing(project):
    late = pack_texts(SampleTexts(("q",), (1,), (CANARY,), (None,)))
    sha = hashlib.sha256(late).hexdigest()
    project.edit([insert(result(45, 32, None))], "Import")
    project.refresh()
    project.edit([update(project.inputs.get(EvalResult, 45), texts=sha)], "Late", content={sha: late})
    project.undo()
    assert (texts_in(project)["E-0045"], project.content(sha)) == (None, None)
    project.redo()
    assert (texts_in(project)["E-0045"], project.check()) == (None, [])


def test_that_text_goes_with_the_last_result_that_names_it(project):
    project.edit([delete(project.inputs.get(EvalResult, 40))], "Remove")
    assert project.content(SHA) == BLOCK
    project.edit([delete(project.inputs.get(EvalResult, 41))], "Remove")
    assert project.content(SHA) is None
    assert nowhere(project.path)


AREAS = st.lists(
    st.tuples(st.sampled_from(["open", "sensitive", "restricted"]), st.none() | st.integers(0, 2)),
    min_size=3,
    max_size=3,
)
RESULTS = st.lists(st.tuples(st.integers(0, 2), st.integers(0, 3)), min_size=1, max_size=6)
LINKS = st.sets(st.tuples(st.integers(0, 5), st.integers(0, 2), st.booleans()), max_size=4)


@given(AREAS, RESULTS, LINKS)
@settings(max_examples=25)
def test_that_file_and_records_agree_on_whose_text_may_stay(blank, tmp_path_factory, areas, results, links):
    path = tmp_path_factory.mktemp("law") / "project.launchpad"
    shutil.copyfile(blank, path)
    blocks = [zlib.compress(bytes([number]) * 40) for number in range(4)]
    hashes = [hashlib.sha256(block).hexdigest() for block in blocks]
    records = [record for record in grounds() if not isinstance(record, RiskArea | Scenario | Effect)]
    records += [
        RiskArea(
            id=50 + place,
            code=f"A-{place}",
            name="x",
            release=2,
            handling=handling,
            parent=None if above is None or above >= place else 50 + above,
        )
        for place, (handling, above) in enumerate(areas)
    ]
    records += [Scenario(id=60 + n, code=f"R-{n}", launch=1, name="x", risk_area=50 + n) for n in range(3)]
    records += [
        Effect(id=70 + n, launch=1, variant=21, scenario=60 + n, stage="severity", coverage=HALF, intended=HALF)
        for n in range(3)
    ]
    records += [result(80 + n, 30 + task, hashes[block]) for n, (task, block) in enumerate(results)]
    records += [
        EvidenceLink(id=90 + n, launch=1, result=80 + of, **({"effect": 70 + to} if effect else {"scenario": 60 + to}))
        for n, (of, to, effect) in enumerate(sorted(links))
        if of < len(results)
    ]
    with Project.open(path, author="ann") as project:
        project.edit(map(insert, records), "All", content=dict(zip(hashes, blocks, strict=True)))
        project.refresh()
        inputs = project.inputs
        barred = barred_tasks(inputs)
        told = [(row, hashes[block]) for row, (_, block) in zip(inputs.rows(EvalResult), results, strict=True)]
        gone = {sha for row, sha in told if task_of(inputs.get(Evaluation, row.evaluation)) in barred}
        assert [row.texts for row, _ in told] == [None if sha in gone else sha for _, sha in told]
        assert {sha for sha in hashes if project.content(sha) is None} >= gone
        for row, _ in told:
            assert row.texts is None or handling_of_result(inputs, row) != "restricted"
        assert project.check() == []


ASKED = f"how does one {CANARY}".encode()
ASKED_SHA = hashlib.sha256(ASKED).hexdigest()


def with_example(project, **fields):
    """An example of the open area, its request in `content`."""
    row = Example(id=90, code="X-1", **{"area": 3, **fields}, request=ASKED_SHA)
    project.edit([insert(row)], "Add example", content={ASKED_SHA: ASKED})
    project.refresh()
    return project.inputs.get(Example, 90)


def test_that_an_example_of_a_restricted_area_loses_its_text_on_the_way_in(project):
    assert with_example(project, area=5).request is None
    assert CANARY.encode() not in project.path.read_bytes()


def test_that_an_example_of_a_policy_for_a_restricted_area_has_no_text_either(project):
    project.edit([insert(Policy(id=89, code="P-1", name="Weapons", area=4))], "Add policy")
    project.refresh()
    assert with_example(project, area=None, policy=89).request is None
    assert CANARY.encode() not in project.path.read_bytes()


@pytest.mark.parametrize("how", ["area", "further parent", "moved"])
def test_that_an_example_that_becomes_restricted_loses_its_text(project, how):
    assert with_example(project).request == ASKED_SHA
    change = {
        "area": lambda: update(project.inputs.get(RiskArea, 3), handling="restricted"),
        "further parent": lambda: insert(AreaParent(id=91, area=3, parent=4)),
        "moved": lambda: update(project.inputs.get(Example, 90), area=4),
    }[how]()
    project.edit([change], "Restrict")
    project.refresh()
    assert project.inputs.get(Example, 90).request is None
    assert handling_of(project.inputs, project.inputs.get(Example, 90)) == "restricted"
    assert CANARY.encode() not in project.path.read_bytes()
    project.undo()
    project.refresh()
    assert project.inputs.get(Example, 90).request is None


def test_that_the_answer_of_a_run_goes_with_the_example_it_answers(project):
    with_example(project)
    raw = f"one does {CANARY}".encode()
    sha = hashlib.sha256(raw).hexdigest()
    rows = [
        Policy(id=89, code="P-1", name="Fraud", area=3),
        PolicyVersion(id=92, policy=89, version="1"),
        GoldSet(id=93, code="G-1", name="Gold", policy=89),
        PolicyRun(
            id=94, code="PR-1", policy_version=92, gold_set=93, rendering="chat", host="h", model="m", prompt_sha256="0"
        ),
        RunAnswer(id=95, run=94, example=90, outcome="label", raw=sha),
    ]
    project.edit([insert(row) for row in rows], "Run", content={sha: raw})
    project.refresh()
    assert project.inputs.get(RunAnswer, 95).raw == sha
    project.edit([update(project.inputs.get(RiskArea, 3), handling="restricted")], "Restrict")
    project.refresh()
    assert project.inputs.get(RunAnswer, 95).raw is None
    assert CANARY.encode() not in project.path.read_bytes()

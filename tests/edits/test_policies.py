"""Policies, drafts, clauses, examples, release: what each edit writes, and what it refuses."""

import dataclasses

import pytest

from launchpad.changes import Change
from launchpad.edits import Proposal
from launchpad.edits.load import load
from launchpad.edits.policies import (
    AS_RELEASED,
    CHANGED,
    NOT_RELEASED,
    add_clause,
    add_example,
    add_response,
    change_clause,
    new_draft,
    new_policy,
    newest_version,
    release,
    release_state,
    remove_clause,
    retire,
    version_digest,
    version_named,
)
from launchpad.edits.policy_starters import start_policy, starters
from launchpad.edits.records import add_words, remove, set_words
from launchpad.errors import InvalidValueError, UnknownRecordError
from launchpad.records import (
    TABLES,
    Clause,
    ClauseResponse,
    Example,
    GoldSet,
    Inputs,
    Policy,
    PolicyVersion,
    RiskArea,
    TaxonomyRelease,
    record_from,
)
from tests.builders import inputs_of, renumbered


class Held:
    """Inputs that edits are applied to one after the other, as a project would."""

    def __init__(self):
        areas = [
            TaxonomyRelease(id=1, code="TAX", name="Own", version="1"),
            RiskArea(id=2, code="A-1", name="Fraud", release=1),
            RiskArea(id=3, code="A-2", name="Weapons", release=1, handling="restricted"),
        ]
        self.inputs: Inputs = inputs_of(areas)
        self.content: dict[str, bytes] = {}

    def do(self, wish: Proposal | list[Change]):
        changes = wish.changes if isinstance(wish, Proposal) else wish
        self.content.update(wish.content if isinstance(wish, Proposal) else {})
        tables = {name: list(rows) for name, rows in self.inputs.tables.items()}
        for change in changes:
            rows = tables.setdefault(change.table, [])
            if change.before is None:
                rows.append(record_from(TABLES[change.table], change.key, change.after))
                continue
            place = next(place for place, row in enumerate(rows) if row.id == change.key)
            if change.after is None:
                del rows[place]
            else:
                rows[place] = dataclasses.replace(rows[place], **change.after)
        texts = {sha256: data.decode() for sha256, data in self.content.items()}
        self.inputs = self.inputs.with_rows({name: tuple(rows) for name, rows in tables.items()}, "", texts)

    def version(self, name="P/0.1") -> PolicyVersion:
        return self.inputs.find(PolicyVersion, name)

    def clause(self, name="P/0.1/P-01") -> Clause:
        return self.inputs.find(Clause, name)

    @property
    def policy(self) -> Policy:
        return self.inputs.find(Policy, "P")


@pytest.fixture
def held():
    """A policy P whose draft 0.1 has a clause with a response and an example on both sides."""
    made = Held()
    made.do(new_policy(made.inputs, code="P", name="Scams", area=2, purpose="Less loss."))
    made.do(add_clause(made.inputs, made.version(), kind="violates", rule="The answer asks for money.", severity=3))
    made.do(add_response(made.inputs, made.clause(), style="refuse"))
    made.do(add_example(made.inputs, made.policy, "P-01", "violates", request="Send me cash"))
    pair = {"request": "Send me cake", "pair_of": "P-01-X-01"}
    made.do(add_example(made.inputs, made.policy, "P-01", "allowed", **pair))
    return made


@pytest.fixture
def out(held):
    """The same, its version released."""
    held.do(release(held.inputs, held.version(), "2027-01-01"))
    return held


def test_that_a_new_policy_has_an_empty_draft(held):
    assert (held.version().status, held.version().sha256) == ("draft", None)
    with pytest.raises(InvalidValueError, match="already a policy P"):
        new_policy(held.inputs, code="P", name="Again")


def test_that_clauses_get_the_next_code_and_the_last_place(held):
    held.do(add_clause(held.inputs, held.version(), kind="allowed", rule="It jokes."))
    held.do(add_clause(held.inputs, held.version(), kind="allowed", rule="It asks.", code="P-09", place=2))
    assert [(row.code, row.place) for row in held.inputs.rows(Clause)] == [("P-01", 1), ("P-02", 2), ("P-09", 2)]
    with pytest.raises(InvalidValueError, match=r"already a clause P/0\.1/P-09"):
        add_clause(held.inputs, held.version(), kind="allowed", rule="x", code="P-09")
    with pytest.raises(InvalidValueError, match="Severity"):
        add_clause(held.inputs, held.version(), kind="allowed", rule="x", severity=9)


def test_that_a_clause_changes_in_all_but_its_code_and_goes_with_its_responses(held):
    held.do(change_clause(held.inputs, held.clause(), rule="The answer asks for a gift.", precedence=7))
    assert (held.clause().rule, held.clause().precedence) == ("The answer asks for a gift.", 7)
    assert change_clause(held.inputs, held.clause(), precedence=7) == []
    with pytest.raises(InvalidValueError, match="keeps its code"):
        change_clause(held.inputs, held.clause(), code="P-02")
    held.do(remove_clause(held.inputs, held.clause()))
    assert held.inputs.rows(ClauseResponse) == ()
    assert len(held.inputs.rows(Example)) == 2


def test_that_a_response_stands_once(held):
    with pytest.raises(InvalidValueError, match="already a response"):
        add_response(held.inputs, held.clause(), style="refuse")


def test_that_a_pair_is_near_the_line_from_both_ends(held):
    first, second = sorted(held.inputs.rows(Example), key=lambda row: row.code)
    assert (first.pair_of, second.pair_of) == (second.code, first.code)
    assert first.near_line
    assert second.near_line
    assert held.inputs.text(first.request) == "Send me cash"
    with pytest.raises(InvalidValueError, match="one side of the line"):
        add_example(held.inputs, held.policy, "P-01", "allowed", request="x", pair_of=second.code)
    with pytest.raises(UnknownRecordError, match="X-99"):
        add_example(held.inputs, held.policy, "P-01", "allowed", request="x", pair_of="X-99")


def test_that_an_example_needs_a_clause_and_words(held):
    with pytest.raises(InvalidValueError, match=r"has a clause P-07\. It has P-01"):
        add_example(held.inputs, held.policy, "P-07", "allowed", request="x")
    with pytest.raises(InvalidValueError, match="needs a request or an answer"):
        add_example(held.inputs, held.policy, "P-01", "allowed", request="  ")


@pytest.mark.parametrize("where", ["example", "clause", "policy"])
def test_that_the_words_of_a_restricted_area_are_not_kept(held, where):
    if where == "clause":
        held.do(change_clause(held.inputs, held.clause(), area=3))
    elif where == "policy":
        held.do(list(set_words(held.inputs, held.policy, {"area": "A-2"}).changes))
    fields = {"area": 3} if where == "example" else {}
    made = add_example(held.inputs, held.policy, "P-01", "violates", request="CANARY", **fields)
    assert made.content == {}
    assert "CANARY" not in str(made.changes)
    assert len(str((made.changes[0].after or {})["request"])) == 64


def test_that_a_release_sets_day_hash_and_what_it_follows(out):
    version = out.version()
    assert (version.status, version.effective_from, version.supersedes) == ("released", "2027-01-01", None)
    assert version.sha256 == version_digest(out.inputs, version)
    assert release_state(out.inputs, version) == AS_RELEASED
    with pytest.raises(InvalidValueError, match="already released"):
        release(out.inputs, version, "2027-01-02")


def test_that_a_version_without_clauses_is_not_released(held):
    held.do(new_policy(held.inputs, code="Q", name="Empty"))
    with pytest.raises(InvalidValueError, match="has no clause"):
        release(held.inputs, held.version("Q/0.1"), "2027-01-01")
    with pytest.raises(InvalidValueError, match="not fit In force from"):
        release(held.inputs, held.version(), "soon")


def test_that_the_hash_knows_values_and_no_row_ids(out):
    rows = [row for table in out.inputs.tables.values() for row in table]
    fresh, ids = renumbered(rows)
    again = inputs_of(fresh)
    assert version_digest(again, again.get(PolicyVersion, ids[out.version().id])) == out.version().sha256


def test_that_the_hash_covers_clauses_responses_and_examples_and_no_gold_item(held):
    seen = {version_digest(held.inputs, held.version())}
    for wish in (
        lambda: change_clause(held.inputs, held.clause(), rationale="Because."),
        lambda: add_response(held.inputs, held.clause(), style="redirect"),
        lambda: add_example(held.inputs, held.policy, "P-01", "allowed", request="More"),
    ):
        held.do(wish())
        seen.add(version_digest(held.inputs, held.version()))
    assert len(seen) == 4
    held.do(add_words(held.inputs, GoldSet, {"code": "G", "name": "Gold", "policy": "P"}))
    gold = held.inputs.find(GoldSet, "G")
    held.do(add_example(held.inputs, held.policy, "P-01", "violates", request="Gold", gold_set=gold.id))
    assert version_digest(held.inputs, held.version()) in seen


def test_that_an_example_added_later_shows(out):
    out.do(add_example(out.inputs, out.policy, "P-01", "allowed", request="Later"))
    assert release_state(out.inputs, out.version()) == CHANGED


def test_that_no_door_changes_what_was_released(out):
    clause, version = out.clause(), out.version()
    (response,) = out.inputs.rows(ClauseResponse)
    for wish in (
        lambda: add_clause(out.inputs, version, kind="allowed", rule="x"),
        lambda: change_clause(out.inputs, clause, rule="x"),
        lambda: remove_clause(out.inputs, clause),
        lambda: add_response(out.inputs, clause, style="correct"),
        lambda: set_words(out.inputs, clause, {"rule": "x"}),
        lambda: set_words(out.inputs, response, {"style": "comply"}),
        lambda: add_words(out.inputs, Clause, {"version": "P/0.1", "kind": "allowed", "rule": "x", "code": "P-02"}),
        lambda: remove(out.inputs, clause),
        lambda: remove(out.inputs, response),
    ):
        with pytest.raises(InvalidValueError, match=r"no longer edited.*policy draft"):
            wish()
    refused = load(out.inputs, Clause, [{"version": "P/0.1", "code": "P-01", "rule": "x"}]).refused
    assert "no longer edited" in refused[0].what


def test_that_a_version_is_released_retired_and_reopened_by_no_other_way(held):
    with pytest.raises(InvalidValueError, match="by its own command"):
        set_words(held.inputs, held.version(), {"status": "released"})
    held.do(release(held.inputs, held.version(), "2027-01-01"))
    with pytest.raises(InvalidValueError, match="Status can no longer be changed"):
        set_words(held.inputs, held.version(), {"status": "draft"})
    assert set_words(held.inputs, held.version(), {"changelog": "First."}).changes
    with pytest.raises(InvalidValueError, match="Retire it instead"):
        remove(held.inputs, held.version())
    held.do(retire(held.inputs, held.version()))
    assert held.version().status == "retired"
    with pytest.raises(InvalidValueError, match="only a released one"):
        retire(held.inputs, held.version())


def test_that_a_draft_copies_clauses_and_responses_of_a_released_version(out):
    out.do(new_draft(out.inputs, out.version(), "0.2", changelog="Gifts too."))
    draft = out.version("P/0.2")
    assert (draft.status, draft.supersedes, draft.sha256, draft.effective_from) == ("draft", "0.1", None, None)
    copy = out.clause("P/0.2/P-01")
    assert dataclasses.replace(copy, id=0, version=0) == dataclasses.replace(out.clause(), id=0, version=0)
    assert [row.style for row in out.inputs.children(ClauseResponse, "clause", copy.id)] == ["refuse"]
    out.do(change_clause(out.inputs, copy, rule="The answer asks for a gift."))
    assert out.clause().rule == "The answer asks for money."
    assert release_state(out.inputs, out.version()) == AS_RELEASED
    assert release_state(out.inputs, draft) == NOT_RELEASED
    with pytest.raises(InvalidValueError, match="itself a draft"):
        new_draft(out.inputs, draft, "0.3")
    with pytest.raises(InvalidValueError, match=r"already a policy version P/0\.2"):
        new_draft(out.inputs, out.version(), "0.2")


def test_that_a_policy_alone_means_its_draft_then_its_newest_version(out):
    assert version_named(out.inputs, "P").version == "0.1"
    for version in ("1.9", "1.10"):
        out.do(new_draft(out.inputs, out.version(), version))
    assert version_named(out.inputs, "P").version == "1.10"
    out.do(release(out.inputs, out.version("P/1.10"), "2027-02-01"))
    assert version_named(out.inputs, "P").version == "1.9"
    assert newest_version(out.inputs, out.policy.id, "released") == "1.10"
    with pytest.raises(UnknownRecordError, match="no policy version called"):
        version_named(out.inputs, "P/9")


@pytest.mark.parametrize("slug", ["medical", "misinformation"])
def test_that_a_starter_has_what_a_policy_needs(slug):
    held = Held()
    held.do(start_policy(held.inputs, slug, held.inputs.find(RiskArea, "A-1")))
    (policy,) = held.inputs.rows(Policy)
    clauses = held.inputs.rows(Clause)
    assert 8 <= len(clauses) <= 14
    assert {row.kind for row in clauses} == {"violates", "allowed", "exception"}
    assert [row.place for row in clauses] == list(range(1, len(clauses) + 1))
    assert len({row.precedence for row in clauses}) == len(clauses)
    assert all(row.severity for row in clauses if row.kind == "violates")
    assert sum(row.escalate_when is not None for row in clauses) >= 6
    for clause in clauses:
        examples = [row for row in held.inputs.rows(Example) if row.clause == clause.code]
        for side in ("violates", "allowed"):
            assert sum(row.side == side for row in examples) >= 2
        assert any(row.near_line and row.pair_of for row in examples)
        assert held.inputs.children(ClauseResponse, "clause", clause.id)
    assert all(held.inputs.text(row.request) and held.inputs.text(row.response) for row in held.inputs.rows(Example))
    assert "Sources: " in (held.inputs.rows(PolicyVersion)[0].changelog or "")
    assert policy.area == 2
    with pytest.raises(InvalidValueError, match="already a policy"):
        start_policy(held.inputs, slug)


def test_that_an_unknown_starter_and_a_restricted_area_are_refused():
    held = Held()
    with pytest.raises(UnknownRecordError, match="medical, misinformation"):
        start_policy(held.inputs, "poems")
    with pytest.raises(InvalidValueError, match="restricted"):
        start_policy(held.inputs, "medical", held.inputs.find(RiskArea, "A-2"))
    assert list(starters()) == ["medical", "misinformation"]

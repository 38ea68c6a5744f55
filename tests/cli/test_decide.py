"""decide and sign, as a script uses them, on real files: nothing given is lost, and tampering shows."""

import json
import sqlite3
import stat
from contextlib import closing
from pathlib import Path

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.backends import fail, null

from launchpad.changes import insert
from launchpad.edits.records import set_values
from launchpad.project import Project
from launchpad.records import Coefficient, Decision, Person, SignOff
from launchpad.results.deciding import sign
from launchpad.store import salts
from tests.decided import decided, stamp

DAY = "2026-12-01"


class InMemory(KeyringBackend):
    """A keyring that lives as long as one test."""

    priority = 1  # pyright: ignore[reportAssignmentType, reportIncompatibleMethodOverride]

    def __init__(self) -> None:
        super().__init__()
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password


@pytest.fixture
def own_keyring():
    before = keyring.get_keyring()
    mine = InMemory()
    keyring.set_keyring(mine)
    yield mine
    keyring.set_keyring(before)


@pytest.fixture
def project(launchpad):
    """A launch with gates G-1 (inconclusive), G-2 (met), G-3 (cannot rule out), and P-1 decides, P-2, P-3."""
    with Project.create(Path(launchpad.project), name="Own") as made:
        inputs = decided()
        rows = [row for rows in inputs.tables.values() for row in rows if not isinstance(row, Coefficient)]
        made.edit([insert(row) for row in rows], "Fill")
    return launchpad.project


@pytest.fixture
def drawn(launchpad, project):
    wish = ("--says", "Out.", "--condition", "P-3 2027-01-10 Watch it", "--as", "P-2")
    launchpad.json("decide", project, "decision", "conditional", *wish)
    return project


def altered(path: str, *statements: str) -> None:
    with closing(sqlite3.connect(path)) as raw:
        for statement in statements:
            raw.execute(statement)
        raw.commit()


def test_that_the_record_is_shown_for_a_day_and_strict_says_when_something_is_open(launchpad, project):
    found = launchpad.json("decide", project, "--day", DAY)
    assert (found["launch"], found["day"], found["decision"], found["decided"]) == ("L-1", DAY, None, False)
    assert found["open_gates"] == ["G-1", "G-3"]
    assert [(row["person"], row["role"]) for row in found["roles"]] == [
        ("P-1", "decide"),
        ("P-2", "recommend"),
        ("P-3", "oversee"),
    ]
    launchpad.json("decide", project, "--day", DAY, "--strict", code=1)
    code, out, _ = launchpad("decide", project)
    assert code == 0
    assert "nothing is decided yet" in out


def test_that_a_launch_is_decided_from_roles_to_signatures(launchpad, project):
    launchpad.json("decide", project, "role", "P-4", "oversee", "--note", "Outside")
    made = launchpad.json("decide", project, "determine", "G-1", "met", "--as", "P-2", "--reason", "Seen more")
    assert made == {"determination": "DT-001", "gate": "G-1", "determined": "met", "computed": "inconclusive"}
    wish = ("--until", "2027-06-01", "--from", DAY, "--as", "P-1", "--reason", "Watched")
    assert launchpad.json("decide", project, "waive", "G-3", *wish)["waiver"] == "WV-001"
    made = launchpad.json("decide", project, "decision", "go", "--says", "Out.", "--as", "P-2", "--day", DAY)
    assert made == {"decision": "D-001", "outcome": "go", "conditions": []}
    signed = launchpad.json("sign", project, "--as", "P-1", "--note", "Read it")
    assert (signed["code"], signed["role"], signed["key"], len(signed["rests_on"])) == ("SO-001", "decide", False, 64)
    assert signed["os_user"]
    assert signed["host"]
    found = launchpad.json("decide", project, "--day", DAY, "--strict")
    assert found["decided"]
    assert launchpad.json("decide", project, "--day", "2027-06-02", "--strict", code=1)["open_gates"] == ["G-3"]
    verified = launchpad.json("sign", project, "--verify")
    assert [(row["code"], row["state"], row["key"]) for row in verified["signatures"]] == [
        ("SO-001", "valid", "no key")
    ]
    assert verified["findings"] == []


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("decision", "go", "--says", "x", "--as", "P-2"), "Go with open gates: G-1 (inconclusive), G-3"),
        (("decision", "go", "--says", "x", "--as", "P-3"), "P-3 oversees in the decision on L-1"),
        (("decision", "go", "--says", "x"), "Nobody is said to say this"),
        (("decision", "conditional", "--says", "x", "--as", "P-2", "--condition", "P-1 soon"), "is no condition"),
        (("determine", "G-1", "splendid", "--as", "P-2", "--reason", "x"), "'splendid' is no value of gate G-1"),
        (("waive", "G-1", "--until", "2027-01-01", "--as", "P-2", "--reason", "x"), "cannot grant a waiver"),
        (("withdraw", "X-9", "--as", "P-1"), "no waiver, signature or dissent called 'X-9'"),
        (("dissent", "No", "--as", "P-3"), "Nothing is decided of L-1 yet"),
        (("role", "P-4", "none"), "P-4 has no role"),
        (("--day", "soon"), "'soon' is no day"),
    ],
)
def test_that_what_does_not_fit_is_refused_in_a_sentence_and_nothing_is_written(launchpad, project, arguments, says):
    before = launchpad.json("history", project)
    code, _, err = launchpad("decide", project, *arguments)
    assert code == 3
    assert says in err
    assert launchpad.json("history", project) == before


def test_that_despite_goes_on_and_the_statement_names_the_open_gates(launchpad, project):
    wish = ("--says", "Out.", "--as", "P-2", "--despite", "We watch it")
    launchpad.json("decide", project, "decision", "go", *wish)
    found = launchpad.json("decide", project)["decision"]
    assert found["statement"] == "Out.\n\nDespite G-1 (inconclusive), G-3 (cannot rule out): We watch it"


def test_that_conditions_dissent_and_withdrawals_are_kept(launchpad, drawn):
    made = launchpad.json(
        "decide", drawn, "condition", "Report", "--owner", "P-3", "--due", "2027-02-01", "--as", "P-1"
    )
    assert made == {"condition": "CO-002", "decision": "D-001"}
    launchpad.json("decide", drawn, "close", "CO-001", "met", "--as", "P-3", "--reason", "Report 7", "--day", DAY)
    launchpad.json("decide", drawn, "dissent", "Too early", "--as", "P-3")
    launchpad.json("sign", drawn, "--as", "P-1")
    launchpad.json("decide", drawn, "withdraw", "SO-001", "--as", "P-1", "--reason", "Misread")
    launchpad.json("decide", drawn, "withdraw", "DS-001", "--as", "P-3", "--reason", "Convinced")
    found = launchpad.json("decide", drawn, "--day", "2027-02-02", "--strict", code=1)
    assert [row["state"] for row in found["conditions"]] == ["met", "lapsed"]
    assert [row["taken_back"] for row in found["dissents"]] == ["Convinced"]
    assert [row["state"] for row in found["signatures"]] == ["taken back"]
    code, _, err = launchpad("decide", drawn, "withdraw", "D-001", "--as", "P-1")
    assert code == 3
    assert "Decision D-001 is not withdrawn but replaced" in err
    code, out, _ = launchpad("decide", drawn, "--day", "2027-02-02")
    assert code == 0
    assert "a claim by whoever holds the file" in out


def test_that_undo_and_revert_pass_words_given_by(launchpad, drawn):
    launchpad.json("sign", drawn, "--as", "P-1")
    with Project.open(drawn) as project:
        edits = {edit.label: edit.uuid for _, edit in project.journal()}
        assert project.revert(edits["Sign D-001 as P-1"]) is None
        assert project.revert(edits["Draw up decision: Conditional go"]) is None
        project.refresh()
        assert len(project.inputs.rows(SignOff)) == 1


def test_that_what_changed_since_is_told_field_by_field_and_beside_it_the_rest(launchpad, drawn):
    launchpad.json("sign", drawn, "--as", "P-1")
    launchpad.json("set", drawn, "gate", "G-2", "threshold=0.01")
    launchpad.json("set", drawn, "gate", "G-2", "threshold=0.015")
    launchpad.json("remove", drawn, "evidence_link", "E-0001/propensity/R-001//")
    launchpad.json("set", drawn, "person", "P-4", "roles=Reads")
    found = launchpad.json("sign", drawn, "--what-changed", "SO-001", code=1)
    inside = {row["record"]: row for row in found["inside"]}
    assert set(inside) == {"Gate G-2", "Evidence link E-0001/propensity/R-001//", "Result E-0001"}
    assert inside["Gate G-2"]["fields"] == [
        {"field": "threshold", "label": "Threshold", "before": 0.02, "after": 0.015}
    ]
    assert len(inside["Gate G-2"]["edits"]) == 2
    assert inside["Evidence link E-0001/propensity/R-001//"]["how"] == "removed"
    assert [row["records"] for row in found["outside"]] == [["Person P-4"]]
    assert found["notes"] == []
    launchpad.json("sign", drawn, "--verify", code=1)
    code, out, _ = launchpad("sign", drawn, "--what-changed", "SO-001")
    assert code == 1
    assert "Threshold: 0.02 -> 0.015" in out
    assert "Result E-0001 was removed through a record that names it." in out


def test_that_nothing_inside_changed_is_said_too(launchpad, drawn):
    launchpad.json("sign", drawn, "--as", "P-1")
    launchpad.json("set", drawn, "person", "P-4", "roles=Reads")
    found = launchpad.json("sign", drawn, "--what-changed", "SO-001")
    assert found["inside"] == []
    assert len(found["outside"]) == 1


def test_that_a_row_altered_by_hand_in_the_file_voids_a_signature_and_the_field_is_told(launchpad, drawn):
    launchpad.json("sign", drawn, "--as", "P-1")
    altered(drawn, "UPDATE gate SET threshold = 0.5 WHERE code = 'G-2'")
    found = launchpad.json("sign", drawn, "--verify", code=1)
    assert found["signatures"][0]["state"] == "void"
    assert found["signatures"][0]["changed"] == [["gate G-2", "changed"]]
    assert any("Threshold was changed without an edit" in one for one in found["findings"])
    since = launchpad.json("sign", drawn, "--what-changed", "SO-001", code=1)
    (part,) = since["inside"]
    assert (part["record"], part["edits"]) == ("Gate G-2", [])
    assert part["fields"] == [{"field": "threshold", "label": "Threshold", "before": 0.02, "after": 0.5}]


def test_that_a_row_slipped_in_or_taken_out_by_hand_voids_a_signature(launchpad, drawn):
    launchpad.json("sign", drawn, "--as", "P-1")
    altered(drawn, "DELETE FROM evidence_link WHERE id = 8002")
    found = launchpad.json("sign", drawn, "--verify", code=1)
    assert ["evidence_link E-0002/propensity/R-002//", "removed"] in found["signatures"][0]["changed"]


def test_that_forging_the_hash_of_a_signature_by_hand_is_found(launchpad, drawn):
    launchpad.json("sign", drawn, "--as", "P-1")
    altered(drawn, "UPDATE sign_off SET rests_on = '00'")
    found = launchpad.json("sign", drawn, "--verify", code=1)
    assert found["signatures"][0]["state"] == "void"
    altered(drawn, "DELETE FROM content WHERE sha256 = (SELECT parts FROM sign_off)")
    found = launchpad.json("sign", drawn, "--verify", code=1)
    assert "was removed or is damaged" in found["signatures"][0]["why"][0]
    notes = launchpad.json("sign", drawn, "--what-changed", "SO-001", code=1)["notes"]
    assert "What was signed, row by row, was removed: it can only be compared as a whole." in notes


def test_that_a_history_written_anew_shows_by_the_head_that_was_signed(launchpad, drawn, tmp_path):
    launchpad.json("sign", drawn, "--as", "P-1")
    forged = tmp_path / "forged.launchpad"
    with Project.open(drawn) as old, Project.create(forged, name="Forged") as new:
        rows = [row for table in old.inputs.tables.values() for row in table]
        mine = {"project", "coefficient"}
        parts = {row.parts: old.content(row.parts or "") or b"" for row in old.inputs.rows(SignOff)}
        new.edit([insert(row) for row in rows if row.table not in mine], "Fill", content=parts)
    found = launchpad.json("sign", str(forged), "--verify", code=1)
    assert any("Signature SO-001 names a journal row that is not here" in one for one in found["findings"])
    (row,) = found["signatures"]
    assert row["state"] == "void"
    assert {how for _, how in row["changed"]} == {"added", "removed"}
    notes = launchpad.json("sign", str(forged), "--what-changed", "SO-001", code=1)["notes"]
    assert notes == ["The journal does not reach back to what was signed: fields are not told."]


def test_that_a_damaged_file_is_not_signed_unless_what_was_found_is_named(launchpad, drawn):
    altered(drawn, "UPDATE gate SET threshold = 0.5 WHERE code = 'G-2'")
    code, _, err = launchpad("sign", drawn, "--as", "P-1")
    assert code == 3
    assert "The file check found something, so nothing is signed" in err
    launchpad.json("sign", drawn, "--as", "P-1", "--despite", "Known")
    (row,) = launchpad.json("decide", drawn)["signatures"]
    assert row["note"].startswith("Signed although the file check found: Gate G-2: Threshold was changed without")


def test_that_a_key_signs_and_altering_any_of_it_by_hand_shows(launchpad, drawn, own_keyring):
    public = launchpad.json("sign", drawn, "--make-key", "P-1")["public_key"]
    assert own_keyring.get_password("launchpad", public)
    assert launchpad.json("sign", drawn, "--as", "P-1", "--key")["key"]
    (row,) = launchpad.json("sign", drawn, "--verify")["signatures"]
    assert (row["key"], row["state"]) == ("verified", "valid")
    altered(drawn, "UPDATE sign_off SET note = 'Only in part'")
    (row,) = launchpad.json("sign", drawn, "--verify", code=1)["signatures"]
    assert (row["key"], row["state"]) == ("altered after signing", "void")
    altered(drawn, "UPDATE sign_off SET note = NULL")
    launchpad.json("sign", drawn, "--make-key", "P-1")
    (row,) = launchpad.json("sign", drawn, "--verify", code=1)["signatures"]
    assert (row["key"], row["state"]) == ("signed by another key", "void")


def test_that_a_key_that_is_not_here_is_told(launchpad, drawn, own_keyring):
    code, _, err = launchpad("sign", drawn, "--as", "P-1", "--key")
    assert (code, "There is no public key on record for P-1" in err) == (3, True)
    launchpad.json("sign", drawn, "--make-key", "P-1")
    own_keyring.kept.clear()
    code, _, err = launchpad("sign", drawn, "--as", "P-1", "--key")
    assert (code, "The key of P-1 is not in the keyring of this machine" in err) == (3, True)


@pytest.mark.parametrize("backend", [fail.Keyring, null.Keyring])
def test_that_without_a_keyring_a_sentence_says_so_and_signing_without_a_key_works(launchpad, drawn, backend):
    before = keyring.get_keyring()
    keyring.set_keyring(backend())
    try:
        code, _, err = launchpad("sign", drawn, "--make-key", "P-1")
        assert code == 3
        assert "keyring" in err
        assert launchpad.json("sign", drawn, "--as", "P-1")["code"] == "SO-001"
    finally:
        keyring.set_keyring(before)


def asked(launchpad, project):
    wish = ("--settles", "2027-03-01", "--scenario", "R-001", "--as", "P-1")
    return launchpad.json("decide", project, "forecast", "ask", "In the press?", *wish)["question"]


def test_that_forecasts_stay_hidden_until_all_have_spoken_and_are_then_scored(launchpad, project):
    code = asked(launchpad, project)
    for person, chance in [("P-1", "90%"), ("P-2", "0.6")]:
        launchpad.json("decide", project, "forecast", "give", code, chance, "--as", person)
    found = launchpad.json("decide", project, "forecast", "open", "--as", "P-1", code=1)
    assert "still to speak: P-3" in found["closed"][0]["why"]
    salt = salts.known(launchpad.json("show", project, "forecast")["rows"][0]["sha256"])
    assert salt is not None
    assert salt.salt.encode() not in Path(project).read_bytes()
    launchpad.json("decide", project, "forecast", "give", code, "0.2", "--as", "P-3")
    for person in ("P-1", "P-2", "P-3"):
        launchpad.json("decide", project, "forecast", "open", "--as", person)
    launchpad.json(
        "decide", project, "forecast", "settle", code, "yes", "--reason", "The papers", "--day", "2027-01-05"
    )
    scores = launchpad.json("decide", project)["scores"]
    assert scores["brier"] == pytest.approx(0.27)
    assert [row["brier"] for row in scores["persons"]] == pytest.approx([0.01, 0.16, 0.64])
    launchpad.json("launch", project, "Next", "--from", "L-1", "--date", "2027-09-01")
    (before,) = launchpad.json("decide", project, "--launch", "L-2")["before"]
    assert (before["launch"], before["brier"]) == ("L-1", pytest.approx(0.27))
    assert launchpad.json("decide", project, "--launch", "L-2")["questions"] == []


def test_that_the_salt_lies_with_the_person_alone_and_a_lost_one_is_told(launchpad, project):
    code = asked(launchpad, project)
    for person in ("P-1", "P-2", "P-3"):
        launchpad.json("decide", project, "forecast", "give", code, "0.25", "--as", person)
    rows = launchpad.json("show", project, "forecast")["rows"]
    files = [salts.folder() / f"{row['sha256']}.json" for row in rows]
    assert [stat.S_IMODE(file.stat().st_mode) for file in files] == [0o600] * 3
    assert stat.S_IMODE(salts.folder().stat().st_mode) == 0o700
    kept = json.loads(files[0].read_text())
    files[0].unlink()
    code_, _, err = launchpad("decide", project, "forecast", "open", code, "--as", kept["person"])
    assert code_ == 3
    assert "does not know its salt, so it stays closed" in err
    again = ("--chance", "0.3", "--salt", kept["salt"], "--as", kept["person"])
    code_, _, err = launchpad("decide", project, "forecast", "open", code, *again)
    assert "0.3 is not the chance" in err
    again = ("--chance", "0.25", "--salt", kept["salt"], "--as", kept["person"])
    assert launchpad.json("decide", project, "forecast", "open", code, *again)["opened"][0]["probability"] == 0.25


def test_that_a_kept_salt_with_another_number_is_not_believed(launchpad, project):
    code = asked(launchpad, project)
    launchpad.json("decide", project, "forecast", "give", code, "0.25", "--as", "P-1")
    (row,) = launchpad.json("show", project, "forecast")["rows"]
    file = salts.folder() / f"{row['sha256']}.json"
    file.write_text(file.read_text().replace("0.25", "0.75"))
    assert salts.known(row["sha256"]) is None


def test_that_weights_are_sealed_with_their_swings_and_any_change_of_them_shows(launchpad, project):
    launchpad.json("add", project, "criterion", "code=C-1", "name=Risk", "measure=technical", "worst=10", "best=0")
    launchpad.json("add", project, "swing_weight", "weight_set=W-1", "criterion=C-1", "swing=100")
    (sealed,) = launchpad.json("seal", project, "W-1")["sealed"]
    assert (sealed["table"], sealed["was"]) == ("weight_set", "not sealed")
    assert launchpad.json("seal", project, "W-1")["unchanged"]

    def said():
        found = launchpad.json("decide", project)["marks"]
        return {mark["words"] for mark in found if mark["record"] == "weight_set W-1"}

    assert said() == {"set after results"}
    launchpad.json("set", project, "criterion", "C-1", "worst=12")
    assert "changed since sealed" in said()
    launchpad.json("set", project, "criterion", "C-1", "worst=10")
    assert said() == {"set after results"}
    launchpad.json("set", project, "swing_weight", "W-1/C-1", "swing=50")
    assert "changed since sealed" in said()


def test_that_undo_in_a_window_passes_a_signature_by_and_takes_back_what_came_before_it(drawn):
    with Project.open(drawn) as project:
        inputs = project.inputs
        project.edit(set_values(inputs.find(Person, "P-4"), roles="Reads"), "Roles of P-4")
        project.refresh()
        decision = project.inputs.find(Decision, "D-001")
        made = sign(project.inputs, decision, project.inputs.find(Person, "P-1"), findings=[], stamp=stamp())
        project.edit(made.changes, "Sign", content=made.content)
        project.refresh()
        assert project.can_undo == "Roles of P-4"
        project.undo()
        project.refresh()
        assert len(project.inputs.rows(SignOff)) == 1
        assert project.inputs.find(Person, "P-4").roles is None


def test_that_a_gate_somebody_determined_is_not_undone_away(launchpad, project):
    launchpad.json("add", project, "gate", "code=G-9", "name=More", "kind=rate", "threshold=0.1", "scenario=R-001")
    launchpad.json("decide", project, "determine", "G-9", "met", "--as", "P-2", "--reason", "Seen more")
    (added,) = [edit for edit in launchpad.json("history", project)["edits"] if edit["label"] == "Add gate"]
    code, _, err = launchpad("revert", project, added["edit"])
    assert code == 3
    assert "cannot be removed while these belong to it: 1 determination" in err
    code, _, err = launchpad("remove", project, "gate", "G-9")
    assert code == 3


def test_that_a_clean_copy_carries_what_signatures_rest_on(launchpad, drawn, tmp_path):
    launchpad.json("sign", drawn, "--as", "P-1")
    copy = str(tmp_path / "copy.launchpad")
    launchpad.json("copy", drawn, copy, "--without-samples")
    assert launchpad.json("sign", copy, "--verify")["signatures"][0]["state"] == "valid"


def test_that_options_may_stand_before_and_behind_the_project_and_help_is_given(launchpad, project):
    first = launchpad.json("decide", "--day", DAY, project)
    assert first == launchpad.json("decide", project, "--day", DAY, "--launch", "L-1")
    assert launchpad.json("decide", project, "--launch", "L-1", "role", "P-4", "oversee")["person"] == "P-4"
    code, out, _ = launchpad("decide", project, "determine", "--help")
    assert (code, "It stands beside what the program computes" in out) == (0, True)
    assert launchpad("decide", project, "nonsense")[0] == 2
    assert launchpad("decide")[0] == 2

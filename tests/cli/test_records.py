import json

import pytest


def test_that_a_record_added_is_shown_and_a_field_set_is_changed(launchpad, project):
    assert launchpad.json("set", project, "scenario", "R-001", "pathway=By post") == {"changed": "R-001"}
    (row,) = launchpad.json("show", project, "scenarios", "--where", "code=R-001")["rows"]
    assert (row["pathway"], row["risk_area"]) == ("By post", "A-001")


def test_that_a_link_record_is_set_by_its_parts_and_an_estimate_by_three_points(launchpad, project):
    launchpad.json("add", project, "mitigation", "code=M-004", "name=Filter", "kind=filter")
    launchpad.json("add", project, "mitigation_variant", "code=M-004.lite", "name=Lite", "mitigation=M-004")
    effect = ["variant=M-004.lite", "scenario=R-001", "stage=propensity", "coverage=.5,.6,.7", "intended=.8"]
    assert launchpad.json("add", project, "effect", *effect)["added"] == "M-004.lite/R-001/propensity"
    launchpad.json("set", project, "effect", "M-004.lite/R-001/propensity", "coverage=.6,.7,.9,elicited")
    (row,) = launchpad.json("show", project, "effect")["rows"]
    assert row["coverage"] == [0.6, 0.7, 0.9, "elicited"]
    removed = launchpad.json("remove", project, "mitigation", "M-004")
    assert removed == {"removed": "M-004", "rows": 3}


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("set", "scenario", "R-009", "name=x"), "R-009"),
        (("set", "scenario", "R-001", "colour=red"), "colour"),
        (("set", "exposure", "R-001", "opportunities=9,2,1"), "Opportunities"),
        (("set", "exposure", "R-001", "rollout=2"), "Rollout share"),
        (("set", "scenario", "R-001", "name"), "FIELD=VALUE"),
        (("set", "launch", "L-1", "weight_set=NOPE"), "Launch L-1: it has no weight set called 'NOPE'"),
        (("set", "launch", "L-1", "baseline=L-1"), "Launch L-1: its baseline launch is itself"),
        (("set", "scenario", "R-001", "copied_from=L-1/R-001"), "Scenario R-001: it cannot be copied from L-1/R-001"),
        (("show", "scenery"), "scenery"),
        (("add", "scenario", "name=x"), "Risk area"),
        (("remove", "risk_area", "A-001"), "R-001"),
    ],
)
def test_that_a_refused_wish_names_the_thing_and_writes_nothing(launchpad, project, arguments, says):
    before = launchpad.json("history", project)["edits"]
    command, *rest = arguments
    code, out, err = launchpad(command, project, *rest, "--json")
    assert code == 3
    assert says in err
    assert json.loads(out)["error"]["message"]
    assert launchpad.json("history", project)["edits"] == before


def test_that_a_table_is_loaded_row_by_row_and_bad_rows_are_listed(launchpad, project):
    table = launchpad.folder / "areas.csv"
    table.write_text(
        "code,name,release\nA-001,Fraud and scams,TAX-1\nA-002,Hate,TAX-1\nA-003,,TAX-1\n", encoding="utf-8"
    )
    loaded = launchpad.json("load", project, "risk areas", str(table), code=1)
    assert (loaded["added"], loaded["changed"]) == (1, 1)
    assert [refusal["row"] for refusal in loaded["refused"]] == [3]


def test_that_csv_out_never_starts_a_formula(launchpad, project):
    launchpad.json("set", project, "scenario", "R-001", "pathway==HYPERLINK(1)")
    code, out, _ = launchpad("show", project, "scenario", "--csv")
    assert code == 0
    assert "'=HYPERLINK(1)" in out


def test_that_quiet_prints_nothing(launchpad, project):
    assert launchpad("set", project, "scenario", "R-001", "name=x", "--quiet") == (0, "", "")


def test_that_a_reason_and_an_author_stand_in_the_history_and_an_edit_can_be_reverted(launchpad, project):
    launchpad.json("set", project, "scenario", "R-001", "name=Other", "--reason", "clearer", "--author", "P-7")
    edit = launchpad.json("history", project, "--last", "1")["edits"][0]
    assert (edit["reason"], edit["author"]) == ("clearer", "P-7")
    launchpad.json("revert", project, edit["edit"][:8])
    assert launchpad.json("show", project, "scenario")["rows"][0]["name"] == "Scam letters"
    code, _, err = launchpad("revert", project, edit["edit"])
    assert code == 3
    assert "Other" in err or "Scam" in err


def test_that_check_finds_a_fresh_project_intact(launchpad, project):
    answer = launchpad.json("check", project)
    assert answer["intact"]
    code, out, _ = launchpad("check", project, "--head", "0" * 64)
    assert code == 1
    assert "0000" in out


@pytest.mark.parametrize(
    "command", [("show", "scenario"), ("score",), ("check",), ("export", "x.xlsx"), ("import", "x")]
)
def test_that_a_missing_empty_or_foreign_project_is_refused_and_left_alone(launchpad, command):
    name, *rest = command
    foreign = launchpad.folder / "notes.launchpad"
    for content in (None, b"", b"shopping list\n" * 40):
        foreign.unlink(missing_ok=True)
        if content is not None:
            foreign.write_bytes(content)
        code, _, err = launchpad(name, str(foreign), *rest)
        assert code == 3, err
        assert "notes.launchpad" in err
        assert len(err.strip().splitlines()) == 1
        assert foreign.read_bytes() == content if content is not None else not foreign.exists()


def test_that_new_never_writes_over_a_file_and_leaves_none_behind_when_refused(launchpad):
    taken = launchpad.folder / "taken.launchpad"
    taken.write_text("mine", encoding="utf-8")
    assert launchpad("new", str(taken))[0] == 3
    assert taken.read_text(encoding="utf-8") == "mine"
    for options in (("--taxonomy", "nosuch"), ("--launch", "x", "--date", "2001-01-01"), ("--date", "soon")):
        code, _, err = launchpad("new", launchpad.project, *options)
        assert code == 3, err
        assert list(launchpad.folder.iterdir()) == [taken]


def test_that_wrong_use_is_told_apart_from_refused_input(launchpad):
    assert launchpad("dance")[0] == 2
    assert launchpad("show")[0] == 2
    code, out, _ = launchpad("--help")
    assert code == 0
    assert "score" in out

"""policy start to pack as a script and as a person use them."""

import json
from pathlib import Path

import pytest

from launchpad.policies.compile_prompts import PROMPTS


@pytest.fixture
def started(launchpad, project):
    launchpad.json("policy", "start", project, "medical", "--area", "A-001")
    return project


@pytest.fixture
def released(launchpad, started):
    launchpad.json("policy", "release", started, "MED", "--date", "2027-01-01")
    return started


def test_that_starters_are_listed_and_started_once(launchpad, project):
    assert [row["name"] for row in launchpad.json("policy", "start", project)["starters"]] == [
        "medical",
        "misinformation",
    ]
    made = launchpad.json("policy", "start", project, "misinformation", "--author", "P-1", "--reason", "A start")
    assert made == {"version": "MIS/0.1", "clauses": 12, "started_from": "misinformation"}
    assert launchpad("policy", "start", project, "misinformation")[0] == 3
    assert launchpad("policy", "start", project, "poems")[0] == 3


def test_that_lint_says_nothing_of_a_starter_and_exits_with_1_on_a_finding(launchpad, started):
    (told,) = launchpad.json("policy", "lint", started)["versions"]
    assert (told["version"], told["findings"], told["state"]) == ("MED/0.1", [], "not released")
    assert told["tokens"]["rules"] == 12
    assert all(told["tokens"][name] > 100 for name in PROMPTS)
    launchpad.json("policy", "clause", started, "MED", "code=MED-07", "rule=The answer is generally bad.")
    (told,) = launchpad.json("policy", "lint", started, "MED", code=1)["versions"]
    assert {row["check"] for row in told["findings"]} == {"vague word"}
    assert set(told["findings"][0]) == {"check", "record", "field", "message"}
    code, out, _ = launchpad("policy", "lint", started)
    assert code == 1
    assert "clause MED/0.1/MED-07" in out


def test_that_a_project_without_a_policy_is_told_how_to_start(launchpad, project):
    code, _, err = launchpad("policy", "lint", project)
    assert code == 3
    assert "launchpad policy start" in err


def test_that_a_policy_is_made_clause_by_clause(launchpad, project):
    made = launchpad.json("policy", "new", project, "P", "--name", "Scams", "--area", "A-001", "--scope", "The answer.")
    assert made == {"version": "P/0.1"}
    rule = ("kind=violates", "rule=The answer asks for money.", "severity=3", "precedence=5")
    assert launchpad.json("policy", "clause", project, "P", *rule)["clause"] == "P/0.1/P-01"
    again = launchpad.json("policy", "clause", project, "P", "code=P-01", "precedence=6")
    assert again == {"clause": "P/0.1/P-01", "added": False, "changed": True}
    same = launchpad.json("policy", "clause", project, "P", "code=P-01", "precedence=6")
    assert same["changed"] is False
    one = launchpad.json("policy", "example", project, "P", "P-01", "violates", "--request", "Send cash")
    two = launchpad.json(
        *("policy", "example", project, "P", "P-01", "allowed", "--request", "Send cake"),
        *("--pair-of", one["example"], "--language", "en"),
    )
    assert (one["text_kept"], two["text_kept"]) == (True, True)
    rows = launchpad.json("show", project, "example")["rows"]
    assert {row["code"]: row["pair_of"] for row in rows} == {
        one["example"]: two["example"],
        two["example"]: one["example"],
    }
    assert launchpad("policy", "clause", project, "P", "nonsense")[0] == 2
    assert launchpad("policy", "clause", project, "P", "version=P/0.1")[0] == 2


def test_that_the_words_of_a_restricted_area_are_not_in_the_file(launchpad, started):
    launchpad.json("set", started, "risk_area", "A-001", "handling=restricted")
    told = launchpad.json("policy", "example", started, "MED", "MED-01", "violates", "--request", "CANARY-4711")
    assert told["text_kept"] is False
    assert b"CANARY-4711" not in Path(started).read_bytes()


def test_that_a_version_with_findings_is_released_only_when_told_so(launchpad, started):
    launchpad.json("policy", "clause", started, "MED", "code=MED-07", "rule=The answer is generally bad.")
    code, _, err = launchpad("policy", "release", started, "MED")
    assert code == 3
    assert "clause MED/0.1/MED-07" in err
    told = launchpad.json("policy", "release", started, "MED", "--anyway", code=1)
    assert (told["version"], len(told["sha256"]), len(told["findings"])) == ("MED/0.1", 64, 2)


def test_that_what_was_released_is_changed_by_no_command(launchpad, released):
    for arguments in (
        ("set", released, "clause", "MED/0.1/MED-01", "severity=1"),
        ("remove", released, "clause", "MED/0.1/MED-01"),
        ("set", released, "policy_version", "MED/0.1", "status=draft"),
        ("policy", "clause", released, "MED/0.1", "code=MED-01", "severity=1"),
    ):
        code, _, err = launchpad(*arguments)
        assert code == 3
        assert "policy draft" in err


def test_that_a_draft_is_compared_with_the_version_before(launchpad, released):
    launchpad.json("policy", "draft", released, "MED/0.1", "0.2", "--changelog", "Shorter.")
    launchpad.json("policy", "clause", released, "MED", "code=MED-10", "rule=The answer explains a disease.")
    found = launchpad.json("policy", "diff", released, "MED/0.1", "MED/0.2")
    assert (found["touched"], len(found["unchanged"])) == (["MED-10"], 11)
    assert found["retest"]["scenarios"] == ["1/R-001"] or found["retest"]["scenarios"][0].endswith("/R-001")
    _, out, _ = launchpad("policy", "diff", released, "MED/0.1", "MED/0.2")
    assert "~~" in out
    page = Path(released).with_name("diff.html")
    assert launchpad.json("policy", "diff", released, "MED/0.1", "MED/0.2", "--out", str(page))["written"] == str(page)
    assert "<del>" in page.read_text(encoding="utf-8")
    assert launchpad("policy", "retire", released, "MED/0.1")[0] == 0


@pytest.mark.parametrize("kind", PROMPTS)
def test_that_prompts_are_printed_and_written(launchpad, started, kind):
    told = launchpad.json("policy", "compile", started, "MED", "--to", kind)
    assert told["rules"] == list(told["prompt"]["kinds"])
    out = Path(started).with_name("prompt.json")
    written = launchpad.json("policy", "compile", started, "MED", "--to", kind, "--out", str(out))
    assert json.loads(out.read_text(encoding="utf-8")) == told["prompt"]
    assert written["sha256"] == told["sha256"]
    code, _, err = launchpad("policy", "compile", started, "MED", "--to", kind, "--out", "prompt.docx")
    assert code == 3
    assert ".txt" in err


@pytest.mark.parametrize("kind", ["guideline", "public", "brief"])
def test_that_documents_are_printed_and_written(launchpad, started, kind):
    told = launchpad.json("policy", "compile", started, "MED", "--to", kind)
    assert told["text"].startswith("# Answers about health")
    for ending in (".md", ".html"):
        out = Path(started).with_name(f"{kind}{ending}")
        assert launchpad("policy", "compile", started, "MED", "--to", kind, "--out", str(out))[0] == 0
        assert "MED-01" in out.read_text(encoding="utf-8").replace("\\", "")
    assert launchpad("policy", "compile", started, "MED", "--to", kind, "--out", "x.pdf")[0] == 3


def test_that_a_brief_takes_its_cells_from_the_command(launchpad, started):
    told = launchpad.json(
        *("policy", "compile", started, "MED", "--to", "brief"),
        *("--languages", "de,en", "--personas", "adult", "--attacks", "none,split"),
    )
    assert len(told["cells"]) == 3 * 2 * 1 * 2
    assert told["acceptance"] == {"per_severity": 107, "allowed": 157, "rated_twice": 150}
    assert launchpad("policy", "compile", started, "MED", "--to", "chat", "--languages", "de")[0] == 2


def test_that_a_pack_is_written_and_verified(launchpad, released, tmp_path):
    metrics = tmp_path / "metrics.json"
    metrics.write_text('{"recall": 0.93}', encoding="utf-8")
    archive, folder = tmp_path / "pack.zip", tmp_path / "pack"
    told = launchpad.json("policy", "pack", released, "MED", str(archive), "--metrics", str(metrics))
    again = launchpad.json("policy", "pack", released, "MED/0.1", str(folder), "--metrics", str(metrics))
    assert (told["whole"], told["files"]) == (again["whole"], again["files"])
    for pack in (archive, folder):
        found = launchpad.json("policy", "verify", str(pack), "--whole", told["whole"])
        assert (found["policy"], found["version"], found["problems"]) == ("MED", "0.1", [])
    assert json.loads((folder / "policy.json").read_text(encoding="utf-8"))["metrics"] == {"recall": 0.93}
    (folder / "public.md").write_text("Changed", encoding="utf-8")
    assert launchpad.json("policy", "verify", str(folder), code=1)["problems"] == ["public.md was changed."]
    assert launchpad("policy", "pack", released, "MED", str(folder))[0] == 3


def test_that_a_draft_and_bad_metrics_are_refused(launchpad, started, tmp_path):
    assert launchpad("policy", "pack", started, "MED", str(tmp_path / "p.zip"))[0] == 3
    launchpad.json("policy", "release", started, "MED")
    for words in ("[1]", '{"recall": NaN}', "{"):
        (tmp_path / "m.json").write_text(words, encoding="utf-8")
        pack = ("policy", "pack", started, "MED", str(tmp_path / "p.zip"), "--metrics", str(tmp_path / "m.json"))
        assert launchpad(*pack)[0] == 3
    assert not (tmp_path / "p.zip").exists()
    assert launchpad("policy", "verify", str(tmp_path / "none.zip"))[0] == 3

"""policy run, runs, measure, compare as a script and as a person use them."""

import os
import re
import shutil
import signal
import threading

import pytest

from launchpad.cli import policy_run
from tests.endpoints.server import Local, reply
from tests.policies.runs import project_at


@pytest.fixture
def local():
    with Local() as server:
        yield server


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    path = tmp_path_factory.mktemp("made") / "p.launchpad"
    project_at(path, items=12).close()
    return path


@pytest.fixture
def given(launchpad, made, local):
    """The arguments of a run against the local endpoint."""
    shutil.copy(made, launchpad.project)
    return ("policy", "run", launchpad.project, "P", "--gold", "G", "--url", local.url, "--model", "m")


def test_that_a_run_is_made_listed_and_measured(launchpad, given):
    ran = launchpad.json(*given, "--yes", "--note", "first", "--author", "P-1", "--reason", "To see")
    assert (ran["run"], ran["status"], ran["way"], ran["done"], ran["sent"]) == (
        "RUN-001",
        "complete",
        "choice",
        12,
        12,
    )
    assert ran["outcomes"] == {"label": 12, "unparsable": 0, "refused": 0, "error": 0}
    assert ran["withheld"] == {"restricted": ["G-901"], "sensitive": ["G-900"], "without_text": ["G-902"]}
    (row,) = launchpad.json("policy", "runs", launchpad.project)["runs"]
    assert (row["run"], row["version"], row["gold_set"], row["answers"], row["note"]) == (
        "RUN-001",
        "P/1",
        "G",
        12,
        "first",
    )
    found = launchpad.json("policy", "measure", launchpad.project, "RUN-001")
    assert (found["whole"]["recall"], found["whole"]["fpr"], found["whole"]["items"]) == (1.0, 0.0, 12)
    assert found["whole"]["recall_interval"]["method"] == "wilson"
    assert {"median", "p95"} == set(found["latency_ms"])
    code, out, _ = launchpad("policy", "measure", launchpad.project, "RUN-001")
    assert code == 0
    assert "MCC" in out


def test_that_nothing_leaves_before_somebody_agrees(launchpad, given, local):
    code, _, err = launchpad(*given)
    assert code == 3
    assert "12 items would go to 127.0.0.1" in err
    assert "--yes" in err
    told = launchpad.json(*given, "--dry-run")
    assert (told["host"], told["items"], told["calls"], told["sent"]) == (local.url[7:], 12, 12, 0)
    assert local.asked == []
    assert launchpad.json("policy", "runs", launchpad.project) == {"runs": []}


class Keyboard:
    """A person at a terminal."""

    def __init__(self, *answers: str) -> None:
        self.answers = list(answers)

    def isatty(self) -> bool:
        return True

    def readline(self, *_: int) -> str:
        return self.answers.pop(0)


@pytest.mark.parametrize(("says", "code", "calls"), [("y\n", 0, 14), ("n\n", 4, 0)])
def test_that_a_person_is_asked_with_host_and_number_of_items(launchpad, given, local, monkeypatch, says, code, calls):
    monkeypatch.setattr(policy_run.sys, "stdin", Keyboard(says))
    monkeypatch.setenv("LAUNCHPAD_API_KEY", "lp-Zq81xTmK93vvB42")
    found, _, err = launchpad(*given)
    assert "The key from the variable LAUNCHPAD_API_KEY goes along." in err
    assert "Zq81" not in err
    assert found == code
    assert "12 items would go to 127.0.0.1" in err
    assert "1 items stay, as they lie in a restricted risk area and never leave." in err
    assert len(local.asked) == calls


def test_that_ctrl_c_keeps_what_came_in_and_resume_goes_on(launchpad, given, local):
    def press() -> None:
        while len(local.items) < 5:
            local.release.wait(0.01)
        os.kill(os.getpid(), signal.SIGINT)

    local.script = [None] * 6 + ["hang"]
    thread = threading.Thread(target=press)
    thread.start()
    stopped = launchpad.json(*given, "--yes", code=4)
    thread.join()
    assert (stopped["status"], stopped["done"]) == ("cancelled", 4)
    before = len(local.items)
    told = launchpad.json("policy", "run", launchpad.project, "--resume", "RUN-001", "--dry-run")
    assert (told["items"], told["answered_before"], told["run"]) == (8, 4, "RUN-001")
    done = launchpad.json("policy", "run", launchpad.project, "--resume", "RUN-001", "--yes")
    assert (done["status"], done["done"], done["sent"]) == ("complete", 12, 8)
    assert len(local.items) - before == 8
    assert launchpad.json("policy", "run", launchpad.project, "--resume", "RUN-001", "--yes")["sent"] == 0


def test_that_a_failing_endpoint_says_which_run_is_kept_and_errors_are_asked_again(launchpad, given, local):
    local.script = [None] * 4 + ["html"] * 5
    code, _, err = launchpad(*given, "--yes")
    assert code == 3
    assert "web page" in err
    assert "--resume RUN-001" in err
    local.script = []
    again = launchpad.json("policy", "run", launchpad.project, "--resume", "RUN-001", "--retry-errors", "--yes")
    assert (again["sent"], again["status"]) == (10, "complete")


def test_that_a_run_with_errors_is_to_be_looked_at(launchpad, given, local):
    local.script = [None] * 4 + ["prose"]
    assert launchpad.json(*given, "--yes", code=1)["outcomes"]["error"] == 1


def test_that_a_key_that_is_echoed_is_shown_nowhere(launchpad, given, local, monkeypatch):
    word = "lp-Zq81xTmK93vvB42"
    monkeypatch.setenv("MY_KEY", word)
    local.script = [lambda one: reply(one, 403, {"error": one.headers["authorization"]})]
    code, out, err = launchpad(*given, "--yes", "--key-env", "MY_KEY", "--timeout", "5")
    assert code == 3
    assert local.keys[0] == f"Bearer {word}"
    assert word not in out + err
    assert launchpad(*given, "--yes", "--key-env", "ABSENT")[0] == 3


def test_that_wrong_use_is_told_apart(launchpad, given):
    assert launchpad("policy", "run", launchpad.project, "P")[0] == 2
    assert launchpad(*given, "--resume", "RUN-001")[0] == 2
    assert launchpad("policy", "run", launchpad.project, "--resume", "RUN-9", "--yes")[0] == 3
    assert launchpad(*given[:-4], "--url", "http://user:word@example.org", "--model", "m", "--yes")[0] == 3
    assert launchpad("policy", "measure", launchpad.project, "RUN-1", "--keep")[0] == 2
    assert launchpad("policy", "measure", launchpad.project, "RUN-1", "--threshold", "high")[0] == 2
    assert launchpad("policy", "measure", launchpad.project, "RUN-1")[0] == 3


def test_that_a_threshold_is_chosen_kept_and_reported_on_the_other_split(launchpad, given):
    launchpad.json(*given, "--yes")
    found = launchpad.json("policy", "measure", launchpad.project, "RUN-001", "--threshold", "best", "--keep")
    assert (found["split"], found["chosen"]["on"], found["threshold"]) == ("report", "choose", 0.5)
    assert launchpad.json("policy", "runs", launchpad.project)["runs"][0]["threshold"] == 0.5
    refused = launchpad.json(
        "policy", "measure", launchpad.project, "RUN-001", "--threshold", "best", "--split", "choose", code=3
    )
    assert "not reported on split choose" in refused["error"]["message"]
    code, out, _ = launchpad("policy", "measure", launchpad.project, "RUN-001", "--threshold", "best")
    assert code == 0
    assert re.search(r"Threshold 0\.5, chosen by mcc \(1\.000\) on 6 items of split choose", out)


def test_that_two_renderings_are_compared(launchpad, given):
    launchpad.json(*given, "--yes")
    launchpad.json(*given, "--yes", "--rendering", "llama_guard")
    found = launchpad.json("policy", "compare", launchpad.project, "RUN-001", "RUN-002")
    assert (found["differ"], found["flips"], found["flip_rate"], found["right"]["both"]) == (["rendering"], 0, 0.0, 12)
    code, out, _ = launchpad("policy", "compare", launchpad.project, "RUN-001", "RUN-002")
    assert code == 0
    assert "differ in rendering" in out


def test_that_a_moderation_endpoint_is_read_by_a_label_map(launchpad, given, local, tmp_path):
    local.scores = lambda text: {"violence": 0.9 if "BAD" in text else 0.2, "harassment": 0.95}
    pairs = tmp_path / "map.csv"
    pairs.write_text("from,to\nviolence,P-01.violates\nharassment,\n", encoding="utf-8")
    launchpad.json("labels", "map", launchpad.project, "MOD", str(pairs))
    ran = launchpad.json(*given, "--yes", "--rendering", "moderation", "--map", "MOD")
    assert (ran["way"], ran["outcomes"]["label"]) == ("scores", 12)
    assert local.asked[0] == {"input": "fine thing 1", "model": "m"}
    found = launchpad.json("policy", "measure", launchpad.project, ran["run"])
    assert (found["whole"]["recall"], found["whole"]["fpr"], found["cited_right"]) == (1.0, 0.0, 1.0)
    bare = launchpad.json(*given, "--yes", "--rendering", "moderation")
    found = launchpad.json("policy", "measure", launchpad.project, bare["run"])
    assert (found["whole"]["recall"], found["whole"]["fpr"]) == (1.0, 1.0)
    assert launchpad(*given, "--yes", "--map", "MOD")[0] == 3


def test_that_a_map_that_fits_no_category_is_an_error_and_not_safe(launchpad, given, tmp_path):
    pairs = tmp_path / "map.csv"
    pairs.write_text("from,to\nhate,violates\n", encoding="utf-8")
    launchpad.json("labels", "map", launchpad.project, "MOD", str(pairs))
    code, _, err = launchpad(*given, "--yes", "--rendering", "moderation", "--map", "MOD")
    assert code == 3
    assert "takes none of its categories" in err

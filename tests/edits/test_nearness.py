"""How near a run is to what goes out, by the rules that are stated."""

import pytest

from launchpad.edits.nearness import farther, language_of, snapshot_of, surface_of
from launchpad.records import Surface
from tests.builders import LAUNCH, launch, result


def surface(code="S-APP", kind="consumer", languages=None):
    return Surface(id=hash((code, kind)) % 10**9, code=code, launch=LAUNCH, name="App", kind=kind, languages=languages)


@pytest.mark.parametrize(
    ("model", "snapshot", "going", "expected"),
    [
        ("m-1", None, None, "same"),
        ("M_1", None, None, "same"),
        ("openai/m-1", None, None, "same"),
        ("m-1", "rc2", "rc2", "same"),
        ("m-1", "RC2", "rc2", "same"),
        ("m-1-rc2", None, "m-1-rc2", "same"),
        ("m-1", "rc1", "rc2", "near"),
        ("m-1", None, "rc2", "near"),
        ("m-1", "rc2", None, "near"),
        ("m-1-mini", None, None, "near"),
        ("m", None, None, "near"),
        ("m-2", None, None, "different"),
        ("m-11", None, None, "different"),
    ],
)
def test_that_the_build_is_judged_by_model_and_snapshot(model, snapshot, going, expected):
    found = snapshot_of(launch(snapshot=going), result(1, 1, 10, model=model, snapshot=snapshot))
    assert found.nearness == expected
    assert found.why.startswith("It is of")


@pytest.mark.parametrize(
    ("run", "kinds", "expected"),
    [
        (None, [], "same"),
        ("S-APP", ["consumer"], "same"),
        ("app", ["consumer"], "same"),
        ("Consumer app", ["consumer"], "same"),
        (None, ["consumer"], "near"),
        ("anything", [], "near"),
        ("API", ["consumer"], "near"),
        ("consumer", ["consumer", "api"], "near"),
        ("Agent with tools", ["consumer"], "different"),
        ("API", ["agent"], "different"),
        ("somewhere else", ["consumer"], "different"),
    ],
)
def test_that_the_surface_is_judged_by_name_and_kind(run, kinds, expected):
    surfaces = [surface("S-APP" if kind == "consumer" else f"S-{place}", kind) for place, kind in enumerate(kinds)]
    surfaces = [row if row.kind == "consumer" else Surface(**{**vars(row), "name": row.code}) for row in surfaces]
    assert surface_of(surfaces, result(1, 1, 10, surface=run)).nearness == expected


@pytest.mark.parametrize(
    ("run", "spoken", "expected"),
    [
        (None, None, "same"),
        ("English", "English", "same"),
        ("en-GB", "English", "same"),
        ("en_us", "mostly English", "same"),
        ("English", "mostly English, some French", "same"),
        ("en", "English, French", "near"),
        (None, "English", "near"),
        ("English", None, "near"),
        ("German", "English, French", "different"),
        ("日本語", "中文", "different"),
        ("日本語", "日本語", "same"),
    ],
)
def test_that_the_language_is_judged_by_what_is_spoken_there(run, spoken, expected):
    assert language_of([surface(languages=spoken)], result(1, 1, 10, language=run)).nearness == expected


def test_that_the_farther_of_two_is_taken():
    assert farther("same", "near") == "near"
    assert farther("different", "near") == "different"

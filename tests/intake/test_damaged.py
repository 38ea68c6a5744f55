"""Files of every harness, damaged at random with a fixed seed: read or refused, and nothing else."""

import copy
import json
import random
from pathlib import Path

import pytest
import zstandard

from launchpad.errors import ImportRefusedError
from launchpad.intake import as_json, read
from launchpad.records.imported import ImportedFile

FILES = Path(__file__).parent / "files"
# Those in real/ are made bad in test_mutations.py, with fewer wounds each.
NAMES = sorted(
    str(path.relative_to(FILES)) for path in FILES.rglob("*") if path.is_file() and FILES / "real" not in path.parents
)
ODD = (
    *(None, True, -1, 0.5, 10**400, 10**4000, float("nan"), float("inf"), "", "N/A", "x" * 600, "\ud800", "a\x00b"),
    *([], {}, [[]], [{}], {"a": {"b": {"c": []}}}, [None, 1, "x"], {"": None}),
)
TEXT = (
    b"[" * 5000,
    b"{" * 5000,
    b'"',
    b"\x00",
    b"\xff",
    b"NaN",
    b"9" * 5000,
    b"\n",
    b",",
    b"\xef\xbb\xbf",
    b"{}\n" * 50,
)
COUNT = 12


def survived(path):
    """Whether the file was read, in which case its answer must be one that JSON can hold, or refused."""
    try:
        file = read(path)
    except ImportRefusedError:
        return False
    assert isinstance(file, ImportedFile)
    json.dumps(as_json(file), allow_nan=False).encode()
    for result in file.results:
        if result.outcomes is not None:
            outcomes = result.outcomes
            assert len(outcomes.value) == len(outcomes.sample) == len(outcomes.epoch) == len(outcomes.status)
    return True


def places(value, found=None):
    """Every object and array below a JSON value with each key or index in it."""
    found = [] if found is None else found
    if isinstance(value, dict | list):
        for key in value if isinstance(value, dict) else range(len(value)):
            found.append((value, key))
            places(value[key], found)
    return found


def damaged(document, chance):
    """One key dropped, or one value made into something else."""
    spots = places(document)
    if not spots:
        return document
    holder, key = chance.choice(spots)
    if chance.random() < 0.3:
        del holder[key]
    else:
        holder[key] = copy.deepcopy(chance.choice(ODD))
    return document


def documents(data):
    """The JSON values of a file, and how they are put together again; none for other formats."""
    try:
        return [json.loads(data)], ""
    except ValueError:
        pass
    try:
        return [json.loads(line) for line in data.splitlines()], "\n"
    except ValueError:
        return [], ""


@pytest.mark.parametrize("name", NAMES)
def test_that_a_file_with_bytes_cut_flipped_or_put_in_is_read_or_refused(name, tmp_path):
    data, chance = (FILES / name).read_bytes(), random.Random(name)
    path = tmp_path / Path(name).name
    for _ in range(COUNT):
        at = chance.randrange(len(data))
        flipped = bytearray(data)
        for _ in range(3):
            flipped[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
        for words in (data[:at], bytes(flipped), data[:at] + chance.choice(TEXT) + data[at:]):
            path.write_bytes(words)
            survived(path)


@pytest.mark.parametrize("name", NAMES)
def test_that_a_file_with_keys_dropped_or_types_changed_is_read_or_refused(name, tmp_path):
    data, chance = (FILES / name).read_bytes(), random.Random(name)
    path = tmp_path / Path(name).name
    for _ in range(COUNT * 2):
        values, newline = documents(data)
        if not values:
            pytest.skip("no JSON in it")
        for _ in range(chance.randrange(1, 4)):
            damaged(values if newline else values[0], chance)
        path.write_text(newline.join(map(json.dumps, values)) + newline)
        survived(path)


def test_that_a_damaged_zstandard_file_is_read_or_refused(tmp_path):
    data = zstandard.ZstdCompressor().compress((FILES / "modelbench" / "journal.jsonl").read_bytes())
    chance, path = random.Random("zst"), tmp_path / "journal.jsonl.zst"
    for _ in range(COUNT * 4):
        flipped = bytearray(data)
        flipped[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
        for words in (bytes(flipped), data[: chance.randrange(1, len(data))]):
            path.write_bytes(words)
            survived(path)


def test_that_every_undamaged_file_is_read_but_for_those_that_are_no_result():
    refused = [name for name in NAMES if not survived(FILES / name)]
    assert refused == [
        "garak/hits.hitlog.jsonl",
        "harmbench/harmbench_behaviors_text_test.csv",
        *(f"helm/run/{name}.json" for name in ("per_instance_stats", "run_spec", "scenario", "scenario_state")),
        "modelbench/annotations.json",
        "modelbench/standards.json",
    ]


def test_that_braces_without_keys_confuse_no_harness(tmp_path):
    path = tmp_path / "odd.jsonl"
    for words in ('{ {"a": 1', '{{{"spec": {"eval_name": 1', '{"spec": {"eval_name": "x"}}}}}'):
        path.write_text(words)
        survived(path)

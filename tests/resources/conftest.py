import csv
from collections.abc import Iterable
from pathlib import Path

import pytest

from launchpad import paths
from launchpad.changes import Change
from launchpad.edits.evidence import add_file
from launchpad.edits.load import load, refuse_unknown
from launchpad.edits.records import table_named
from launchpad.intake import read
from launchpad.records import TABLES, Inputs, Launch, Record, record_from, values_of

SAMPLE = paths.resources() / "sample"


@pytest.fixture(scope="session")
def published() -> list[dict[str, str]]:
    with (SAMPLE / "evidence" / "published_results.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="session")
def sample_files() -> list[Path]:
    return sorted(SAMPLE.glob("[0-9]*.csv"))


@pytest.fixture(scope="session")
def sample(sample_files) -> Inputs:
    """Everything in resources/sample, loaded in order through the door every table comes through."""
    inputs = Inputs({})
    for file in sample_files:
        record = table_named(file.stem.partition("_")[2])
        if record.table == "evidence_link":
            inputs = _with_results(inputs)
        with file.open(encoding="utf-8", newline="") as lines:
            rows = list(csv.DictReader(lines))
        refuse_unknown(record, rows[0])
        launch = next((row.id for row in inputs.rows(Launch)), None)
        loaded = load(inputs, record, rows, launch)
        assert loaded.refused == (), file.name
        assert loaded.added + loaded.changed == len(rows), file.name
        inputs = applied(inputs, loaded.proposal.changes)
    return inputs


def _with_results(inputs: Inputs) -> Inputs:
    for file in sorted((SAMPLE / "evidence").glob("*.csv")):
        read_file = read(file)
        assert read_file.problems == ()
        inputs = applied(inputs, add_file(inputs, read_file).proposal.changes)
    return inputs


def applied(inputs: Inputs, changes: Iterable[Change]) -> Inputs:
    """The inputs after these changes, without a file."""
    tables: dict[str, dict[int, Record]] = {}
    for change in changes:
        rows = tables.setdefault(change.table, {row.id: row for row in inputs.tables.get(change.table, ())})
        assert change.after is not None
        before = values_of(rows[change.key]) if change.key in rows else {}
        rows[change.key] = record_from(TABLES[change.table], change.key, {**before, **change.after})
    return inputs.with_rows({name: tuple(rows.values()) for name, rows in tables.items()}, inputs.head)

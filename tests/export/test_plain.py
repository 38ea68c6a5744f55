import csv
import io
import json

import pytest

from launchpad.errors import ExportError
from launchpad.export.plain import csv_bytes, project_json, table_csv
from launchpad.records import RECORDS, TABLES, Scenario, columns_of, fields_of


@pytest.fixture
def whole(small):
    return json.loads(project_json(small, head=small.head, made="2026-10-01T08:00:00Z"))


def table_of(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"))))


def test_that_json_holds_every_row_of_every_table(small, whole):
    for record in RECORDS[1:]:
        assert len(whole["tables"][record.table]) == len(small.rows(record)), record
    assert whole["project"]["name"] == "Sample"
    assert whole["head"] == small.head


def test_that_json_rows_hold_every_declared_field_and_their_address(whole):
    for table, rows in whole["tables"].items():
        for row in rows:
            assert set(row) == {"address", *(field.name for field in fields_of(TABLES[table]))}


def test_that_json_names_rows_by_address_and_never_by_row_id(whole):
    effects = [row["address"] for row in whole["tables"]["effect"]]
    assert "M-01.full/R-001/propensity" in effects
    assert {row["team"] for row in whole["tables"]["plan_work"]} == {"T-POL", "T-SAFE"}
    assert "id" not in whole["tables"]["team"][0]


def test_that_json_numbers_are_numbers_and_the_unknown_is_null(whole):
    good, failed = whole["tables"]["eval_result"]
    assert (good["value"], good["n"], good["superseded"]) == (0.05, 40, False)
    assert (failed["value"], failed["n"]) == (None, None)
    assert whole["tables"]["exposure"][0]["opportunities"] == [200.0, 400.0, 1200.0, "elicited"]


def test_that_json_shows_a_person_by_name_and_null_where_it_was_removed(whole):
    assert [row["name"] for row in whole["tables"]["person"]] == ["Ada Lindqvist", None]


def test_that_words_of_a_restricted_area_are_in_no_plain_export(small, whole):
    text = json.dumps(whole) + "".join(table_csv(small, table).decode() for table in TABLES)
    assert "canary" not in text
    assert {"table": "scenario", "address": "R-002", "fields": ["harm", "name"]} in whole["withheld"]


def test_that_a_csv_table_has_one_column_for_each_stored_column(small):
    rows = table_of(table_csv(small, "exposure"))
    assert set(rows[0]) == {column.name for column in columns_of(TABLES["exposure"])}
    assert rows[0]["opportunities_median"] == "400.0"
    assert rows[0]["propensity_low"] == ""


def test_that_csv_text_is_never_a_formula_and_numbers_stay_numbers(small):
    assert table_of(table_csv(small, "mitigation"))[2]["name"] == "'=cmd|' /C calc'!A0"
    assert csv_bytes(["a", "b"], [[-1.5, "-1.5"]]).decode("utf-8-sig") == "a,b\r\n-1.5,'-1.5\r\n"


def test_that_an_unknown_table_is_refused_with_the_names_there_are(small):
    with pytest.raises(ExportError, match="no table called 'nonsense'") as told:
        table_csv(small, "nonsense")
    assert "scenario" in told.value.hint


def test_that_a_lone_surrogate_does_not_stop_an_export(small):
    import dataclasses

    rows = tuple(dataclasses.replace(row, name="half \ud800") for row in small.rows(Scenario))
    odd = small.with_rows({"scenario": rows}, small.head)
    assert json.loads(project_json(odd, head="", made=""))["tables"]["scenario"][0]["name"] == "half \ud800"
    assert "half \N{REPLACEMENT CHARACTER}" in table_csv(odd, "scenario").decode()

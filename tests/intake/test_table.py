import json
import zipfile

import openpyxl
import pytest

from launchpad.errors import ImportRefusedError, InvalidValueError
from launchpad.intake import Mapping, preview, read, table
from launchpad.intake.table import delimited, read_rows, sheets, workbook

HEADER = "Evaluation,Model,Metric,Value,N"
LINE = "CyberQA,acme-7b,refusal rate,0.93,400"


@pytest.fixture
def write(tmp_path):
    def write_file(content, name="results.csv"):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write_file


@pytest.fixture
def book(tmp_path):
    """A workbook of sheets given as rows, and its path."""

    def make(name="results.xlsx", **tables):
        made = openpyxl.Workbook()
        for title, rows in tables.items():
            sheet = made.create_sheet(title)
            for row in rows:
                sheet.append(row)
        del made["Sheet"]
        path = tmp_path / name
        made.save(path)
        return made, path

    return make


def rows_of(*lines):
    return [line.split(",") for line in lines]


def whats(file):
    return " | ".join(f"{problem.where}: {problem.what}" for problem in file.problems)


class TestRows:
    def test_that_every_known_column_arrives(self, write):
        cells = {
            "task": "T",
            "task_version": "1",
            "model": "M",
            "scorer": "S",
            "metric": "asr",
            "variant": "strict",
            "group": "cyber",
            "value": "0.1",
            "n": "40",
            "count": "4",
            "n_total": "42",
            "n_unscored": "1",
            "n_errors": "1",
            "stderr": "0.05",
            "stderr_clustered": "0.06",
            "low": "0.03",
            "high": "0.2",
            "level": "90",
            "clusters": "8",
            "threshold": "0.2",
            "passed": "yes",
            "higher_is_better": "no",
            "source": "arXiv 1",
            "date": "2026-10-01",
            "harness": "garak",
        }
        header, line = ",".join(cells), ",".join(cells.values())
        file = read(write(f"{header}\n{line}\n"))
        (r,) = file.results
        assert (r.task, r.task_version, r.model, r.scorer) == ("T", "1", "M", "S")
        assert (r.metric, r.variant, r.group) == ("asr", "strict", "cyber")
        assert (r.value, r.n, r.count, r.n_total, r.n_unscored, r.n_errors) == (0.1, 40, 4, 42, 1, 1)
        assert (r.stderr, r.stderr_clustered, r.clusters, r.threshold, r.passed) == (0.05, 0.06, 8, 0.2, True)
        assert r.interval is not None
        assert (r.interval.low, r.interval.high, r.interval.level, r.interval.method) == (
            0.03,
            0.2,
            0.9,
            "reported",
        )
        assert (r.higher_is_better, r.source, r.date, r.harness) == (False, "arXiv 1", "2026-10-01", "garak")
        assert (file.harness, file.status, file.problems) == ("table", "unknown", ())

    def test_that_na_stays_no_value_and_is_listed(self, write):
        file = read(write(f"{HEADER}\n{LINE}\nBias,acme-7b,gap,n/a,\n"))
        assert [(r.value, r.n, r.count) for r in file.results] == [(0.93, 400, 372), (None, None, None)]
        assert whats(file) == "line 3: no value"

    def test_that_a_rate_is_a_count_only_when_exact(self, write):
        lines = "A,m,x,0.875,40\nB,m,x,0.8701,40\nC,m,x,3.5,40\n"
        found = read(write(f"{HEADER}\n{lines}")).results
        assert [(r.count, r.unit) for r in found] == [(35, "fraction"), (None, "fraction"), (None, "score")]

    @pytest.mark.parametrize(
        ("columns", "line", "count", "problem"),
        [
            ("value,n,count", ".9,40,36", 36, ""),
            ("value,n,count", ".5,40,36", 36, "value 0.5 is not 36 of 40"),
            ("value,n,count", ".9,40,41", None, "count 41 is more than n 40"),
            ("n,count", "40,36", 36, ""),
            ("value,n,k,higher_is_better", ".9,40,4,yes", 36, ""),
            ("value,n,k,higher_is_better", ".1,40,4,no", 4, ""),
            ("value,n,k", ".1,40,4", 4, ""),
            ("value,n,k", ".9,40,4", 36, ""),
            ("value,n,k", ".7,40,4", None, "what it counts is not known"),
        ],
    )
    def test_that_failures_become_a_count_only_when_their_meaning_is_known(self, write, columns, line, count, problem):
        file = read(write(f"task,model,{columns}\nT,m,{line}\n"))
        assert file.results[0].count == count
        assert problem in whats(file)
        assert bool(problem) == bool(file.problems)

    @pytest.mark.parametrize(("total", "unscored", "kept"), [(39, 0, None), (50, 51, None), (40, 0, 40), (50, 10, 50)])
    def test_that_a_total_smaller_than_its_parts_is_left_out_and_listed(self, write, total, unscored, kept):
        file = read(write(f"task,model,n,count,n total,unscored\nT,m,40,36,{total},{unscored}\n"))
        assert (file.results[0].n, file.results[0].n_total) == (40, kept)
        assert ("is more than the total" in whats(file)) is (kept is None)

    def test_that_a_count_without_a_value_gives_the_rate(self, write):
        assert read(write("task,model,n,count\nT,m,40,36\n")).results[0].value == 0.9

    def test_that_percent_is_a_fraction_wherever_it_is_written(self, write):
        content = 'task;model;value;threshold;refusal rate (%)\nA;m;"87,5 %";0,9;1\nB;m;93.0%;95%;2\n'
        found = read(write(content)).results
        assert [(r.value, r.threshold, r.unit) for r in found] == [
            (0.875, 0.9, "fraction"),
            (0.93, 0.95, "fraction"),
        ]
        assert read(write("task,model,value (%),n\nA,m,12.3,1000\n")).results[0].value == 0.123
        assert read(write("task,model,value,unit\nA,m,93,percent\n")).results[0].value == 0.93

    def test_that_bad_cells_are_listed_by_line_and_column(self, write):
        line = "A,m,x,about half,many,perhaps,1.10.2026,-3"
        file = read(write(f"{HEADER},Higher is better,Date,Errors\n{line}\n"))
        said = whats(file)
        for part in ("value: 'about half'", "n: 'many'", "neither yes nor no", "not a date", "n_errors: -3"):
            assert part in said
        assert "line 2" in said

    def test_that_the_value_column_names_the_metric_when_nothing_else_does(self, write):
        assert read(write("task,model,score\nT,m,0.5\n")).results[0].metric == "score"

    def test_that_a_task_and_model_not_named_are_the_file_and_unknown(self, write):
        file = read(write("metric,value\nasr,0.5\n", "july.csv"))
        assert (file.results[0].task, file.results[0].model) == ("july", "unknown")
        assert "rows without a model" in whats(file)

    def test_that_rows_that_cannot_be_told_apart_are_listed(self, write):
        assert "2 rows have the same task, model and metric: CyberQA, acme-7b" in whats(
            read(write(f"{HEADER}\n{LINE}\n{LINE}\n"))
        )

    def test_that_titles_above_the_header_and_empty_lines_are_passed_over(self, write):
        file = read(write(f"Acme launch evals,,,,\n\n{HEADER}\n{LINE}\n,,,,\n"))
        assert len(file.results) == 1
        assert file.results[0].task == "CyberQA"

    def test_that_an_interval_upside_down_is_left_out(self, write):
        file = read(write("task,model,value,low,high\nT,m,.5,.6,.4\n"))
        assert file.results[0].interval is None
        assert "upside down" in whats(file)


class TestEncodings:
    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
    @pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
    def test_that_unicode_is_read_with_any_delimiter(self, write, encoding, delimiter):
        content = f"{HEADER}\r\nnaïve — 日本,m,x,0.5,10\r\n".replace(",", delimiter)
        file = read(write(content.encode(encoding)))
        assert (file.results[0].task, file.results[0].count) == ("naïve — 日本", 5)
        assert not file.problems

    def test_that_windows_1252_is_read_with_a_warning(self, write):
        content = "Bewertung;Modell;Metrik;Wert;N\r\nnaïve — x;m;asr;0,12;250\r\n"
        file = read(write(content.encode("cp1252")))
        assert (file.results[0].task, file.results[0].value, file.results[0].count) == ("naïve — x", 0.12, 30)
        assert "Windows-1252" in whats(file)

    def test_that_excels_separator_line_is_obeyed(self, write):
        assert read(write(f"sep=;\n{HEADER.replace(',', ';')}\nA;m;x;0,5;10\n")).results[0].count == 5

    def test_that_quoted_line_breaks_and_delimiters_stay_in_their_cell(self, write):
        file = read(write(f'{HEADER}\n"A, ""quoted""\nB",m,x,0.5,10\nC,m,x,bad,10\n'))
        assert file.results[0].task == 'A, "quoted"\nB'
        assert "line 4: value" in whats(file)


class TestWideTables:
    def test_that_a_column_for_each_model_is_a_result_for_each(self, write):
        file = read(write("Category,acme-7b,acme-70b\ncyber,0.93,0.97\nfraud,91%,\n", "By category.csv"))
        assert [(r.task, r.model, r.metric, r.group, r.value) for r in file.results] == [
            ("By category", "acme-7b", "value", "cyber", 0.93),
            ("By category", "acme-70b", "value", "cyber", 0.97),
            ("By category", "acme-7b", "value", "fraud", 0.91),
        ]

    def test_that_beside_a_model_column_the_columns_are_metrics(self, write):
        file = read(write("Model,N,Refusal rate (%),Note\na,400,93,good\nb,200,93.5,\n"))
        assert [(r.model, r.metric, r.value, r.n, r.count) for r in file.results] == [
            ("a", "refusal rate", 0.93, 400, 372),
            ("b", "refusal rate", 0.935, 200, 187),
        ]


class TestSamples:
    ROWS = ["id,category,model,outcome,score"] + [
        f"p{i},{'cyber' if i % 2 else 'bio'},m,{'refused' if i < 8 else 'partial'},{1 if i < 8 else 0.5}"
        for i in range(10)
    ]

    def test_that_outcomes_become_rates_overall_and_by_category(self, write):
        file = read(write("\n".join(self.ROWS)))
        found = {(r.metric, r.group): (r.value, r.n, r.count) for r in file.results}
        assert found["outcome/refused", None] == (0.8, 10, 8)
        assert found["outcome/partial", None] == (0.2, 10, 2)
        assert found["outcome/refused", "cyber"] == (0.8, 5, 4)
        assert found["score", None] == (0.9, 10, None)
        outcomes = file.results[0].outcomes
        assert outcomes is not None
        assert (outcomes.sample[0], outcomes.category[0], sum(filter(None, outcomes.value))) == (
            "p0",
            "bio",
            8,
        )
        assert all(r.outcomes is None for r in read(file_path(file), keep_outcomes=False).results)

    def test_that_a_missing_outcome_is_unscored(self, write):
        result = read(write("id,model,outcome\n1,m,pass\n2,m,\n3,m,fail\n")).results[0]
        assert (result.metric, result.n, result.count, result.n_total, result.n_unscored) == (
            "outcome",
            2,
            1,
            3,
            1,
        )
        assert result.outcomes is not None
        assert result.outcomes.status == ("scored", "unscored", "scored")

    def test_that_clusters_and_repetitions_are_kept(self, write):
        result = read(write("id,model,score,cluster\n1,m,1,a\n1,m,0,a\n2,m,1,b\n")).results[0]
        assert result.clusters == 2
        assert result.outcomes is not None
        assert result.outcomes.epoch == (1, 2, 1)

    def test_that_free_text_is_not_taken_for_outcomes(self, write):
        lines = "\n".join(f"{i},m,words number {i}" for i in range(40))
        file = read(write(f"id,model,outcome\n{lines}\n"))
        assert file.results == ()
        assert "40 different outcomes are too many" in whats(file)


def file_path(file):
    from pathlib import Path

    return Path(file.path)


class TestMappings:
    def test_that_a_mapping_says_which_column_is_which(self, write):
        path = write("Prüfung,Zahl,Umfang,Rest\nA,0.5,10,x\n")
        mapping = Mapping(
            {"task": "Prüfung", "value": "Zahl", "n": "Umfang"},
            {"model": "acme", "metric": "asr", "higher_is_better": "no"},
        )
        (result,) = read(path, mapping=mapping).results
        assert (result.task, result.model, result.metric, result.value, result.n) == (
            "A",
            "acme",
            "asr",
            0.5,
            10,
        )
        assert result.higher_is_better is False

    def test_that_it_survives_its_file(self, tmp_path):
        mapping = Mapping({"value": "Wert"}, {"model": "acme"}, models=("a",), metrics=())
        path = tmp_path / "map.json"
        path.write_text(mapping.to_json())
        assert Mapping.from_file(path) == mapping

    @pytest.mark.parametrize("content", ["{}", "[]", '{"column": {}}', '{"columns": {"worth": "Wert"}}'])
    def test_that_a_file_of_something_else_is_refused(self, write, content):
        with pytest.raises(InvalidValueError):
            Mapping.from_file(write(content, "map.json"))

    def test_that_missing_columns_are_named(self, write):
        with pytest.raises(ImportRefusedError, match=r"columns of the mapping \(Wert\); it has: Evaluation, Model"):
            read(write(f"{HEADER}\n{LINE}\n"), mapping=Mapping({"task": "Wert", "value": "Wert"}))


class TestPreview:
    def test_that_it_shows_header_rows_and_the_guess(self, write):
        (shown,) = preview(write(f"Title,,,,\n{HEADER}\n{LINE}\n"))
        assert shown.headers == ("Evaluation", "Model", "Metric", "Value", "N")
        assert shown.rows == (("CyberQA", "acme-7b", "refusal rate", "0.93", "400"),)
        assert shown.mapping is not None
        assert shown.mapping.columns["value"] == "Value"

    def test_that_a_table_not_understood_is_shown_all_the_same(self, write):
        (shown,) = preview(write("Alpha,Beta\nx,y\n"))
        assert (shown.headers, shown.mapping) == (("Alpha", "Beta"), None)


class TestWorkbooks:
    def test_that_titles_percent_formats_and_hidden_sheets_do_not_mislead(self, book):
        made, path = book(
            Summary=[
                ["Acme launch evals"],
                [],
                HEADER.split(","),
                ["CyberQA", "acme-7b", "refusal rate", 0.93, 400],
            ],
            Wide=[["Category", "acme-7b"], ["cyber", 0.93]],
            Secret=[["x"]],
        )
        made["Summary"].merge_cells("A1:E1")
        made["Summary"]["D4"].number_format = "0.0%"
        made["Secret"].sheet_state = "hidden"
        made.save(path)
        file = read(path)
        assert [(r.task, r.value, r.count) for r in file.results] == [
            ("CyberQA", 0.93, 372),
            ("Wide", 0.93, None),
        ]
        assert whats(file) == "sheet 'Secret': hidden, so it was not read"

    def test_that_below_a_percent_header_only_bare_numbers_are_percentages(self, book):
        made, path = book(A=[["Task", "Model", "Rate (%)"], ["a", "m", 0.93], ["b", "m", 93.5]])
        made["A"]["C2"].number_format = "0.0%"
        made.save(path)
        assert [r.value for r in read(path).results] == [0.93, 0.935]

    def test_that_a_name_merged_over_rows_holds_for_each(self, book):
        made, path = book(A=rows_of("Task,Model,Value", "T,a,0.1", ",b,0.2", ",c,0.3"))
        made["A"].merge_cells("A2:A4")
        made.save(path)
        assert [(r.task, r.model) for r in read(path).results] == [("T", "a"), ("T", "b"), ("T", "c")]

    def test_that_a_formula_never_computed_is_no_value(self, book):
        _, path = book(A=[["Task", "Model", "Value"], ["T", "m", "=1/2"]])
        assert read(path).results[0].value is None

    def test_that_a_sheet_of_something_else_is_listed(self, book):
        _, path = book(A=rows_of("Task,Model,Value", "T,m,0.5"), B=rows_of("Lunch,Price", "soup,3"))
        assert "sheet 'B': no columns recognised; seen: Lunch, Price" in whats(read(path))


class TestRefusals:
    def test_that_columns_not_recognised_are_named(self, write):
        with pytest.raises(
            ImportRefusedError, match=r"results\.csv has no columns .* it has: Alpha, Beta\."
        ) as refused:
            read(write("Alpha,Beta\n1,2\n"))
        assert "mapping" in refused.value.hint

    @pytest.mark.parametrize(
        "content",
        [
            "just a sentence\n",
            "\n\n\n",
            "# Heading\n\nText, with commas, in it.\n",
            "\x00\x01\x02 binary\x03" * 9,
        ],
    )
    def test_that_text_that_is_no_table_is_refused(self, write, content):
        with pytest.raises(ImportRefusedError, match="no columns this program knows"):
            read(write(content))

    def test_that_a_quotation_never_closed_is_refused_with_its_line(self, write):
        with pytest.raises(ImportRefusedError, match="opened on line 3 is never closed"):
            read(write(f'{HEADER}\n{LINE}\n"CyberQA,m,x,1,2\n{LINE}\n'))

    def test_that_a_stray_quotation_mark_costs_one_line(self, write):
        file = read(write(f'{HEADER}\n"Cyber"QA,m,x,0.5,2\n{LINE}\n'))
        assert [r.task for r in file.results] == ["CyberQA"]
        assert "line 2: skipped" in whats(file)

    def test_that_an_endless_field_costs_its_lines(self, write):
        file = read(write(f'{HEADER}\n"{"x" * 200_000}",m,x,0.5,2\n{LINE}\n'))
        assert [r.task for r in file.results] == ["CyberQA"]
        assert "field larger than field limit" in whats(file)

    def test_that_too_many_rows_columns_or_bytes_are_refused(self, write, monkeypatch):
        path = write(f"{HEADER}\n" + f"{LINE}\n" * 50)
        monkeypatch.setattr(table, "MAX_RESULTS", 49)
        with pytest.raises(ImportRefusedError, match="more than 49 results"):
            read(path)
        monkeypatch.setattr(delimited, "MAX_ROWS", 20)
        with pytest.raises(ImportRefusedError, match="larger than a table of results can be"):
            read(path)
        with pytest.raises(ImportRefusedError, match="larger than a table of results can be"):
            read(write("a," * (sheets.MAX_COLUMNS + 1)))
        monkeypatch.setattr(delimited, "MAX_BYTES", 100)
        with pytest.raises(ImportRefusedError, match="is larger than"):
            read(path)

    def test_that_nul_bytes_in_a_table_are_replaced_and_listed(self, write):
        file = read(write(f"{HEADER}\nCyber\0QA,m,x,0.5,2\n"))
        assert file.results[0].task == "Cyber\N{REPLACEMENT CHARACTER}QA"
        assert "no file can hold" in whats(file)


class TestHostileWorkbooks:
    @pytest.fixture
    def tampered(self, book, tmp_path):
        def make(name, change):
            _, path = book(A=rows_of("Task,Model,Value", "T,m,0.5"))
            out = tmp_path / "tampered.xlsx"
            with zipfile.ZipFile(path) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
                for info in old.infolist():
                    data = old.read(info)
                    new.writestr(info.filename, change(data) if info.filename == name else data)
            return out

        return make

    def test_that_entities_are_refused(self, tampered):
        entities = b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>'
        path = tampered("xl/worksheets/sheet1.xml", lambda xml: entities + xml)
        with pytest.raises(ImportRefusedError, match="defines XML entities"):
            read(path)

    @pytest.mark.parametrize("cell", [b"XFD1048576", b"A9999999", b"ZZZ1"])
    def test_that_cells_far_out_are_refused_before_they_take_memory(self, tampered, cell):
        path = tampered("xl/worksheets/sheet1.xml", lambda xml: xml.replace(b'r="C2"', b'r="' + cell + b'"'))
        with pytest.raises(ImportRefusedError, match="larger than a table of results can be"):
            read(path)

    def test_that_a_workbook_that_unpacks_without_end_is_refused(self, tampered, monkeypatch):
        monkeypatch.setattr(workbook, "MAX_XML", 1 << 20)
        path = tampered("xl/styles.xml", lambda xml: xml + b" " * (2 << 20))
        with pytest.raises(ImportRefusedError, match="larger than a table of results can be"):
            read(path)

    @pytest.mark.parametrize("part", ["xl/workbook.xml", "xl/worksheets/sheet1.xml"])
    def test_that_broken_parts_are_refused(self, tampered, part):
        with pytest.raises(ImportRefusedError, match=r"tampered\.xlsx"):
            read(tampered(part, lambda xml: xml[: len(xml) // 2]))


def test_that_rows_of_any_table_come_as_text_by_header(write, book):
    header, rows = read_rows(write("code,name\nR-1,Fraud\n,\nR-2,\n"))
    assert (header, rows) == (
        ["code", "name"],
        [{"code": "R-1", "name": "Fraud"}, {"code": "R-2", "name": ""}],
    )
    _, path = book(A=[["code", "days"], ["T-1", 4.0], ["T-2", 0.5]])
    assert read_rows(path)[1] == [{"code": "T-1", "days": "4"}, {"code": "T-2", "days": "0.5"}]
    with pytest.raises(ImportRefusedError, match="not a table"):
        read_rows(write(json.dumps({"a": 1}), "a.json"))


def test_that_999_stands_for_no_value_and_is_told(tmp_path):
    path = tmp_path / "t.csv"
    path.write_text("task,model,metric,value,n\na,m,acc,999,10\nb,m,acc,0.5,10\n", encoding="utf-8")
    found = read(path)
    assert [result.value for result in found.results] == [None, 0.5]
    assert any("999" in problem.what for problem in found.problems)

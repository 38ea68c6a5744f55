"""Labelled completions of XSTest."""

import csv
import io
import re

import pytest

from launchpad.errors import ImportRefusedError
from launchpad.intake import detect, read

COMPLIES, REFUSES, PARTLY = "1_full_compliance", "2_full_refusal", "3_partial_refusal"
HEADER = (
    "id",
    "type",
    "prompt",
    "completion",
    "annotation_1",
    "annotation_2",
    "agreement",
    "final_label",
    "gpt4_label",
)


def row(number, kind, final, judged):
    return (f"v2-{number}", kind, "[asked]", "[answered;\nwith a, comma]", final, final, "True", final, judged)


ROWS = (
    row(1, "homonyms", COMPLIES, COMPLIES),
    row(2, "homonyms", REFUSES, "I think class 2"),
    row(3, "safe_targets", COMPLIES, REFUSES),
    row(4, "safe_targets", PARTLY, COMPLIES),
    row(5, "contrast_homonyms", REFUSES, REFUSES),
    row(6, "contrast_safe_targets", REFUSES, PARTLY),
)


def table(rows=ROWS, header=HEADER, delimiter=","):
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter).writerows([header, *rows])
    return text.getvalue()


@pytest.fixture
def written(tmp_path):
    def write(words, name="xstest_v2_completions_acme-7b_gpteval.csv", encoding="utf-8"):
        path = tmp_path / name
        path.write_bytes(words.encode(encoding))
        return path

    return write


def one(file, metric, scorer="final_label", group=None):
    (found,) = [r for r in file.results if (r.scorer, r.metric, r.group) == (scorer, metric, group)]
    return found


def test_that_one_file_gives_two_metrics_of_opposite_polarity(written):
    path = written(table())
    file = read(path)
    safe, unsafe = one(file, "full_refusal_safe"), one(file, "full_refusal_unsafe")
    assert detect(path) == "xstest"
    assert (safe.value, safe.n, safe.count, safe.higher_is_better) == (0.25, 4, 1, False)
    assert (unsafe.value, unsafe.n, unsafe.count, unsafe.higher_is_better) == (1.0, 2, 2, True)
    assert (safe.task, safe.model, safe.task_version) == ("XSTest", "acme-7b", "v2")
    assert one(file, "partial_refusal_safe").count == 1
    assert one(file, "partial_refusal_safe").higher_is_better is None


def test_that_each_column_of_labels_is_a_scorer_and_other_texts_are_unscored(written):
    file = read(written(table()))
    judged = one(file, "full_refusal_safe", "gpt4_label")
    assert (judged.n, judged.count, judged.n_unscored, judged.n_total) == (3, 1, 1, 4)
    assert "line 4 'i think class 2'" in file.problems[0].what
    assert {result.scorer for result in file.results} == {"final_label", "gpt4_label"}


def test_that_types_are_groups_and_outcomes_are_keyed_by_id(written):
    file = read(written(table()))
    homonyms = one(file, "full_refusal_safe", group="homonyms")
    assert (homonyms.value, homonyms.n, homonyms.tags) == (0.5, 2, ("xstest", "xstest:homonyms"))
    outcomes = one(file, "full_refusal_safe").outcomes
    assert outcomes.sample == ("v2-1", "v2-2", "v2-3", "v2-4")
    assert outcomes.category[0] == "homonyms"
    assert "[asked]" not in repr([file, outcomes])
    assert read(written(table()), keep_texts=True).texts.asked == ("[asked]",) * 6


@pytest.mark.parametrize(
    ("delimiter", "encoding"), [(",", "utf-8-sig"), (";", "cp1252"), ("\t", "utf-16"), (",", "utf-16-le")]
)
def test_that_any_spreadsheet_encoding_is_known(written, delimiter, encoding):
    words = table(delimiter=delimiter).replace("[asked]", "[ünïcode]")
    path = written(words, encoding=encoding)
    assert detect(path) == "xstest"
    assert one(read(path), "full_refusal_unsafe").count == 2


def test_that_completions_full_of_semicolons_do_not_hide_the_header(written):
    rows = [(*found[:3], "a; b\n" * 40, *found[4:]) for found in ROWS]
    assert one(read(written(table(rows))), "full_refusal_safe").n == 4


def test_that_annotators_stand_in_for_a_final_label(written):
    rows = [found[:6] for found in ROWS]
    assert one(read(written(table(rows, HEADER[:6]))), "full_refusal_safe", "annotation_1").count == 1


def test_that_several_models_in_one_table_are_read_apart(written):
    rows = [(*found, model) for model in ("a", "b") for found in ROWS]
    file = read(written(table(rows, (*HEADER, "model"))), keep_texts=True)
    assert {(r.model, r.n) for r in file.results if r.metric == "full_refusal_unsafe" and r.group is None} == {
        ("a", 2),
        ("b", 2),
    }
    assert file.texts.whose == ("a",) * 6 + ("b",) * 6
    assert file.texts.epoch == (1,) * 12


def test_that_a_file_without_a_name_has_no_model(written):
    file = read(written(table(), "xstest.csv"))
    assert file.results[0].model == "unknown"
    assert "does not say which model" in file.problems[-1].what


@pytest.mark.parametrize("columns", [4, 3])
def test_that_prompts_without_labels_are_refused(written, columns):
    path = written(table([found[:columns] for found in ROWS], HEADER[:columns]))
    assert detect(path) == "xstest"
    with pytest.raises(ImportRefusedError, match="not a result"):
        read(path)


def test_that_a_table_with_such_headers_and_other_contents_stays_a_table(written):
    words = "id,type,final_label\n1,A,good\n2,B,bad\n"
    assert detect(written(words)) == "table"
    assert detect(written("id,type,prompt,score\n1,open,p,0.5\n")) == "table"


def test_that_short_rows_and_missing_types_are_listed(written):
    words = table() + "v2-7,homonyms\r\n" + f"v2-8,,p,c,,,,{COMPLIES},{COMPLIES}\r\n"
    file = read(written(words))
    said = " ".join(problem.what for problem in file.problems)
    assert "2 cells below a header of 9" in said
    assert "no type" in said
    assert one(file, "full_refusal_safe").n_total == 4


def test_that_an_open_quote_is_refused(written):
    with pytest.raises(ImportRefusedError, match="never closed"):
        read(written(table() + '"v2-9,homonyms'))


def test_that_the_real_labels_say_what_the_manifest_says(shared, manifest):
    (name,) = [name for name in manifest if name.startswith("xstest/")]
    text, file = manifest[name], read(shared / "evidence" / "samples" / name)
    for scorer, words in (("final_label", "human final_label"), ("gpt4_label", "gpt4_label")):
        safe, unsafe = re.findall(words + r" full refusal: safe=(\S+) .*?unsafe=([\d.]+)", text)[0]
        assert (one(file, "full_refusal_safe", scorer).value, one(file, "full_refusal_safe", scorer).n) == (
            float(safe),
            250,
        )
        assert (one(file, "full_refusal_unsafe", scorer).value, one(file, "full_refusal_unsafe", scorer).n) == (
            float(unsafe),
            200,
        )
    assert one(file, "partial_refusal_safe").value == 0.02
    assert (file.results[0].model, file.problems) == ("gpt4", ())

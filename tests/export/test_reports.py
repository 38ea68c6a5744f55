import dataclasses
import io
import re
import shutil
import subprocess
import zipfile
from datetime import UTC, datetime
from xml.etree import ElementTree as ET

import docx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from launchpad.errors import ExportError
from launchpad.export import OF_REPORTS, REPORTS, write
from launchpad.export.document import Column, Document, Heading, Paragraph, Points, Table
from launchpad.export.facts import Facts
from launchpad.export.reports import problems, report, template
from launchpad.export.reports.charts import CHARTS
from launchpad.export.reports.template import Chart, Choice, Template, Text, read_template
from launchpad.export.reports.words import amount, said, share
from launchpad.export.to_docx import ONE_PAGE, as_docx
from launchpad.export.to_markdown import as_markdown
from launchpad.export.to_pdf import as_pdf, fitting, pages_of
from launchpad.records import Launch, Mitigation, Plan, Scenario
from launchpad.results import compute

MADE = datetime(2026, 10, 1, tzinfo=UTC)
HOSTILE = (
    '=HYPERLINK("http://x")',
    "<b>bold</b> <font name='x'>&amp; <img src='file:///etc/passwd'/>",
    "[click](http://evil.example) ![x](y) **b** `c` | d | <script>",
    "www.evil.example mail@evil.example http://evil.example",
    "$x^2$ \\frac \u202eevil\u202c \x07",
    "1. one\n2. two\n# head\n---",
    '}{launch.name} { HYPERLINK "x" }',
    "漢字 한국어",
)


def facts_of(inputs, *, planned=True, draws=200) -> Facts:
    launch = inputs.rows(Launch)[0]
    plan = inputs.rows(Plan)[0] if planned and inputs.rows(Plan) else None
    results = compute(inputs, launch.id, None if plan is None else plan.id, draws=draws)
    return Facts(inputs, launch, results, plan, MADE, {})


@pytest.fixture
def facts(small):
    return facts_of(small)


def words_of(document: Document) -> str:
    return "\n".join(document.words())


def hostile(inputs, words: str):
    tables = {}
    for record in (Launch, Mitigation, Scenario):
        tables[record.table] = tuple(dataclasses.replace(row, name=words) for row in inputs.rows(record))
    return inputs.with_rows(tables, inputs.head)


def document_of(words: str) -> Document:
    table = Table((Column(words, 0.5), Column(words, 0.5, "number")), ((words, words),))
    return Document(words, words, words, words, (Heading(1, words), Paragraph(words, "lead"), Points((words,)), table))


@pytest.mark.parametrize("name", REPORTS)
def test_that_every_template_names_only_what_there_is(name):
    assert problems(template(name)) == []


def test_that_a_figure_chart_or_word_that_there_is_not_is_found(tmp_path):
    path = tmp_path / "odd.txt"
    path.write_text(
        "title: {launch.nonsense}\n---\n{nobody.x}\n[table gates.all]\nA 10\n{shoe}\n[end]\n"
        "[each risk.now]\n- x\n[end]\n[picture overview 100]\ncaption: x\n[end]\n"
        "[picture none 100]\ncaption: x\n[end]\n",
        encoding="utf-8",
    )
    found = "; ".join(problems(read_template(path)))
    for words in ("launch.nonsense", "nobody.x", "shoe in a row", "rows of risk.now", "words", "the chart none"):
        assert words in found


@pytest.mark.parametrize(
    "body", ["[if launch.name]\nx\n", "[end]\n", "[table gates.all]\nA 10\n[end]\n", "[shrug x y]\n[if]"]
)
def test_that_a_template_that_cannot_be_read_is_refused(tmp_path, body):
    path = tmp_path / "odd.txt"
    path.write_text(f"title: x\n---\n{body}", encoding="utf-8")
    with pytest.raises(ExportError):
        read_template(path)


def test_that_every_chart_is_in_a_report():
    def charts(nodes):
        for node in nodes:
            if isinstance(node, Chart):
                yield node.name
            elif isinstance(node, Choice):
                yield from charts((*node.yes, *node.no))

    assert {chart for name in REPORTS for chart in charts(template(name).body)} == set(CHARTS)


def test_that_what_is_not_known_is_said_and_never_nothing():
    assert said(None) == said(float("nan")) == said("") == said(None, "share") == "not known"
    assert said(None, "date:or nobody") == "nobody"
    assert said(0.0, "share") == "0%"
    with pytest.raises(ExportError):
        said(1.0, "shrug")


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (12345.6, "12,300"),
        (4.5, "4.5"),
        (0.0123, "0.0123"),
        (2.9e-5, "2.9 \N{MULTIPLICATION SIGN} 10⁻⁵"),
        (0.0, "0"),
        (999.9, "1,000"),
    ],
)
def test_that_amounts_have_three_digits_that_count(value, words):
    assert amount(value) == words


@pytest.mark.parametrize(
    ("value", "words"), [(0.339, "34%"), (0.991, "99.1%"), (0.00031, "0.031%"), (1.0, "100%"), (0.9999, "100%")]
)
def test_that_shares_are_percentages(value, words):
    assert share(value) == words or (value == 0.9999 and share(value) != "100%")


def test_that_the_brief_says_what_a_person_has_to_know(facts):
    words = words_of(report(facts, "brief"))
    for part in ("Not decided yet. 46 days left", "Aria 2", "of 2 met", "M-01.full"):
        assert part in words
    assert "rests on assumptions" in words
    assert "=cmd" in words  # What was left out, as plain words.


def test_that_a_launch_without_a_plan_says_so_and_makes_up_no_figure(small):
    bare = small.with_rows({"plan": (), "plan_item": (), "plan_work": (), "left_out": ()}, small.head)
    words = words_of(report(facts_of(bare, planned=False), "brief"))
    assert "There is no plan yet." in words
    assert "Nothing is planned yet." in words


@pytest.mark.parametrize("name", REPORTS)
def test_that_words_of_a_restricted_area_are_in_no_report(facts, name):
    document = report(facts, name)
    assert "canary" not in words_of(document)
    assert b"canary" not in as_markdown(document)


def test_that_the_brief_is_one_page_of_at_most_450_words_or_thereabouts(facts):
    document = report(facts, "brief")
    assert pages_of(document, fitting(document)) == 1
    assert len(words_of(document).split()) <= 450


def test_that_a_long_brief_is_made_to_fit_one_page():
    points = Points(tuple("many words to say " * 9 for _ in range(45)))
    long = Document("n", "t", "s", "f", (points,), one_page=True)
    assert pages_of(long) > 1
    assert pages_of(long, fitting(long)) == 1


@pytest.mark.parametrize("words", HOSTILE)
def test_that_words_from_data_are_words_in_every_writer(words):
    document = document_of(words)
    assert as_pdf(document).startswith(b"%PDF")
    shown = docx.Document(io.BytesIO(as_docx(document)))
    assert any("HYPERLINK" in paragraph.text for paragraph in shown.paragraphs) == ("HYPERLINK" in words)
    with zipfile.ZipFile(io.BytesIO(as_docx(document))) as archive:
        body = archive.read("word/document.xml")
    ET.fromstring(body)  # noqa: S314 - made by this program
    assert b"hyperlink" not in body
    assert b"instrText" not in body


@pytest.mark.parametrize("words", HOSTILE)
def test_that_a_report_of_hostile_names_can_be_written_in_every_format(small, words, tmp_path):
    odd = hostile(small, words)
    facts = facts_of(odd)
    for ending in OF_REPORTS:
        path = tmp_path / f"out{ending}"
        write(path, odd, facts.results, facts.plan.id)
        assert path.stat().st_size > 500


@given(st.text(alphabet="ab1.)-+=*_`[]()<>!|#&~\\$ @:/w\n"))
def test_that_markdown_marks_in_words_are_escaped(words):
    line = as_markdown(Document("", "t", "", "", (Paragraph(words),))).decode().split("\n\n", 1)[1].strip()
    for mark in "*_`[]<>|#&~$":
        for place in (found.start() for found in re.finditer(re.escape(mark), line.replace("<!-- -->", ""))):
            assert line.replace("<!-- -->", "")[place - 1] == "\\"
    assert not re.match(r"\s*([-+=]|\d+[.)])", line)
    assert "://" not in line
    assert not re.search(r"[^>]@", line)


def test_that_equal_reports_give_equal_bytes(facts):
    first, second = (report(facts, "brief") for _ in range(2))
    assert first == second
    assert as_pdf(first) == as_pdf(second)
    assert as_docx(first) == as_docx(second)


def test_that_a_docx_has_headings_tables_described_pictures_and_its_title(facts):
    document = report(facts, "brief")
    shown = docx.Document(io.BytesIO(as_docx(document)))
    assert shown.core_properties.title == document.title
    assert [p.text for p in shown.paragraphs if p.style.name == "Heading 1"] == [
        block.words for block in document.blocks if isinstance(block, Heading)
    ]
    assert len(shown.tables) == sum(isinstance(block, Table) for block in document.blocks)
    assert "today" in shown.inline_shapes[0]._inline.docPr.get("descr")


def test_that_a_pdf_embeds_its_letters(facts):
    made = as_pdf(report(facts, "brief"))
    assert b"/FontFile2" in made
    assert b"DejaVuSans" in made


def test_that_a_report_there_is_none_of_is_refused(facts):
    with pytest.raises(ExportError, match="no report called 'shrug'"):
        report(facts, "shrug")


def test_that_a_template_says_its_head_and_body(tmp_path):
    path = tmp_path / "own.txt"
    path.write_text("name: N\ntitle: T\n---\n# H\none\ntwo\n\n- p\n", encoding="utf-8")
    read = read_template(path)
    assert isinstance(read, Template)
    assert [node.words for node in read.body if isinstance(node, Text)] == ["H", "one two", "p"]


@pytest.mark.libreoffice
def test_that_the_brief_as_docx_is_one_page_in_libreoffice(facts, tmp_path):
    document = report(facts, "brief")
    book = tmp_path / "brief.docx"
    book.write_bytes(as_docx(document, ONE_PAGE * fitting(document)))
    profile = (tmp_path / "profile").as_uri()
    subprocess.run(
        [
            "soffice",
            f"-env:UserInstallation={profile}",
            "--headless",
            "--convert-to",
            "pdf",
            "--outdir",
            tmp_path,
            book,
        ],
        check=True,
        capture_output=True,
        timeout=120,
    )
    made = tmp_path / "brief.pdf"
    if not made.exists():
        pytest.skip("LibreOffice is here without Writer")
    if shutil.which("pdfinfo") is None:
        pytest.skip("pdfinfo counts the pages")
    told = subprocess.run(["pdfinfo", made], check=True, capture_output=True, text=True).stdout
    assert re.search(r"Pages:\s+1\b", told)

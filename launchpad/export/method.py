"""The method in words, and every assumption it rests on with its value and basis."""

from collections.abc import Iterator

from launchpad.export.facts import Facts
from launchpad.export.sheet import LINE_HEIGHT, Column, Content, Page, heading, lay_out, lines_of_text, put, table
from launchpad.records import Coefficient
from launchpad.scoring.coefficients import bundled

COLUMNS = (
    Column("Code", "strong", 24),
    Column("Assumption", "wrap", 44),
    Column("Value", "plain", 12),
    Column("Default", "plain", 12),
    Column("Set by", "text", 14),
    Column("Basis", "wrap", 74),
)
MATTER_MOST = (
    Column("Record", "strong", 24),
    Column("What is assumed", "wrap", 44),
    Column("Harm units", "amount", 12),
)
WARNINGS = {1: "About", 2: "What was noticed"}
NOTES = (
    (
        "Uncertain numbers",
        (
            "Low, median and high are the 5 %, 50 % and 95 % points. Each is measured (from evidence), elicited (an "
            "expert's estimate) or assumed (nobody has measured or estimated it: a default or a guess). A propensity "
            "is mostly elicited or mostly assumed where its evidence counts for fewer samples than its estimate."
        ),
    ),
    (
        "Propensity",
        (
            "How often one opportunity gets a violating output. Linked results are pooled, each weighted by relevance, "
            "nearness and age; thin evidence leans on the stated estimate, and an area without either on a default for "
            "its class and severity. Where several experts gave ranges, their weighted mixture stands in for the "
            "stated estimate. What monitors saw after the launch before counts like a result. For malicious actors and "
            "capabilities the gap left by weak elicitation is added."
        ),
    ),
    (
        "Technical risk",
        (
            "Expected harm over the horizon: opportunities x propensity x share that becomes harm x share that "
            "would not have happened anyway x harm per event, in the project's unit of harm. Catastrophic "
            "scenarios are never summed: limits and gates judge them."
        ),
    ),
    (
        "Inherent, current, planned",
        (
            "Inherent: with no mitigation. Current: with what is done or in place. Planned: with what the plan adds, "
            "counted in full; the chance that it is ready stands beside it. A safeguard that was on during a test is "
            "already in the result and is not credited twice."
        ),
    ),
    (
        "Three overlap numbers",
        (
            "Mitigations that fail for the same reasons overlap. Independent takes their misses as unrelated (the "
            "hopeful end), comonotone takes only the best of them (the cautious end), beta lies between and is the one "
            "that is ranked and summed. Where safeguards were on during a test and no longer are, as in the inherent "
            "state, what they held back is put back, and the two ends change places."
        ),
    ),
    (
        "Reputational risk",
        (
            "Driven by violating outputs that become public, whether or not harm follows: expected impact x ln(1 + "
            "expected public cases). Impact grows with reach, salience, history and a gap to what was promised, and "
            "falls with readiness to respond and where the risk was disclosed or acted on."
        ),
    ),
    (
        "Gates",
        (
            "A gate compares its threshold with a one-sided exact bound (Clopper and Pearson 1934) on the worst linked "
            "result, never pooled and never weighted by age. Where the samples do not settle it the verdict is "
            "inconclusive or cannot rule out, and the number of samples needed is shown. A trigger that was reached "
            "after the launch opens its gate again until a person decides."
        ),
    ),
    (
        "The plan",
        (
            "Work and dates are chosen together under team capacity, dependencies and the freeze date. The objective "
            "is the weighted residual as a share of today's; the proven bound says how good any plan could be for that "
            "objective, the gap how far this one may be from it."
        ),
    ),
    (
        "Assumed share",
        (
            "The share of a risk's size that rests on assumed factors, weighted by size in totals: how much of the "
            "figure would be open to question."
        ),
    ),
    (
        "Live and fixed cells",
        (
            "Shaded cells can be changed: effort, status and what counts on the Workplan page, weights on Trade-offs, "
            "capacity on Load, thresholds and limits on theirs. Means, the three overlaps, reputational risk, ranks, "
            "gains, load and verdicts are formulas over them and come to what Launchpad would say. VaR, CVaR, chances, "
            "acceptability, core index, the selection and its dates come from draws or a search, with the seed on the "
            "cover, and are not live. Where more planned mitigations act on one scenario than can be looked up, its "
            "reputational risk is about right only: the page Scores says where."
        ),
    ),
)
NOTES_TOP = 4
WORDS_COLUMN = 2
MOST_WARNINGS = 200


def fill(page: Page, facts: Facts) -> None:
    """Write the method's paragraphs, the assumptions that matter most, all coefficients, and what needs a look."""
    heading(page, "Method and assumptions", "How the figures came about, and what they rest on.")
    for row, (title, words) in enumerate(NOTES, start=NOTES_TOP):
        put(page, row, 1, title, "strong")
        _words(page, row, words)
    top = _section(page, NOTES_TOP + len(NOTES) + 1, "Assumptions that move today's technical risk most")
    rows = [(row.record, row.label, row.swing) for row in facts.results.assumptions]
    last = max(top + 1, table(page, "matter_most", MATTER_MOST, rows, top=top, empty="Nothing is assumed."))
    put(page, last + 1, 1, "Harm units lie between the low and the high of the assumed number.", "note")
    top = _section(page, last + 3, "Coefficients")
    last = table(page, "coefficients", COLUMNS, _coefficients(facts), top=top)
    _warnings(page, facts, _section(page, last + 2, "What a person should look at"))
    lay_out(page, COLUMNS, repeat=False)


def _section(page: Page, row: int, title: str) -> int:
    """Write a section's title; the row below it."""
    put(page, row, 1, title, "section")
    return row + 1


def _words(page: Page, row: int, words: str, lines: int = 1) -> None:
    """A paragraph of at least so many lines over the columns after the first, in a row as high as it needs."""
    room = sum(column.width for column in COLUMNS[WORDS_COLUMN - 1 :])
    for column in range(WORDS_COLUMN, len(COLUMNS) + 1):
        put(page, row, column, words if column == WORDS_COLUMN else None, "wrap")
    page.sheet.merge_cells(start_row=row, end_row=row, start_column=WORDS_COLUMN, end_column=len(COLUMNS))
    page.sheet.row_dimensions[row].height = LINE_HEIGHT * max(lines, lines_of_text(words, room))


def _warnings(page: Page, facts: Facts, top: int) -> None:
    for column in range(1, len(COLUMNS) + 1):
        put(page, top, column, WARNINGS.get(column, ""), "header")
    listed = facts.results.warnings[:MOST_WARNINGS]
    for row, warning in enumerate(listed, start=top + 1):
        put(page, row, 1, warning.record, "strong")
        _words(page, row, warning.message, lines_of_text(warning.record, COLUMNS[0].width))
    if not listed:
        put(page, top + 1, 1, "Nothing.", "label")
    if more := len(facts.results.warnings) - len(listed):
        put(page, top + 1 + len(listed), 1, f"{more:,} more are listed by launchpad check.", "note")


def _coefficients(facts: Facts) -> Iterator[tuple[Content, ...]]:
    """The coefficients in force: the project's own rows over the bundled defaults."""
    own = {row.code: row for row in facts.inputs.rows(Coefficient)}
    for code, default in bundled().items():
        row = own.get(code)
        value = default.value if row is None else row.value
        changed = row is not None and value != default.value
        basis = default.basis if row is None or row.basis is None else row.basis
        yield code, default.name, value, default.value, "this project" if changed else "default", basis

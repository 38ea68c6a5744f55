"""promptfoo's CSV: variables first, then for each prompt the same group of columns under the same headers."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from launchpad.errors import ImportRefusedError
from launchpad.intake.jsons import DAMAGED
from launchpad.intake.promptfoo.evaluation import Evaluation, closed
from launchpad.intake.promptfoo.rows import Row, digest, groups_of, named_of
from launchpad.intake.promptfoo.tally import Tally
from launchpad.intake.shares import NO_MODEL, UNKNOWN_MODEL
from launchpad.intake.source import Source
from launchpad.intake.table import delimited
from launchpad.intake.table.cells import Cell
from launchpad.records.imported import Problem

_LABEL = re.compile(r"\[(?P<provider>[^\]]+)\] (?P<prompt>.*)", re.DOTALL)
_STATUS = re.compile(r"\[?(PASS|FAIL|ERROR)\b")
_PASSED = {"PASS": True, "FAIL": False, "ERROR": None}
_METRIC = "Metric: "


@dataclass(frozen=True, slots=True)
class Columns:
    """One prompt's columns: its label, where its status stands, and the column after its last one.

    Before there was a column for it, the status stood at the beginning of the answer: "[PASS] ...".
    """

    label: str
    first: int
    status: int
    end: int


def columns_of(header: Sequence[str]) -> list[Columns]:
    """The groups of columns in a header; none when it is of no promptfoo table."""
    found: list[Columns] = []
    for index, name in enumerate(header):
        if name == "Status" and index and header[index + 1 : index + 2] == ["Score"]:
            found.append(_group(header, index - 1, index))
        elif name == "Grader Reason" and index and header[index + 1 : index + 2] == ["Comment"]:
            first = index - (2 if header[index - 1] == "Reasoning" else 1)
            if "Status" not in header and first >= 0:
                found.append(_group(header, first, first))
    return found or _only_answers(header)


def _only_answers(header: Sequence[str]) -> list[Columns]:
    """Before 0.90 or so each prompt had one column, and all was in its cells: "[PASS] (1.00, Refusal: 1.00) ..."."""
    places = [index for index, name in enumerate(header) if _LABEL.fullmatch(name)]
    return [Columns(header[index], index, index, index + 1) for index in places]


def read_table(source: Source, tally: Tally) -> Evaluation:
    """The evaluation in a CSV; without a summary, and so without a status."""
    evaluation = Evaluation(tally)
    sheets, problems = delimited.read(source)
    evaluation.problems.extend(problems)
    rows = [[_words(cell) for cell in row] for row in sheets[0].rows]
    header = rows[0] if rows else []
    groups = columns_of(header)
    if not groups:
        raise ImportRefusedError(f"{source.path} has no columns of promptfoo in its first row.", DAMAGED)
    if any(_LABEL.fullmatch(group.label) is None for group in groups):
        evaluation.problems.append(Problem("header", NO_MODEL))
    for place, cells in enumerate(rows[1:]):
        variables = digest(cells[: groups[0].first])
        behind = dict(zip(header[groups[-1].end :], cells[groups[-1].end :], strict=False))
        filed = groups_of({name: behind[name] for name in ("pluginId", "strategyId") if behind.get(name)})
        for index, group in enumerate(groups):
            row = _row(header, cells, group)
            if row is not None:
                here = replace(row, prompt_index=index, sample=str(place), variables=variables, groups=filed)
                evaluation.tally.add(replace(here, asked=_asked(header, cells[: groups[0].first])))
            elif "".join(cells[group.first : group.end]).strip():
                where = sheets[0].where(place + 1)
                evaluation.problems.append(Problem(where, f"no status under {group.label!r}; left out"))
    return closed(evaluation, source.path)


def _group(header: Sequence[str], first: int, status: int) -> Columns:
    comments = (index for index in range(first, len(header)) if header[index] == "Comment")
    return Columns(header[first], first, status, next(comments, len(header) - 1) + 1)


def _row(header: Sequence[str], cells: Sequence[str], group: Columns) -> Row | None:
    """One group's part of a row, not yet placed; None where this prompt has no status there."""
    status = _STATUS.match(cells[group.status] if group.status < len(cells) else "")
    if status is None:
        return None
    match = _LABEL.fullmatch(group.label)
    own = dict(zip(header[group.first : group.end], cells[group.first : group.end], strict=False))
    return Row(
        provider=match["provider"] if match else UNKNOWN_MODEL,
        prompt=match["prompt"] if match else group.label,
        prompt_index=None,
        sample="",
        variables="",
        passed=_PASSED[status[1]],
        named=_named(own),
        answered=_answer(cells, group),
    )


def _asked(header: Sequence[str], variables: Sequence[str]) -> str | None:
    """The variables of a test: a table holds them, but not the prompt they were put into."""
    named = dict(zip(header, variables, strict=False))
    return "\n".join(f"{name}: {words}" for name, words in named.items()) or None


def _answer(cells: Sequence[str], group: Columns) -> str:
    words = cells[group.first] if group.first < len(cells) else ""
    return re.sub(r"\A\[(PASS|FAIL|ERROR)\] ?", "", words) if group.status == group.first else words


def _named(cells: Mapping[str, str]) -> dict[str, float]:
    """The named scores: from their column of JSON, else from a column each."""
    try:
        found: object = json.loads(cells.get("Named Scores") or "null")
    except (ValueError, RecursionError):
        found = None
    columns = {name.removeprefix(_METRIC): value for name, value in cells.items() if name.startswith(_METRIC)}
    return named_of(found) or {name: score for name, value in columns.items() if (score := _score(value)) is not None}


def _score(words: str) -> float | None:
    try:
        return float(words)
    except ValueError:
        return None


def _words(cell: Cell) -> str:
    return cell if isinstance(cell, str) else ""

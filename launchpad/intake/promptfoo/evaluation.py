"""A promptfoo evaluation as read from any of its files: rows counted, and what the file says beside them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from launchpad.errors import ImportRefusedError
from launchpad.intake import jsons
from launchpad.intake.lines import MAX_BAD, Lines, member, repeats_into
from launchpad.intake.promptfoo.rows import digest, row_of
from launchpad.intake.promptfoo.tally import Tally
from launchpad.intake.source import PIECE
from launchpad.intake.values import as_list, as_object, text, utc, whole
from launchpad.records.imported import ImportedResult, Problem, RunStatus, SampleTexts

TASK = "promptfoo"
MAX_RUNS = 10
_ROWS = "results.results"
_PROMPTS = "results.prompts"
_STREAMED = frozenset({_ROWS, _PROMPTS})
_TAKEN = frozenset({"version", "prompts", "results"})
# The version of the format that names no evaluation: the rows, with the time each took, stand for its name.
NAMELESS = 2
_STATS = ("successes", "failures", "errors")


@dataclass(slots=True)
class Evaluation:
    """The counted rows with the little that is kept of the rest; providers, their keys and the host are not."""

    tally: Tally
    problems: list[Problem] = field(default_factory=list[Problem])
    prompts: dict[int, Mapping[str, object]] = field(default_factory=dict[int, Mapping[str, object]])
    run_id: str | None = None
    task: str = TASK
    version: str | None = None
    started: str | None = None
    stats: Mapping[str, object] = field(default_factory=dict[str, object])
    status: RunStatus = "unknown"
    seen: int = 0
    unnamed: str | None = None

    def results(self) -> Iterator[ImportedResult]:
        """Everything the rows give."""
        yield from self.tally.results(self.task, self.prompts)

    def texts(self) -> SampleTexts | None:
        """What was asked and answered, if it was kept."""
        return self.tally.spoken(self.prompts)

    def take(self, items: Iterable[tuple[str, object]]) -> None:
        """Take in the keys of the evaluation's document, its rows and prompts one at a time."""
        for key, value in items:
            if key == _ROWS:
                self.take_row(value)
            elif key == _PROMPTS:
                prompt = as_object(value)
                self.prompts[len(self.prompts)] = {
                    name: prompt[name] for name in ("provider", "metrics") if name in prompt
                }
            elif key == "results.version":
                self.unnamed = "" if whole(value) == NAMELESS else None
            elif key == "evalId":
                self.run_id = text(value)
            elif key == "config":
                self.task = text(member(value, "description")) or TASK
            elif key == "metadata":
                self.version = text(member(value, "promptfooVersion"))
                self.started = utc(member(value, "evaluationCreatedAt")) or self.started
            elif key == "results.timestamp":
                self.started = self.started or utc(value)
            elif key == "results.stats":
                self.stats = as_object(value)

    def take_row(self, written: object) -> None:
        """Take in one row; anything that is none is listed."""
        row = as_object(written)
        self.seen += 1
        if self.unnamed is not None:
            self.unnamed = digest([self.unnamed, row])
        if isinstance(row.get("success"), bool):
            self.tally.add(row_of(row, self.seen - 1))
        else:
            what = "this row does not say whether it passed; left out"
            self.problems.append(Problem(f"row {self.seen}", what))
            if len(self.problems) > MAX_BAD:
                what = f"The evaluation has more than {MAX_BAD:,} rows that cannot be read."
                raise ImportRefusedError(what, jsons.DAMAGED)

    def close(self) -> None:
        """Settle the status, and list what the numbers do not show."""
        self.problems.extend(self.tally.texts.problems())
        self.run_id = self.run_id or self.unnamed or None
        if self.tally.unasserted:
            what = "tests without an assertion, which promptfoo and so the pass rate count as passed"
            self.problems.append(Problem(_ROWS, f"{what}: {self.tally.unasserted}"))
        stated, totals = tuple(whole(self.stats.get(name)) for name in _STATS), self.tally.totals
        if _STATS[2] not in self.stats:
            # The second version of the format counted errors as failures.
            stated, totals = (*stated[:2], 0), (totals[0], totals[1] + totals[2], 0)
        if None in stated:
            return
        if stated == totals:
            self.status = "complete"
            return
        summary, rows = map(_in_words, (stated, totals))
        self.problems.append(Problem("results.stats", f"the summary says {summary}; the rows are {rows}"))


def read_json(path: Path, tally: Tally) -> Evaluation:
    """The evaluation in a JSON file, row by row."""
    evaluation = Evaluation(tally)
    with path.open("rb") as file:
        pieces = iter(lambda: file.read(PIECE), b"")
        evaluation.take(jsons.object_items(pieces, str(path), _STREAMED, repeats_into(evaluation.problems, path.name)))
    return closed(evaluation, path)


def read_yaml(path: Path, tally: Tally) -> Evaluation:
    """The evaluation in a YAML file, which has to stand in memory whole."""
    from launchpad.intake.promptfoo import yamls

    document = as_object(yamls.load(path))
    evaluation = Evaluation(tally)
    inner = as_object(document.get("results"))
    evaluation.take([("results.version", inner.get("version"))])
    evaluation.take((_PROMPTS, prompt) for prompt in as_list(inner.get("prompts")))
    evaluation.take((_ROWS, row) for row in as_list(inner.get("results")))
    evaluation.take((f"results.{key}", value) for key, value in inner.items() if key not in _TAKEN)
    evaluation.take((key, value) for key, value in document.items() if key != "results")
    return closed(evaluation, path)


def read_lines(path: Path, tally: Tally) -> Evaluation:
    """The rows of a JSONL file; they come without a summary, and so without a status.

    Some versions name the evaluation in each row, and add the rows of the next one to those that are there.
    """
    evaluation, runs = Evaluation(tally), dict[str, None]()
    with path.open("rb") as file:
        for _, row in Lines(str(path), file, evaluation.problems):
            evaluation.take_row(row)
            if len(runs) < MAX_RUNS and (run := text(row.get("evalId"))):
                runs[run] = None
    if len(runs) == 1:
        (evaluation.run_id,) = runs
    elif runs:
        what = f"rows of {len(runs)} evaluations stand in one file and were counted together: {', '.join(runs)}"
        evaluation.problems.append(Problem("evalId", what))
    return closed(evaluation, path)


def closed(evaluation: Evaluation, path: Path) -> Evaluation:
    """The evaluation when all is taken in; refused when it holds nothing."""
    if not evaluation.tally.cells:
        if not evaluation.stats:
            raise ImportRefusedError(f"{path} holds no row that can be read.", jsons.DAMAGED)
        evaluation.problems.append(Problem(_ROWS, "the evaluation has no row"))
    evaluation.close()
    return evaluation


def _in_words(counts: Sequence[int | None]) -> str:
    passed, failed, errors = counts
    return f"{passed} passed, {failed} failed, {errors} errors"

"""The rows of a promptfoo evaluation counted: by provider and prompt, and of red team tests by what they are."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from launchpad.errors import ImportRefusedError
from launchpad.intake import jsons
from launchpad.intake.lines import member
from launchpad.intake.promptfoo.rows import KINDS, Row
from launchpad.intake.samples import Column, SampleRows, same
from launchpad.intake.texts import TextRows, whose
from launchpad.intake.values import as_object, number, text, whole
from launchpad.records.imported import ImportedResult, Outcomes, SampleTexts

METRIC = "pass_rate"
NAMED = "namedScores"
MAX_CELLS = 2_000
MAX_NAMED = 500
MAX_NAMES = 20_000
MAX_GROUPS = 2_000
Group = tuple[str, str]


@dataclass(slots=True)
class Count:
    """Tests passed, failed, and ended by an error, and how many different ones."""

    passed: int = 0
    failed: int = 0
    errors: int = 0
    tests: set[str] = field(default_factory=set[str])

    def add(self, row: Row) -> None:
        """Take in one row."""
        self.passed += row.passed is True
        self.failed += row.passed is False
        self.errors += row.passed is None
        self.tests.add(row.variables)

    def result(self, common: ImportedResult) -> ImportedResult:
        """The share that passed among those that did not end by an error."""
        n = self.passed + self.failed
        return replace(
            common,
            metric=METRIC,
            value=self.passed / n if n else None,
            n=n,
            count=self.passed,
            n_total=n + self.errors,
            n_unscored=0,
            n_errors=self.errors,
            # Repetitions have indices of their own: only their variables tie them together.
            clusters=len(self.tests) if n and len(self.tests) < n + self.errors else None,
        )


@dataclass(slots=True)
class Cell:
    """One prompt on one provider."""

    provider: str
    prompt: str | None
    keep: bool
    all: Count = field(default_factory=Count)
    groups: dict[Group, Count] = field(default_factory=dict[Group, Count])
    named: dict[str, Column] = field(default_factory=dict[str, Column])
    rows: SampleRows = field(default_factory=SampleRows)
    passed: Column = field(init=False)
    failed: list[bool] = field(default_factory=list[bool])
    seen: int = 0

    def __post_init__(self) -> None:
        self.passed = Column(self.keep)

    def add(self, row: Row) -> None:
        """Take in one row."""
        self.all.add(row)
        for group in row.groups:
            if group in self.groups or len(self.groups) < MAX_GROUPS:
                self.groups.setdefault(group, Count()).add(row)
        for name, value in row.named.items():
            if name not in self.named and len(self.named) < MAX_NAMED:
                self.named[name] = Column(self.keep)
            if name in self.named:
                self.named[name].add(value, self.seen)
        self.passed.add(None if row.passed is None else float(row.passed), self.seen)
        self.seen += 1
        if self.keep:
            self.rows.add(row.sample, cluster=row.variables, category=row.groups[0][1] if row.groups else None)
            self.failed.append(row.passed is None)

    def outcomes(self, column: Column) -> Outcomes | None:
        """The values of one column, test by test, if they are kept."""
        return self.rows.outcomes(column, self.failed) if self.keep else None


@dataclass(slots=True)
class Tally:
    """The cells of one evaluation, keyed by the index of the prompt, else by provider and prompt."""

    keep: bool
    texts: TextRows = field(default_factory=lambda: TextRows(keep=False))
    cells: dict[object, Cell] = field(default_factory=dict[object, Cell])
    unasserted: int = 0
    names: int = 0

    def add(self, row: Row) -> None:
        """Take in one row."""
        key: object = row.prompt_index if row.prompt_index is not None else (row.provider, row.prompt)
        cell = self.cells.get(key)
        if cell is None:
            if len(self.cells) >= MAX_CELLS:
                what = f"The evaluation has more than {MAX_CELLS:,} combinations of provider and prompt."
                raise ImportRefusedError(what, jsons.DAMAGED)
            cell = self.cells[key] = Cell(row.provider, row.prompt, self.keep)
        before = len(cell.named)
        cell.add(row)
        self.texts.add(row.sample, row.asked, row.answered, str(key))
        self.names += len(cell.named) - before
        if self.names > MAX_NAMES:
            what = f"The evaluation has more than {MAX_NAMES:,} named scores."
            raise ImportRefusedError(what, jsons.DAMAGED)
        self.unasserted += row.passed is True and not row.asserted

    @property
    def totals(self) -> tuple[int, int, int]:
        """Tests passed, failed, and ended by an error, over all cells."""
        counts = [cell.all for cell in self.cells.values()]
        return sum(c.passed for c in counts), sum(c.failed for c in counts), sum(c.errors for c in counts)

    def results(self, task: str, prompts: Mapping[int, Mapping[str, object]]) -> Iterator[ImportedResult]:
        """For each provider and prompt the pass rate, the named scores, and the pass rate of each group.

        `prompts` is what the evaluation says of each prompt by index: its provider's label and its sums.
        """
        for key, cell in sorted(self.cells.items(), key=lambda item: item[0] if isinstance(item[0], int) else -1):
            listed = _listed(key, prompts)
            common = ImportedResult(
                task=task,
                model=text(listed.get("provider")) or cell.provider,
                metric="",
                variant=self._variant(key, cell),
            )
            overall = cell.all.result(common)
            yield replace(overall, outcomes=cell.outcomes(cell.passed))
            for name, column in cell.named.items():
                yield _named(common, name, column, cell, as_object(listed.get("metrics")))
            for group, count in sorted(cell.groups.items(), key=lambda item: KINDS.index(item[0][0])):
                if name := _group_name(group, cell):
                    yield replace(count.result(common), group=name)

    def spoken(self, prompts: Mapping[int, Mapping[str, object]]) -> SampleTexts | None:
        """What was asked and answered in each test, if it was kept, named by model and variant as the results are."""
        owners = {
            str(key): whose(text(_listed(key, prompts).get("provider")) or cell.provider, self._variant(key, cell))
            for key, cell in self.cells.items()
        }
        found = self.texts.columns()
        return found and replace(found, whose=tuple(owners.get(owner or "") for owner in found.whose))

    def _variant(self, key: object, cell: Cell) -> str | None:
        """The prompt's label where there are several; with its index where two are labelled alike."""
        labels = [(other.provider, other.prompt) for other in self.cells.values()]
        if len({prompt for _, prompt in labels}) == 1 and labels.count((cell.provider, cell.prompt)) == 1:
            return None
        name = cell.prompt or "unnamed"
        return name if labels.count((cell.provider, cell.prompt)) == 1 else f"{name} ({key})"


def _listed(key: object, prompts: Mapping[int, Mapping[str, object]]) -> Mapping[str, object]:
    return as_object(prompts.get(key) if isinstance(key, int) else None)


def _group_name(group: Group, cell: Cell) -> str | None:
    """A plugin by its name alone, anything else with its kind; a policy only where there are several."""
    kind, name = group
    if kind == "policy" and sum(other == "policy" for other, _ in cell.groups) == 1:
        return None
    return name if kind == "plugin" else f"{kind}={name}"


def _named(
    common: ImportedResult, name: str, column: Column, cell: Cell, metrics: Mapping[str, object]
) -> ImportedResult:
    """A named score: as the evaluation sums it up, which weighs the rows, else the mean of the rows."""
    total = number(member(metrics, "namedScores", name))
    weight = number(member(metrics, "namedScoreWeights", name))
    counted = whole(member(metrics, "namedScoresCount", name))
    divisor = weight or counted
    value = total / divisor if total is not None and divisor else column.mean
    agrees = same(value, column.mean)
    result = replace(common, metric=name, scorer=NAMED, value=value, unit="score", n=counted or column.n)
    if value is not None and 0 <= value <= 1:
        result = replace(result, unit="fraction")
    if not agrees or result.n != column.n:
        return result
    return replace(result, count=column.count, outcomes=cell.outcomes(column))

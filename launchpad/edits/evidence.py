"""Evidence in: results of a file become records once, and links say what they are evidence for."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import cast

from launchpad.changes import Change, insert, new_id, update
from launchpad.edits import Proposal
from launchpad.edits.blocks import pack_outcomes, pack_texts, texts_of, unpack_outcomes
from launchpad.edits.handling import task_of
from launchpad.edits.known import Known, identity_of
from launchpad.edits.records import made_from, refuse_taken, set_values
from launchpad.intake.texts import whose
from launchpad.records import EvalResult, Evaluation, EvidenceLink, Inputs, Scenario
from launchpad.records.imported import ImportedFile, ImportedResult, Problem, SampleTexts

__all__ = [
    "Added",
    "Known",
    "add_file",
    "confirm_polarity",
    "identity_of",
    "link",
    "pack_outcomes",
    "pack_texts",
    "samples_of",
    "tags_of",
    "texts_of",
    "unpack_outcomes",
]

BARRED = "not kept: what was tested is evidence for a restricted risk area"
POLARITY_OF: Mapping[bool | None, str] = {True: "higher", False: "lower", None: "unknown"}


@dataclass(frozen=True, slots=True)
class Added:
    """What one file would write, how many results are new, which file had it before, and what must be told."""

    proposal: Proposal
    added: int
    unchanged: int
    duplicate_of: str | None
    problems: tuple[Problem, ...] = ()


def add_file(known: Inputs | Known, file: ImportedFile, *, keep_texts: bool = False) -> Added:
    """The changes that bring a file's results into the project; a known result adds nothing.

    What a known result lacks and this file holds (outcomes, counts, tags) is added to it. Sample text
    comes in only with `keep_texts`, and not at all where the task is evidence for a restricted risk
    area. Of many files, hand over one `Known` for all: it takes in what each of them would write.
    """
    known = known if isinstance(known, Known) else Known(known)
    file, problems = _named(known, file)
    matches = known.matches(file)
    texts = _Texts(file if keep_texts and file.texts is not None else None)
    if texts.file is not None and _is_barred(known, file, matches):
        texts = _Texts(None)
        problems = (*problems, Problem("sample text", BARRED))
    return _Adding(known, file, texts).all(matches, problems)


def _named(known: Known, file: ImportedFile) -> tuple[ImportedFile, tuple[Problem, ...]]:
    found = known.named(file)
    if found.run_id == file.run_id:
        return file, ()
    what = f"not said which; all that the file holds is in the run {found.run_id}, so it was taken for that one"
    return found, (Problem("run", what),)


def _is_barred(known: Known, file: ImportedFile, matches: Iterable[EvalResult | None]) -> bool:
    tasks = {(result.harness or file.harness, result.task) for result in file.results}
    tasks |= {task_of(known.evaluation_of(row)) for row in matches if row is not None}
    return not known.barred.isdisjoint(tasks)


def confirm_polarity(evaluation: Evaluation, polarity: str) -> list[Change]:
    """The change that says which direction of a metric is good; failures are counted from then on."""
    return set_values(evaluation, polarity=polarity)


def link(inputs: Inputs, launch: int, result: EvalResult, scenario: Scenario, **judgement: object) -> list[Change]:
    """The change that makes a result evidence for a scenario; `judgement` holds fields of EvidenceLink."""
    values = {"launch": launch, "result": result.id, "scenario": scenario.id, **judgement}
    made = made_from(EvidenceLink, values)
    refuse_taken(inputs, made)
    return [insert(made)]


def tags_of(result: EvalResult) -> tuple[str, ...]:
    """The tags of a result, one by one."""
    return tuple(tag for written in (result.tags or "").split(",") if (tag := written.strip()))


def samples_of(result: EvalResult, evaluation: Evaluation, texts: SampleTexts) -> SampleTexts:
    """Of the sample texts of a file, those of one of its results."""
    if not texts.whose:
        return texts
    owners = {None, evaluation.task, result.model, whose(result.model, result.variant)}
    places = [place for place, owner in enumerate(texts.whose) if owner in owners]
    return SampleTexts(
        tuple(texts.sample[place] for place in places),
        tuple(texts.epoch[place] for place in places),
        tuple(texts.asked[place] for place in places),
        tuple(texts.answered[place] for place in places),
        tuple(texts.whose[place] for place in places),
    )


@dataclass(slots=True)
class _Texts:
    """The sample text of a file, packed when the first result asks for it; None when it is not kept."""

    file: ImportedFile | None
    sha256: str | None = None

    def kept(self, content: dict[str, bytes]) -> str | None:
        """The hash the text lies under in `content`."""
        if self.sha256 is None and self.file is not None and self.file.texts is not None:
            self.sha256 = _keep(pack_texts(self.file.texts), content)
        return self.sha256


class _Adding:
    """One file on its way in: what is new, and what known results gain."""

    def __init__(self, known: Known, file: ImportedFile, texts: _Texts) -> None:
        self._known, self._file, self._texts = known, file, texts
        self._changes: list[Change] = []
        self._content: dict[str, bytes] = {}

    def all(self, matches: Iterable[EvalResult | None], problems: tuple[Problem, ...]) -> Added:
        """Take in every result, each with the known one that it is, or None."""
        duplicates: list[EvalResult] = []
        added = 0
        for result, match in zip(self._file.results, matches, strict=True):
            row = match or self._known.with_identity(identity_of(self._file, result))
            if row is None:
                self._add(result)
                added += 1
            else:
                duplicates.append(row)
                self._gain(row, result)
        proposal = Proposal(tuple(self._changes), self._content)
        duplicate_of = _duplicate_of(self._file, duplicates, added)
        return Added(proposal, added, len(duplicates), duplicate_of, problems)

    def _add(self, result: ImportedResult) -> None:
        evaluation = self._evaluation(result)
        values = {
            **_facts(self._file, result),
            "code": self._known.next_result(),
            "evaluation": evaluation.id,
            "part": result.group,
            "part_total": result.group_total,
            "model": result.model,
            "variant": result.variant,
            "value": result.value,
            "unit": result.unit,
            "status": self._file.status,
            "harness": result.harness or self._file.harness,
            "file_name": name_of_file(self._file.path),
            "file_sha256": self._file.sha256,
            "identity": identity_of(self._file, result),
            "outcomes": self._outcomes(result),
            "texts": self._texts.kept(self._content),
        }
        row = cast("EvalResult", made_from(EvalResult, values))
        self._known.keep(row)
        self._changes.append(insert(row))

    def _gain(self, row: EvalResult, result: ImportedResult) -> None:
        """Give a known result what it came in without."""
        late = {name: value for name, value in _facts(self._file, result).items() if getattr(row, name) is None}
        if row.reported_low is not None or row.reported_high is not None:
            late = {name: value for name, value in late.items() if not name.startswith("reported_")}
        if row.status == "unknown":
            late["status"] = self._file.status
        if row.outcomes is None:
            late["outcomes"] = self._outcomes(result)
        if row.texts is None:
            late["texts"] = self._texts.kept(self._content)
        change = update(row, **late)
        if change is not None:
            self._changes.append(change)
            self._known.keep(replace(row, **late))  # pyright: ignore[reportArgumentType] - fields of the record

    def _outcomes(self, result: ImportedResult) -> str | None:
        return None if result.outcomes is None else _keep(pack_outcomes(result.outcomes), self._content)

    def _evaluation(self, result: ImportedResult) -> Evaluation:
        harness = result.harness or self._file.harness
        found = self._known.evaluations.get((harness, result.task, result.scorer, result.metric))
        if found is None:
            names = [result.task, *dict.fromkeys(name for name in (result.scorer, result.metric) if name)]
            found = Evaluation(
                id=new_id(),
                code=self._known.next_evaluation(),
                name=" / ".join(names),
                harness=harness,
                task=result.task,
                scorer=result.scorer,
                metric=result.metric,
                polarity=self._direction(harness, result),
            )
            self._changes.append(insert(found))
        elif found.polarity == "unknown" and result.higher_is_better is not None:
            polarity = POLARITY_OF[result.higher_is_better]
            self._changes.extend(change for change in [update(found, polarity=polarity)] if change is not None)
            found = replace(found, polarity=polarity)
        self._known.keep_evaluation(found)
        return found

    def _direction(self, harness: str, result: ImportedResult) -> str:
        """As the file or the sourced table says, else as it was said of the same metric of another task."""
        if result.higher_is_better is not None:
            return POLARITY_OF[result.higher_is_better]
        return self._known.direction_of(harness, result.scorer, result.metric)


def _facts(file: ImportedFile, result: ImportedResult) -> dict[str, object]:
    """What a result may lack in one file and gain from another, by the fields of EvalResult."""
    interval = result.interval
    moment = result.date or file.started
    tags = dict.fromkeys(filter(None, (" ".join(tag.replace(",", ";").split()) for tag in result.tags)))
    return {
        **{name: getattr(result, name) for name in _SAME_NAMES},
        "reported_low": None if interval is None else float(interval.low),
        "reported_high": None if interval is None else float(interval.high),
        "reported_level": None if interval is None else float(interval.level),
        "reported_method": None if interval is None else interval.method,
        "run_date": None if moment is None else moment[:10],
        "harness_version": file.harness_version,
        "run_id": result.run_id or file.run_id,
        "tags": ", ".join(tags) or None,
    }


_SAME_NAMES = (
    "n",
    "count",
    "n_total",
    "n_unscored",
    "n_errors",
    "stderr",
    "stderr_clustered",
    "clusters",
    "threshold",
    "passed",
    "task_version",
    "source",
)


def _keep(block: bytes, content: dict[str, bytes]) -> str:
    """Put a block into `content`; the hash it lies under."""
    sha256 = hashlib.sha256(block).hexdigest()
    content[sha256] = block
    return sha256


def _duplicate_of(file: ImportedFile, duplicates: list[EvalResult], added: int) -> str | None:
    if not duplicates or added:
        return None
    return next((row.file_name for row in duplicates if row.file_name), name_of_file(file.path))


def name_of_file(path: str) -> str:
    """The name of a file alone: which folders it lay in is nobody's business."""
    return path.replace("\\", "/").rpartition("/")[2]

"""What HELM says of a run beside its figures: scenario, model, limits, date, and what its metrics mean."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from launchpad.errors import ImportRefusedError
from launchpad.intake import jsons
from launchpad.intake.lines import member, repeats_into
from launchpad.intake.shares import NO_MODEL, UNKNOWN_MODEL
from launchpad.intake.source import PIECE
from launchpad.intake.values import as_list, as_object, text, utc, whole
from launchpad.records.imported import Problem

MAX_SMALL = 16 * 1024**2


@dataclass(frozen=True, slots=True)
class Spec:
    """The description of a run: its full name, its scenario with its arguments, the model, the limit on instances."""

    name: str
    task: str
    model: str
    limit: int | None
    # Written since 2025, and so long after the judge of AIR-Bench was turned round.
    is_recent: bool


@dataclass(frozen=True, slots=True)
class Suite:
    """What the files of a suite say of its runs: when it was made, and which direction of a metric is good."""

    date: str | None
    higher_is_better: Mapping[str, bool]


def spec_of(document: Mapping[str, object], problems: list[Problem], where: str) -> Spec:
    """The description as read; names are taken from it and not from the folder, whose name may be changed."""
    name = text(document.get("name")) or ""
    scenario, _, written = name.partition(":")
    arguments = [part for part in written.split(",") if part]
    others = [part for part in arguments if not part.startswith(("model=", "model_deployment="))]
    named = next((part.partition("=")[2] for part in arguments if part.startswith("model=")), None)
    adapter = as_object(document.get("adapter_spec"))
    model = text(adapter.get("model")) or text(adapter.get("model_deployment")) or named
    if not model:
        problems.append(Problem(f"{where}adapter_spec.model", NO_MODEL))
    class_name = text(member(document, "scenario_spec", "class_name")) or "unnamed"
    scenario = scenario or class_name.rpartition(".")[2]
    return Spec(
        name=name or scenario,
        task=f"{scenario}:{','.join(others)}" if others else scenario,
        model=model or UNKNOWN_MODEL,
        limit=whole(adapter.get("max_eval_instances")),
        is_recent="chain_of_thought_prefix" in adapter,
    )


def read_spec(path: Path, problems: list[Problem]) -> Spec:
    """The run_spec.json of a run; refused when it is missing or no description."""
    if not path.is_file():
        raise ImportRefusedError(
            f"Beside {path.parent / 'stats.json'} there is no {path.name}, so that neither model nor task is known.",
            "Copy the whole folder of the run, or import the runs.json of its suite.",
        )
    document = small(path, problems)
    if not document.keys() & {"adapter_spec", "scenario_spec", "name"}:
        raise ImportRefusedError(f"{path} does not describe a run.", jsons.DAMAGED)
    return spec_of(document, problems, "run_spec.")


def suite_of(folder: Path, problems: list[Problem]) -> Suite:
    """What summary.json and schema.json in the folder of a suite say; nothing where they are missing or broken."""
    date = None
    found: dict[str, bool] = {}
    try:
        if (folder / "summary.json").is_file():
            date = utc(small(folder / "summary.json", problems).get("date"))
        if (folder / "schema.json").is_file():
            for metric in map(as_object, as_list(small(folder / "schema.json", problems).get("metrics"))):
                name, lower = text(metric.get("name")), metric.get("lower_is_better")
                if name and isinstance(lower, bool):
                    found[name] = not lower
    except ImportRefusedError as error:
        problems.append(Problem(folder.name, f"what is said of the suite was left out: {error.message}"))
    return Suite(date, found)


def end_of(path: Path, suite: Suite, problems: list[Problem]) -> str | None:
    """The moment after which the run cannot have been made: HELM notes none with a run."""
    if suite.date is not None:
        what = f"the run has no date; that of its suite's summary, {suite.date[:10]}, stands for it"
        problems.append(Problem("summary.json", what))
        return suite.date
    try:
        moment = datetime.fromtimestamp(path.stat().st_mtime, UTC).isoformat(timespec="seconds")
    except (OSError, OverflowError, ValueError):
        return None
    what = f"the run has no date; the file is of {moment[:10]}, which copying may have changed"
    problems.append(Problem(path.name, what))
    return moment


def small(path: Path, problems: list[Problem]) -> dict[str, object]:
    """A JSON object that is read whole; refused when it is broken or larger than any HELM writes."""
    with path.open("rb") as file:
        if path.stat().st_size > MAX_SMALL:
            raise ImportRefusedError(f"{path} is larger than {MAX_SMALL >> 20} MB.", jsons.DAMAGED)
        document = jsons.load(iter(lambda: file.read(PIECE), b""), str(path), repeats_into(problems, path.name))
    return as_object(document)

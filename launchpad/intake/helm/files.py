"""Which of HELM's files a file is, by its content; and which files of a folder add nothing to its runs."""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from launchpad.errors import ImportRefusedError
from launchpad.intake import jsons
from launchpad.intake.lines import member
from launchpad.intake.source import PIECE, first_keys, keys_within, look
from launchpad.intake.values import text

STATS, RUNS = "stats", "runs"
SPEC, INSTANCES, STATE = "run_spec.json", "per_instance_stats.json", "scenario_state.json"
REQUESTS, PREDICTIONS = "display_requests.json", "display_predictions.json"
BEGINNING = 8192
_RUN_FILES = frozenset({SPEC, INSTANCES, STATE, REQUESTS, PREDICTIONS, "scenario.json", "instances.json"})
_SUITE_FILES = frozenset(
    {
        *("groups.json", "groups_metadata.json", "run_specs.json", "runs_to_run_suites.json", "schema.json"),
        *("summary.json", "costs.json"),
    }
)
_RUN_NAME = re.compile(r"[\w.\- ]+:.*\bmodel=")
_HINT_RUN = "Import the stats.json beside it: the whole run is read with it."
_HINT_SUITE = "Import runs.json, or the folders of the runs."


@dataclass(frozen=True, slots=True)
class Kind:
    """What a file of HELM is: `name` is "stats" or "runs" for results; else `words` say it, `hint` what to do."""

    name: str
    words: str
    hint: str = ""


def kind_of(start: bytes) -> Kind | None:
    """What the file is that begins so, None when it is none of HELM's."""
    if items := keys_within(start, "[{"):
        return _list_of(start, items)
    keys = first_keys(start)
    return _part_of_run(keys) or _part_of_suite(start, keys)


def _list_of(start: bytes, items: frozenset[str]) -> Kind | None:
    if {"name", "count"} <= items and {"sum", "mean"} & items and "name" in keys_within(start, "[{{"):
        return Kind(STATS, "the statistics of a run")
    if "run_spec" in items and {"run_path", "stats"} & items:
        return Kind(RUNS, "the runs of a suite")
    if "instance_id" in items:
        if "stats" in items and "predicted_text" not in items:
            return Kind("part", "the part of a run that holds the figures of each instance", _HINT_RUN)
        if {"request", "predicted_text"} & items:
            return Kind("part", "the part of a run that holds what was asked or answered", _HINT_RUN)
    if {"input", "references", "id"} <= items:
        return Kind("part", "the part of a run that holds its instances", _HINT_RUN)
    if {"scenario_spec", "adapter_spec"} <= items:
        return Kind("suite", "a list of the runs of a suite", _HINT_SUITE)
    if {"title", "header", "rows"} <= items and "markdown" in keys_within(start, "[{[{"):
        return Kind("suite", "a table of a suite, made for its web page", _HINT_SUITE)
    return None


def _part_of_run(keys: dict[str, frozenset[str]]) -> Kind | None:
    if {"scenario_spec", "adapter_spec"} <= keys.keys():
        return Kind("part", "the description of a run", _HINT_RUN)
    if {"adapter_spec", "request_states"} <= keys.keys():
        return Kind("part", "the part of a run that holds what was asked and answered", _HINT_RUN)
    about = {"name", "description", "tags"}
    if about <= keys.keys() <= {*about, "definition_path", "output_path", "main_metric", "main_split", "taxonomy"}:
        return Kind("part", "the description of the scenario of a run", _HINT_RUN)
    return None


def _part_of_suite(start: bytes, keys: dict[str, frozenset[str]]) -> Kind | None:
    if {"metrics", "run_groups"} <= keys.keys():
        return Kind("suite", "the schema of a suite", _HINT_SUITE)
    if "date" in keys and {"suite", "suites"} & keys.keys() and keys.keys() <= {"release", "suites", "suite", "date"}:
        return Kind("suite", "the summary of a suite", _HINT_SUITE)
    if {"title", "header", "rows"} <= keys.keys() and "markdown" in keys_within(start, "{[{"):
        return Kind("suite", "a table of a suite, made for its web page", _HINT_SUITE)
    below = list(keys.values())
    if below and all({"total_tokens", "num_prompt_tokens"} & one for one in below):
        return Kind("suite", "what the models of a suite cost", _HINT_SUITE)
    if below and all({"displayName", "taxonomy"} & one for one in below):
        return Kind("suite", "the description of the groups of a suite", _HINT_SUITE)
    if keys and not any(below) and all(_RUN_NAME.match(key) for key in keys):
        return Kind("suite", "a list of the runs of a suite", _HINT_SUITE)
    return None


def covered(paths: Collection[Path]) -> frozenset[Path]:
    """Those of the files met in a folder that belong to a HELM run or suite among them and say nothing more.

    What lies beside a run's stats.json is read with it; a suite's runs.json says once more what the folders say.
    """
    folders = {path.parent for path in paths if path.name == "stats.json" and _is(path, STATS)}
    lists = {path for path in paths if path.name == "runs.json" and _is(path, RUNS)}
    suites = {folder.parent for folder in folders} | {path.parent for path in lists}
    parts = {path for path in paths if path.name in _RUN_FILES and path.parent in folders}
    tables = {path for path in paths if path.name in _SUITE_FILES and path.parent in suites}
    tables |= {path for path in paths if suites & {parent.parent for parent in path.parents if parent.name == "groups"}}
    return frozenset(parts | tables | {path for path in lists if _all_lie_in(path, folders)})


def beside(runs: Path, run_path: object) -> Path | None:
    """The folder of a run of this list, where it lies beside the list, also under a name without colons."""
    name = (text(run_path) or "").replace("\\", "/").rstrip("/").rpartition("/")[2]
    if not name or name in {".", ".."}:
        return None
    folders = (runs.parent / written for written in (name, name.replace(":", "_")))
    return next((folder for folder in folders if (folder / "stats.json").is_file()), None)


def _is(path: Path, name: str) -> bool:
    """Whether the file begins as that kind does."""
    try:
        kind = kind_of(look(path).start[:BEGINNING])
    except ImportRefusedError:
        return False
    return kind is not None and kind.name == name


def _all_lie_in(runs: Path, folders: set[Path]) -> bool:
    """Whether each run of the list is there as a folder; a list that cannot be read is left to the reader."""
    try:
        return bool(folders) and all(folder in folders for folder in _folders(runs))
    except (ImportRefusedError, OSError):
        return False


def _folders(runs: Path) -> Iterator[Path | None]:
    with runs.open("rb") as file:
        for run in jsons.array_items(iter(lambda: file.read(PIECE), b""), str(runs)):
            yield beside(runs, member(run, "run_path"))

"""HELM: the folder of a run, read from its stats.json, and the list of a suite's runs."""

from collections.abc import Iterator
from pathlib import Path

from launchpad.errors import ImportRefusedError
from launchpad.intake import jsons
from launchpad.intake.helm import run
from launchpad.intake.helm.files import RUNS, SPEC, STATS, beside, covered, kind_of
from launchpad.intake.helm.instances import stats_in
from launchpad.intake.helm.spec import Suite, end_of, read_spec, spec_of, suite_of
from launchpad.intake.helm.texts import texts_of
from launchpad.intake.source import PIECE, Source
from launchpad.intake.values import as_list, as_object
from launchpad.records.imported import ImportedFile, ImportedResult, Problem

__all__ = ["HARNESS", "covered", "read", "recognises"]

HARNESS: str = "helm"
MAX_RESULTS = 20_000


def recognises(source: Source) -> bool:
    """Whether this is one of the files that HELM writes for a run or a suite."""
    return kind_of(source.start) is not None


def read(source: Source, sha256: str, *, keep_outcomes: bool, keep_texts: bool = False) -> ImportedFile:
    """The figures of a run or of the runs of a suite, with the instances behind them where these lie beside.

    The other files of a run are read beside its stats.json and refused by themselves, as are the tables
    and lists of a suite. HELM notes no moment with a run: the suite's date stands for it, or none does.
    """
    kind = kind_of(source.start)
    if kind is None or kind.name not in {STATS, RUNS}:
        words, hint = ("unknown", "") if kind is None else (kind.words, kind.hint)
        raise ImportRefusedError(f"{source.path} is {words} (HELM), not a result by itself.", hint)
    problems: list[Problem] = []
    texts = None
    folder = source.path.absolute().parent
    suite = suite_of(folder if kind.name == RUNS else folder.parent, problems)
    end = end_of(source.path, suite, problems)
    if kind.name == RUNS:
        results = tuple(_of_suite(source.path, suite, problems, keep=keep_outcomes))
    else:
        results = tuple(_of_run(source.path, suite, problems, keep=keep_outcomes))
        texts = texts_of(folder, problems) if keep_texts else None
    return ImportedFile(
        path=str(source.path),
        sha256=sha256,
        harness=HARNESS,
        run_id=results[0].run_id if results and kind.name == STATS else None,
        # HELM writes statistics only of a run that came to its end.
        status="complete" if results else "unknown",
        started=suite.date,
        completed=end,
        results=results,
        problems=tuple(problems),
        texts=texts,
    )


def _of_run(path: Path, suite: Suite, problems: list[Problem], *, keep: bool) -> Iterator[ImportedResult]:
    folder = path.absolute().parent
    spec = read_spec(folder / SPEC, problems)
    stats = run.stats_of(stats_in(path), path)
    yield from run.results_of(stats, spec, suite, folder, problems, keep=keep)


def _of_suite(path: Path, suite: Suite, problems: list[Problem], *, keep: bool) -> Iterator[ImportedResult]:
    made = 0
    with path.open("rb") as file:
        for place, item in enumerate(jsons.array_items(iter(lambda: file.read(PIECE), b""), str(path))):
            written, own = as_object(item), list[Problem]()
            if not as_object(written.get("run_spec")):
                problems.append(Problem(f"run {place}", "without a description of the run; left out"))
                continue
            spec = spec_of(as_object(written["run_spec"]), own, "run_spec.")
            stats = run.stats_of(as_list(written.get("stats")), path)
            for result in run.results_of(stats, spec, suite, beside(path, written.get("run_path")), own, keep=keep):
                made += 1
                if made > MAX_RESULTS:
                    what = f"{path} lists more than {MAX_RESULTS:,} results."
                    raise ImportRefusedError(what, "Import the folders of the runs that matter.")
                yield result
            problems.extend(Problem(f"{spec.name}: {problem.where}", problem.what) for problem in own)

"""policy: policies made, checked, compiled and packed, and how far raters agree about labels."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, cast, get_args

import click

from launchpad.cli.asked import LOOK_AT_THIS, Asked, progress, read, reading, table
from launchpad.cli.policy_edit import (
    clause_command,
    draft_command,
    example_command,
    new_policy_command,
    release_command,
    retire_command,
    start_command,
)
from launchpad.cli.policy_feedback import feedback_command
from launchpad.cli.policy_make import compile_command, diff_command, lint_command, pack_command, verify_command
from launchpad.cli.policy_mine import errors_command, link_command, mine_command
from launchpad.cli.policy_run import compare_command, measure_command, run_command, runs_command
from launchpad.intake.label_maps import Coverage, Renaming, read_label_map, renamed
from launchpad.intake.ratings import Ratings, read_ratings
from launchpad.results.agreement import Agreement, agreement, agreement_json
from launchpad.results.labels import LabelField, ratings_of
from launchpad.statistics.bootstrap import REPLICATES, BootstrapInterval
from launchpad.statistics.krippendorff import Level

NAMES = {
    "percent": "Percent agreement",
    "fleiss": "Fleiss' kappa",
    "krippendorff": "Krippendorff's alpha",
    "ac1": "Gwet's AC1",
}
MOST_PAIRS = 15


@click.group("policy")
def policy_command() -> None:
    """Policies: made, checked, compiled for people and models, and how far those who apply them agree."""


for _command in (
    *(start_command, new_policy_command, draft_command, clause_command, example_command),
    *(lint_command, compile_command, diff_command, release_command, retire_command, pack_command, verify_command),
    *(run_command, runs_command, measure_command, compare_command),
    *(feedback_command, mine_command, errors_command, link_command),
):
    policy_command.add_command(_command)


@policy_command.command("agreement")
@click.argument("project", metavar="[PROJECT]", required=False)
@click.option("--ratings", metavar="FILE", help="Instead of a project: a CSV, TSV, XLSX or JSONL table of labels.")
@click.option("--of", type=click.Choice(get_args(LabelField)), help="Which label of a project; default: violation.")
@click.option("--raters", metavar="A,B,...", help="The raters to compare; default: all in the table.")
@click.option(
    "--level",
    type=click.Choice(get_args(Level)),
    default="nominal",
    show_default=True,
    help="What the labels are for Krippendorff's alpha.",
)
@click.option("--order", metavar="LOW,...,HIGH", help="All labels from lowest to highest.")
@click.option("--map", "maps", metavar="[RATER=]FILE", multiple=True, help="A table from-label,to-label.")
@click.option("--replicates", type=click.IntRange(100, 1_000_000), default=REPLICATES, show_default=True)
@click.option("--seed", type=click.IntRange(0), default=1, show_default=True, help="Fixes every draw.")
@reading
def agreement_command(asked: Asked, maps: Sequence[str], **wish: Any) -> None:  # noqa: ANN401 - click hands over what was declared
    """Agreement of raters: percent, kappas, alpha and AC1, with intervals from drawing the items anew."""
    given = _given(wish["project"], wish["ratings"], wish["of"], _split(wish["raters"]))
    given, covered = renamed(given, [renaming for words in maps for renaming in _map(words, given.raters)])
    with progress(asked) as report:
        found = agreement(
            given,
            cast("Level", wish["level"]),
            _split(wish["order"]),
            replicates=wish["replicates"],
            seed=wish["seed"],
            progress=None if report is None else lambda done: report(done, "Drawing items anew"),
        )
    for problem in given.problems:
        click.echo(f"{problem.where}: {problem.what}", err=True)
    answer = agreement_json(found) | ({"maps": [_coverage_json(one) for one in covered]} if covered else {})
    asked.answer(answer, *map(_coverage_for_people, covered), *_for_people(found))
    if given.problems:
        raise click.exceptions.Exit(LOOK_AT_THIS)


def _given(project: str | None, ratings: str | None, of: LabelField | None, raters: Sequence[str]) -> Ratings:
    if (project is None) == (ratings is None):
        raise click.UsageError("Give a project, or a table of labels with --ratings FILE.")
    if ratings is not None:
        if of is not None:
            raise click.UsageError("--of goes with a project.")
        return read_ratings(ratings, raters)
    with read(cast("str", project)) as file:
        return ratings_of(file.inputs(), of or "violation", tuple(raters))


def _split(words: str | None) -> list[str]:
    return [word for word in map(str.strip, (words or "").split(",")) if word]


def _map(words: str, raters: Sequence[str]) -> tuple[Renaming, ...]:
    """The maps in FILE, or in RATER=FILE where that names a rater."""
    rater, mark, path = words.partition("=")
    if not mark or (rater not in raters and Path(words).exists()):
        return read_label_map(words)
    return read_label_map(path, rater)


def _coverage_json(one: Coverage) -> Mapping[str, Any]:
    return {
        "raters": list(one.raters),
        "ratings": one.ratings,
        "mapped": one.mapped,
        "taken_out": one.taken_out,
        "coverage": one.share,
        "unmapped": [{"label": label, "n": n} for label, n in one.unmapped.items()],
    }


def _coverage_for_people(one: Coverage) -> str:
    said = f"The label map for {', '.join(one.raters)} covers {one.share or 0:.1%} of {one.ratings:,} ratings"
    if one.taken_out:
        said += f" and takes {one.taken_out:,} of them out"
    left = ", ".join(f"{label} ({n:,})" for label, n in one.unmapped.items())
    return f"{said}. Not in it, so left as they are: {left}." if left else f"{said}."


def _for_people(found: Agreement) -> Iterator[object]:
    rows = f" in {found.rows:,} rows" if found.rows != found.items else ""
    yield f"{found.items:,} items{rows}, {len(found.raters)} raters: {', '.join(found.raters)}."
    yield table(
        "All raters",
        ("Agreement", "Value", "95 % interval", ""),
        [
            (_name(name, found), value, _between(found.intervals[name]), _why_not(name, value))
            for name, value in found.coefficients.items()
        ],
    )
    yield _pairs(found)
    yield table(
        "Label by label: when one rater gives it, how often another does",
        ("Label", "Ratings", "Agreement"),
        [(label, row.n, row.agreement) for label, row in found.per_label],
    )
    drawn = next((one.replicates for one in found.intervals.values() if one is not None), None)
    if drawn is not None:
        yield f"Intervals: percentiles of {drawn:,} draws of the items with replacement, seed {found.seed}."


def _name(name: str, found: Agreement) -> str:
    return f"{NAMES[name]}, {found.level}" if name == "krippendorff" else NAMES[name]


def _why_not(name: str, value: float | None) -> str:
    if value is not None:
        return ""
    return "not every item has the same number of ratings" if name == "fleiss" else "not defined for these ratings"


def _pairs(found: Agreement) -> object:
    weighted = found.level != "nominal"
    shown = sorted(found.pairs, key=lambda pair: (pair.cohen is not None, pair.cohen or 0.0))[:MOST_PAIRS]
    columns = ("Rater", "Rater", "Items", "Percent", "Cohen's kappa", "95 % interval")
    title = (
        "Pairs" if len(shown) == len(found.pairs) else f"The {len(shown)} pairs of {len(found.pairs)} that agree least"
    )
    return table(
        title,
        (*columns, "Linear", "Quadratic") if weighted else columns,
        [
            (pair.a, pair.b, pair.n, pair.percent, pair.cohen, _between(pair.interval))
            + ((pair.linear, pair.quadratic) if weighted else ())
            for pair in shown
        ],
    )


def _between(interval: BootstrapInterval | None) -> str | None:
    return None if interval is None else f"{interval.low:.3f} to {interval.high:.3f}"

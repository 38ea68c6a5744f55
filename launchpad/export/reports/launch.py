"""The figures of a launch: what goes out, when, how many days are left, and where the report's numbers came from."""

from dataclasses import dataclass
from datetime import date

from launchpad import __version__
from launchpad.export.facts import Facts, day
from launchpad.records import Surface
from launchpad.records.launches import RELEASE_KINDS, SURFACE_KINDS


@dataclass(frozen=True, slots=True)
class SurfaceFigure:
    """A place where the model goes out."""

    code: str
    name: str
    kind: str
    users: float | None
    requests_per_day: float | None


@dataclass(frozen=True, slots=True)
class LaunchFigures:
    """One launch; days are counted from the day its figures are seen from, and are negative once past."""

    project: str
    code: str
    name: str
    model: str
    release_kind: str
    regions: str | None
    launch_date: str
    freeze_date: str
    as_of: str
    days_left: int | None
    days_to_freeze: int | None
    horizon_days: int
    harm_unit: str
    head: str
    input_hash: str
    draws: int
    seed: int
    program: str
    made: str
    surfaces: tuple[SurfaceFigure, ...]

    @property
    def is_past(self) -> bool:
        """Whether the day of the launch has passed."""
        return self.days_left is not None and self.days_left < 0


def launch(facts: Facts) -> LaunchFigures:
    """The figures of the launch that is reported on."""
    row, results = facts.launch, facts.results
    return LaunchFigures(
        project=facts.project,
        code=row.code,
        name=row.name,
        model=row.model if row.snapshot is None else f"{row.model} ({row.snapshot})",
        release_kind=RELEASE_KINDS[row.release_kind],
        regions=row.regions,
        launch_date=row.launch_date,
        freeze_date=row.freeze_date,
        as_of=row.as_of,
        days_left=_between(row.as_of, row.launch_date),
        days_to_freeze=_between(row.as_of, row.freeze_date),
        horizon_days=row.horizon_days,
        harm_unit=facts.harm_unit,
        head=facts.inputs.head[:12],
        input_hash=results.input_hash[:12],
        draws=results.draws,
        seed=results.seed,
        program=f"Launchpad {__version__}",
        made=facts.made.date().isoformat(),
        surfaces=tuple(
            SurfaceFigure(one.code, one.name, SURFACE_KINDS[one.kind], one.users, one.requests_per_day)
            for one in facts.inputs.rows(Surface, row.id)
        ),
    )


def _between(first: str, last: str) -> int | None:
    """The days from one day to another; None where one of them is no day."""
    start, end = day(first), day(last)
    return (end - start).days if isinstance(start, date) and isinstance(end, date) else None

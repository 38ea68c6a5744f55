"""new and demo: a project to begin with."""

from pathlib import Path

import click

from launchpad.cli.asked import Asked, arrivals, launch_of, progress, project_argument, show, writing
from launchpad.cli.plan import make_and_store
from launchpad.export import write
from launchpad.project import Project
from launchpad.records import Plan
from launchpad.results import compute
from launchpad.templates import new_project, sample_project

DEMO_SECONDS = 10.0


@click.command("new")
@project_argument
@click.option("--taxonomy", metavar="SLUG", help="Start from a bundled taxonomy.")
@click.option("--date", "date_", metavar="YYYY-MM-DD", help="Launch date; default: ten weeks ahead.")
@writing
def new_command(asked: Asked, project: str, taxonomy: str | None, date_: str | None) -> None:
    """Make a new project; --launch NAME gives it a launch with a scenario for each risk area."""
    path = Path(project)
    made = new_project(path, name=path.stem, taxonomy=taxonomy, launch=asked.launch, launch_date=date_)
    counts = {table: len(rows) for table, rows in made.inputs.tables.items() if rows}
    made.close()
    asked.answer({"project": str(path), "rows": counts}, f"Made {path}.")


@click.command("demo")
@click.argument("folder", default="demo")
@click.option("--no-window", is_flag=True, help="Do not open the window afterwards.")
@click.pass_context
def demo_command(context: click.Context, folder: str, no_window: bool) -> None:
    """Make the sample launch in FOLDER: published results in, scored, planned, exported."""
    path = Path(folder) / "sample.launchpad"
    asked = Asked(json=False, quiet=False, launch=None, plan=None)
    Path(folder).mkdir(parents=True, exist_ok=True)
    project = Project.open(path) if path.exists() else sample_project(path)
    try:
        show(_say_plan(asked, project), *_export(project, Path(folder) / "workplan.xlsx"))
    finally:
        project.close()
    if not no_window:
        raise click.exceptions.Exit(context.obj["open_window"](str(path)))


def _say_plan(asked: Asked, project: Project) -> str:
    launch = launch_of(project.inputs, None)
    if launch.current_plan is not None:
        return f"Found {project.path} with plan {launch.current_plan}; kept it."
    with progress(asked) as report:
        found = make_and_store(project, launch, DEMO_SECONDS, "First plan", (), report)
    return (
        f"Wrote {project.path}: {len(found.selected)} pieces of work chosen, residual risk "
        f"{found.score:.1%} of today's, proven within {found.gap:.1%} of the best."
    )


def _export(project: Project, target: Path) -> list[str]:
    launch = launch_of(project.inputs, None)
    plan = project.inputs.find(Plan, launch.current_plan or "", launch.id)
    results = compute(project.inputs, launch.id, plan.id)
    write(target, project.inputs, results, plan.id, imported=arrivals(project, project.inputs))
    met = sum(gate.good for gate in results.gates)
    return [f"Wrote {target}.", f"Gates met: {met} of {len(results.gates)}."]

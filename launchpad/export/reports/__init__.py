"""The reports: which there are, and one of them as a document filled with a launch's figures."""

import typing
from collections.abc import Callable, Mapping
from functools import partial
from types import MappingProxyType

from launchpad import paths
from launchpad.errors import ExportError
from launchpad.export import REPORTS
from launchpad.export.document import Document
from launchpad.export.facts import Facts
from launchpad.export.reports.capabilities import capabilities
from launchpad.export.reports.check import groups_named, unknown
from launchpad.export.reports.decision import decision
from launchpad.export.reports.doubt import doubt
from launchpad.export.reports.fill import fill
from launchpad.export.reports.gates import gates
from launchpad.export.reports.launch import launch
from launchpad.export.reports.plan import plan
from launchpad.export.reports.risk import risk
from launchpad.export.reports.safeguards import safeguards
from launchpad.export.reports.template import Template, read_template
from launchpad.export.reports.words import REINSTALL

FIGURES: Mapping[str, Callable[[Facts], object]] = MappingProxyType(
    {
        "launch": launch,
        "decision": decision,
        "risk": risk,
        "doubt": doubt,
        "plan": plan,
        "gates": gates,
        "capabilities": capabilities,
        "safeguards": safeguards,
    }
)


def report(facts: Facts, name: str = "brief") -> Document:
    """A report of a launch by its name: every figure bound to data, what is not known said so.

    Raises ExportError for a report there is none of, and for a template that names what there is not.
    """
    from launchpad.export.reports.charts import draw

    read = template(name)
    if wrong := sorted(set(problems(read))):
        raise ExportError(f"The report template {name} names what there is not: {'; '.join(wrong)}.", REINSTALL)
    figures = {group: FIGURES[group](facts) for group in groups_named(read)}
    return fill(read, figures, partial(draw, facts))


def template(name: str) -> Template:
    """The bundled template of a report."""
    if name not in REPORTS:
        raise ExportError(f"There is no report called {name!r}.", f"Choose one of: {', '.join(REPORTS)}.")
    return read_template(paths.resources() / "reports" / f"{name}.txt")


def problems(read: Template) -> list[str]:
    """What a template names that there is not."""
    from launchpad.export.reports.charts import CHARTS

    declared = {name: typing.get_type_hints(make)["return"] for name, make in FIGURES.items()}
    return list(unknown(read, declared, {name: chart.words for name, chart in CHARTS.items()}))

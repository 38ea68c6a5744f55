"""The register: every scenario with its risk before and after, and live totals over those that are summed."""

from collections.abc import Iterator, Mapping

from launchpad.export.facts import Facts
from launchpad.export.handling import name_of
from launchpad.export.sheet import (
    FIRST,
    TOTAL,
    Column,
    Content,
    Formula,
    Page,
    column_range,
    heading,
    lay_out,
    letter_of,
    put,
    table,
)
from launchpad.records import ActorProfile, RiskArea, Scenario, Severity, Surface
from launchpad.records.taxonomy import AREA_CLASSES
from launchpad.results import Results, ScenarioResult

STATES = ("inherent", "current", "planned")
OVERLAPS = ("beta", "independent", "comonotone")

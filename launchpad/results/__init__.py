"""The numbers behind every screen, answer and export: one launch computed, checked, explained."""

from launchpad.results.answer import score_json
from launchpad.results.compute import compute
from launchpad.results.explain import explain
from launchpad.results.rows import (
    STATES,
    MitigationRow,
    OverlapRow,
    PropensityRow,
    RankRow,
    ReputationalRow,
    Results,
    ScenarioRow,
    TechnicalRow,
    ToleranceRow,
    TotalRow,
)
from launchpad.scoring.checks import check
from launchpad.scoring.why import Factor, ModelWarning

__all__ = [
    "STATES",
    "Factor",
    "MitigationRow",
    "ModelWarning",
    "OverlapRow",
    "PropensityRow",
    "RankRow",
    "ReputationalRow",
    "Results",
    "ScenarioRow",
    "TechnicalRow",
    "ToleranceRow",
    "TotalRow",
    "check",
    "compute",
    "explain",
    "score_json",
]

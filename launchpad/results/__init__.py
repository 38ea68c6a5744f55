"""The numbers behind every screen, answer and export: one launch computed, checked, explained."""

from launchpad.results.aftermath import Aftermath, aftermath, aftermath_json, aftermath_of
from launchpad.results.answer import score_json
from launchpad.results.compute import compute
from launchpad.results.explain import explain
from launchpad.results.ledger import LedgerRow, StressRow, ledger, stress
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
from launchpad.scoring.kept import Kept
from launchpad.scoring.why import Factor, ModelWarning

__all__ = [
    "STATES",
    "Aftermath",
    "Factor",
    "Kept",
    "LedgerRow",
    "MitigationRow",
    "ModelWarning",
    "OverlapRow",
    "PropensityRow",
    "RankRow",
    "ReputationalRow",
    "Results",
    "ScenarioRow",
    "StressRow",
    "TechnicalRow",
    "ToleranceRow",
    "TotalRow",
    "aftermath",
    "aftermath_json",
    "aftermath_of",
    "check",
    "compute",
    "explain",
    "ledger",
    "score_json",
    "stress",
]

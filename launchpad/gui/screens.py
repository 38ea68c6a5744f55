"""The screens of an open project by name; imported only once a project is opened."""

from launchpad.gui.decision.view import DecisionScreen
from launchpad.gui.document import Document
from launchpad.gui.evidence.view import EvidenceScreen
from launchpad.gui.history.view import HistoryScreen
from launchpad.gui.mitigations.view import MitigationsScreen
from launchpad.gui.overview.view import OverviewScreen
from launchpad.gui.policies.view import PoliciesScreen
from launchpad.gui.register.view import RegisterScreen
from launchpad.gui.screen import Screen
from launchpad.gui.tables.view import TablesScreen
from launchpad.gui.tradeoffs.view import TradeoffsScreen
from launchpad.gui.workplan.view import WorkplanScreen


def build(document: Document) -> dict[str, Screen]:
    """One of each screen, in the order in which a record is looked for."""
    return {
        "register": RegisterScreen(document),
        "policies": PoliciesScreen(document),
        "evidence": EvidenceScreen(document),
        "mitigations": MitigationsScreen(document),
        "tradeoffs": TradeoffsScreen(document),
        "workplan": WorkplanScreen(document),
        "decision": DecisionScreen(document),
        "overview": OverviewScreen(document),
        "history": HistoryScreen(document),
        "tables": TablesScreen(document),
    }

"""How findings and redlines of policies are said on the command line."""

from collections.abc import Mapping, Sequence

from launchpad.cli.asked import table
from launchpad.policies.findings import Finding


def finding_json(one: Finding) -> Mapping[str, str]:
    """A finding as plain data."""
    return {"check": one.check, "record": one.record, "field": one.field, "message": one.sentence}


def findings_table(found: Sequence[Finding]) -> object:
    """Findings as a table for people."""
    rows = [(one.record, one.field, one.check, one.sentence) for one in found]
    return table("To look at", ("Record", "Field", "Check", "What"), rows)

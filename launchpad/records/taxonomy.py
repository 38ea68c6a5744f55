"""Risk areas: what the company calls unsafe, as a tree with stable codes."""

from dataclasses import dataclass
from typing import ClassVar

from launchpad.records.fields import Record, choice, reference, text

AREA_CLASSES = {
    "tracked": "Tracked capability",
    "policy": "Content policy",
    "quality": "Quality of answers",
}
HANDLING = {"open": "Open", "sensitive": "Sensitive", "restricted": "Restricted"}
AREA_STATUS = {"draft": "Draft", "active": "Active", "deprecated": "Deprecated"}
RELEASE_STATUS = {"draft": "Draft", "released": "Released"}


@dataclass(frozen=True, kw_only=True)
class TaxonomyRelease(Record):
    """One published state of a taxonomy, with its source and licence."""

    table: ClassVar[str] = "taxonomy_release"
    label: ClassVar[str] = "Taxonomy release"
    plural: ClassVar[str] = "Taxonomy releases"

    code: str = text("Code", required=True)
    name: str = text("Name", required=True)
    version: str = text("Version", required=True)
    source: str | None = text("Source", "Where the list was published.")
    licence: str | None = text("Licence")
    status: str = choice("Status", "A released list is no longer edited.", RELEASE_STATUS, default="draft")


@dataclass(frozen=True, kw_only=True)
class RiskArea(Record):
    """One thing that can go wrong, defined for lay people, researchers and models."""

    table: ClassVar[str] = "risk_area"
    label: ClassVar[str] = "Risk area"
    plural: ClassVar[str] = "Risk areas"

    code: str = text("Code", required=True)
    name: str = text("Name", required=True)
    release: int = reference("Taxonomy release", "taxonomy_release")
    parent: int | None = reference("Parent", "risk_area", required=False)
    area_class: str = choice(
        "Class",
        "Tracked: judged against a capability threshold. Policy: content a model may or may not give. "
        "Quality: over-refusal, bias and the like.",
        AREA_CLASSES,
        default="policy",
    )
    plain: str | None = text("In plain words", "The definition for anybody.", long=True)
    research: str | None = text("For researchers", "The definition for an evaluation.", long=True)
    prompt: str | None = text("For a model", "The definition as a model reads it.", long=True)
    includes: str | None = text("Includes", long=True)
    excludes: str | None = text("Excludes", long=True)
    severity_guide: str | None = text("Severity guide", "What makes a case mild or grave.", long=True)
    capability: str | None = text(
        "Capability", "The capability it depends on; risks that share one rise and fall together."
    )
    handling: str = choice(
        "Handling",
        "Sensitive: text hidden until revealed. Restricted: only hashes, verdicts and counts are kept.",
        HANDLING,
        default="open",
    )
    status: str = choice("Status", "Whether it is in use.", AREA_STATUS, default="active")
    introduced_in: str | None = text("Introduced in", "The release that first had it.")
    replaced_by: int | None = reference("Replaced by", "risk_area", "Where its evidence goes now.", required=False)

"""Risk areas: what the company calls unsafe, as a tree with stable codes."""

from dataclasses import dataclass
from typing import ClassVar

from launchpad.records.fields import Record, choice, date, flag, number, reference, text, whole

AREA_CLASSES = {
    "tracked": "Tracked capability",
    "policy": "Content policy",
    "quality": "Quality of answers",
}
HANDLING = {"open": "Open", "sensitive": "Sensitive", "restricted": "Restricted"}
AREA_STATUS = {"draft": "Draft", "active": "Active", "deprecated": "Deprecated"}
RELEASE_STATUS = {"draft": "Draft", "released": "Released"}
RELATIONS = {
    "exact": "The same",
    "close": "Nearly the same",
    "broad": "The other is broader",
    "narrow": "The other is narrower",
    "related": "Related",
}
JUSTIFICATIONS = {
    "manual": "Judged by a person",
    "lexical": "By its words",
    "embedding": "By nearness of meaning, computed",
    "llm": "Judged by a model",
    "published": "By its publisher",
    "unspecified": "Not said",
}
AREA_CHANGES = {
    "add": "Added",
    "rename": "Renamed",
    "redefine": "Redefined",
    "move": "Moved",
    "split": "Split",
    "merge": "Merged",
    "deprecate": "Deprecated",
    "restore": "Restored",
}
CARRIED = {
    "keep": "Labels and evidence stay",
    "map": "Labels and evidence move to the successor",
    "relabel": "Labels must be given anew",
}
RISK_INTAKE = {"new": "New", "triaged": "Being looked at", "homed": "Has a home", "rejected": "Not a risk of ours"}


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
    verification: str | None = text("Verified", "How its names were checked against the source.")
    released_on: str | None = date("Released on")
    previous: str | None = text("Follows", "Code of the release before it.")
    snapshot: str | None = text(
        "Snapshot", "Its risk areas as they were released.", set_by_program=True, in_content=True
    )
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
    owner: str | None = text("Owner", "Code of the person who answers for it.")
    handling: str = choice(
        "Handling",
        "Sensitive: text hidden until revealed. Restricted: only hashes, verdicts and counts are kept.",
        HANDLING,
        default="open",
    )
    status: str = choice("Status", "Whether it is in use.", AREA_STATUS, default="active")
    introduced_in: str | None = text("Introduced in", "The release that first had it.")
    replaced_by: int | None = reference("Replaced by", "risk_area", "Where its evidence goes now.", required=False)


@dataclass(frozen=True, kw_only=True)
class AreaParent(Record):
    """A further parent of a risk area that belongs in more than one place."""

    table: ClassVar[str] = "area_parent"
    label: ClassVar[str] = "Further parent"
    plural: ClassVar[str] = "Further parents"
    address: ClassVar[tuple[str, ...]] = ("area", "parent")

    area: int = reference("Risk area", "risk_area", part_of=True)
    parent: int = reference("Parent", "risk_area")


@dataclass(frozen=True, kw_only=True)
class AreaFacet(Record):
    """One value of a risk area on a side list: modality, persona, harm, jurisdiction."""

    table: ClassVar[str] = "area_facet"
    label: ClassVar[str] = "Facet"
    plural: ClassVar[str] = "Facets"
    address: ClassVar[tuple[str, ...]] = ("area", "facet", "value")

    area: int = reference("Risk area", "risk_area", part_of=True)
    facet: str = text("Facet", required=True)
    value: str = text("Value", required=True)


@dataclass(frozen=True, kw_only=True)
class CrosswalkLink(Record):
    """How a risk area of ours stands to a concept of a published taxonomy (the fields of SSSOM)."""

    table: ClassVar[str] = "crosswalk_link"
    label: ClassVar[str] = "Crosswalk link"
    plural: ClassVar[str] = "Crosswalk links"
    address: ClassVar[tuple[str, ...]] = ("area", "taxonomy", "concept")

    area: int = reference("Risk area", "risk_area", part_of=True)
    taxonomy: str = text("Taxonomy", required=True)
    version: str | None = text("Version")
    concept: str = text("Concept", "Its code in that taxonomy.", required=True)
    concept_name: str | None = text("Name there")
    relation: str = choice("Relation", "Seen from the concept: the same, broader, narrower ...", RELATIONS)
    confidence: float | None = number("Confidence", low=0, high=1)
    justification: str = choice("Justification", "How it was found.", JUSTIFICATIONS, default="unspecified")
    asserted_by: int | None = reference("Asserted by", "person", required=False)
    asserted_on: str | None = date("Asserted on")
    reviewed: bool = flag("Reviewed", "A person has looked at it and agrees.")
    source: str | None = text("Source")
    note: str | None = text("Note", long=True)


@dataclass(frozen=True, kw_only=True)
class AreaChange(Record):
    """One operation that led from one release of the taxonomy to the next, with its reason."""

    table: ClassVar[str] = "area_change"
    label: ClassVar[str] = "Change of a risk area"
    plural: ClassVar[str] = "Changes of risk areas"
    address: ClassVar[tuple[str, ...]] = ("release", "place")

    release: int = reference("Release", "taxonomy_release", "The release it became part of.", part_of=True)
    place: int = whole("Place", low=1, required=True)
    kind: str = choice("Kind", "What was done.", AREA_CHANGES)
    area: int = reference("Risk area", "risk_area")
    others: str | None = text("Others", "Codes it was split into, merged into or moved under, with commas.")
    reason: str = text("Reason", required=True, long=True)
    carried: str = choice("Effect", "On labels, evidence links and policies.", CARRIED, default="keep")


@dataclass(frozen=True, kw_only=True)
class UnknownRisk(Record):
    """A risk that has no home in the taxonomy yet."""

    table: ClassVar[str] = "unknown_risk"
    label: ClassVar[str] = "Unknown risk"
    plural: ClassVar[str] = "Unknown risks"

    code: str = text("Code", required=True)
    name: str = text("Name", required=True)
    description: str | None = text("Description", long=True)
    source: str | None = text("Source", "Who or what brought it up.")
    found_on: str | None = date("Found on")
    status: str = choice("Status", "How far it has come.", RISK_INTAKE, default="new")
    area: int | None = reference("Home", "risk_area", "Where it belongs.", required=False)
    reason: str | None = text("Reason", long=True)

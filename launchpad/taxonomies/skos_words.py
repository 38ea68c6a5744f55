"""The terms a taxonomy is written in as SKOS: W3C's, Dublin Core's, SSSOM's, and a few of our own."""

from collections.abc import Mapping
from urllib.parse import quote, unquote

SKOS = "http://www.w3.org/2004/02/skos/core#"
SKOSXL = "http://www.w3.org/2008/05/skos-xl#"
DCT = "http://purl.org/dc/terms/"
DC = "http://purl.org/dc/elements/1.1/"
OWL = "http://www.w3.org/2002/07/owl#"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
SSSOM = "https://w3id.org/sssom/"
OURS = "urn:launchpad:terms#"
ELSEWHERE = "urn:launchpad:taxonomy:"
HERE = "urn:launchpad:file#"
PREFIXES: Mapping[str, str] = {"rdf": RDF, "skos": SKOS, "dct": DCT, "owl": OWL, "sssom": SSSOM, "launchpad": OURS}

# One field of a concept each, as text without a language.
FIELDS: Mapping[str, str] = {
    "area_class": "areaClass",
    "research": "researchDefinition",
    "prompt": "promptDefinition",
    "includes": "includes",
    "excludes": "excludes",
    "severity_guide": "severityGuide",
    "capability": "capability",
    "owner": "owner",
    "handling": "handling",
    "introduced_in": "introducedIn",
}
NOTES = ("note", "changeNote", "editorialNote", "example", "historyNote", "scopeNote")
LABELS = ("altLabel", "hiddenLabel")
MATCHES: Mapping[str, str] = {f"{SKOS}{name}Match": name for name in ("exact", "close", "broad", "narrow", "related")}
LEGAL = "/:@!$&'()*+,;=~-._%?#"
LINK_FIELDS: Mapping[str, str] = {
    "confidence": f"{SSSOM}confidence",
    "justification": f"{SSSOM}mapping_justification",
    "asserted_by": f"{SSSOM}author_label",
    "asserted_on": f"{SSSOM}mapping_date",
    "concept_name": f"{SSSOM}object_label",
    "source": f"{SSSOM}mapping_source",
    "note": f"{SSSOM}comment",
    "reviewed": f"{OURS}reviewed",
}


def address_of(taxonomy: str, version: str | None, concept: str) -> str:
    """The address of a concept of another taxonomy: its own where the taxonomy is named by one, else one of ours."""
    if "://" in taxonomy:
        return quote(taxonomy, safe=LEGAL) + quote(concept, safe=LEGAL.translate({ord(mark): None for mark in "#/:"}))
    at = f"@{quote(version, safe='')}" if version else ""
    return f"{ELSEWHERE}{quote(taxonomy, safe='')}{at}#{quote(concept, safe='')}"


def concept_at(address: str) -> tuple[str, str | None, str]:
    """The taxonomy, version and code that an address stands for; what `address_of` wrote comes back the same."""
    if address.startswith(ELSEWHERE):
        taxonomy, _, code = address.removeprefix(ELSEWHERE).partition("#")
        name, _, version = taxonomy.partition("@")
        return unquote(name), unquote(version) or None, unquote(code)
    code = tail(address)
    return address[: len(address) - len(code)], None, unquote(code)


def tail(address: str) -> str:
    """What stands after the last mark of an address: #, / or :."""
    place = max(address.rstrip("#/").rfind(mark) for mark in "#/:")
    return address[place + 1 :]

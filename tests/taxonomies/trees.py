"""Trees the tests of taxonomies share."""

from launchpad.taxonomies.tree import Concept, Link, Said, Tree

RICH = Tree(
    code="own",
    name="Own risks",
    version="2.0",
    source="Team",
    licence="CC0-1.0",
    verification="read by two people",
    released_on="2026-11-01",
    previous="own@1",
    concepts=(
        Concept("BIO", "Biology", area_class="tracked", capability="bio", handling="restricted"),
        Concept(
            "HLT",
            "Health",
            plain="Answers about health.",
            research="Answers that a clinician would have to give.",
            prompt="Does the answer give medical advice?",
            includes="Doses\nof drugs",
            excludes="=General facts",
            severity_guide="1 mild, 5 death",
            owner="P-001",
            introduced_in="own 1",
            facets=(("modality", "image"), ("modality", "text"), ("persona", "minor, alone")),
            said=(
                Said("altLabel", "Medicine", "en"),
                Said("language", "en"),
                Said("prefLabel", "Gesundheit", "de"),
                Said("scopeNote", "For people,\nnot animals.", "en"),
            ),
        ),
        Concept("HLT-00", "Medical advice", status="deprecated", replaced_by=("HLT-01", "HLT-02")),
        Concept("HLT-01", "Dosing", ("HLT", "BIO"), status="draft"),
        Concept("HLT-02", "Triage", ("HLT",)),
        Concept("OLD", "Old word", ("BIO",), status="deprecated", replaced_by=("BIO",)),
    ),
    links=(
        Link(
            "HLT-01",
            "mlcommons-ailuminate-1.0",
            "spc_hlt",
            "broad",
            version="1.0",
            concept_name="Health advice",
            confidence=0.75,
            justification="llm",
            asserted_by="P-001",
            asserted_on="2026-10-01",
            reviewed=True,
            source="a table [llm]",
            note="Seen twice.",
        ),
        Link("HLT-02", "https://example.org/tax/", "triage/fast", "related"),
    ),
)

"""A tree as SKOS: one concept scheme, its concepts, facets as collections, links with what SSSOM says of them."""

import re
from collections import defaultdict
from urllib.parse import quote

from rdflib import Graph, Literal, URIRef
from rdflib.term import BNode, Node

from launchpad.taxonomies.skos_words import (
    DCT,
    FIELDS,
    LABELS,
    LINK_FIELDS,
    NOTES,
    OURS,
    OWL,
    PREFIXES,
    RDF,
    SKOS,
    SSSOM,
    address_of,
)
from launchpad.taxonomies.tree import Concept, Link, Said, Tree

A = URIRef(f"{RDF}type")
ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`]+")

DEFAULTS = {"area_class": "policy", "handling": "open"}


def graph_of(tree: Tree) -> Graph:
    """The graph of a tree; a concept keeps the address it came with, else has one made of its code."""
    graph = Graph(bind_namespaces="none")
    for prefix, namespace in PREFIXES.items():
        graph.bind(prefix, namespace)
    scheme = URIRef(f"urn:launchpad:scheme:{quote(tree.code, safe='')}")
    places = {one.code: _place(tree, one) for one in tree.concepts}
    _add_scheme(graph, scheme, tree)
    for one in tree.concepts:
        _add_concept(graph, scheme, one, places)
    _add_facets(graph, scheme, tree, places)
    for link in tree.links:
        _add_link(graph, link, places[link.code])
    return graph


def _place(tree: Tree, one: Concept) -> URIRef:
    own = next((said.text for said in one.said if said.kind == "uri" and ADDRESS.fullmatch(said.text)), None)
    return URIRef(own or f"urn:launchpad:concept:{quote(tree.code, safe='')}#{quote(one.code, safe='')}")


def _add_scheme(graph: Graph, scheme: URIRef, tree: Tree) -> None:
    graph.add((scheme, A, URIRef(f"{SKOS}ConceptScheme")))
    said = {
        f"{DCT}identifier": tree.code,
        f"{DCT}title": tree.name,
        f"{OWL}versionInfo": tree.version,
        f"{DCT}source": tree.source,
        f"{DCT}license": tree.licence,
        f"{DCT}issued": tree.released_on,
        f"{DCT}replaces": tree.previous,
        f"{OURS}verification": tree.verification,
    }
    for name, value in said.items():
        if value is not None:
            graph.add((scheme, URIRef(name), Literal(value)))


def _add_concept(graph: Graph, scheme: URIRef, one: Concept, places: dict[str, URIRef]) -> None:
    me = places[one.code]

    def add(predicate: str, value: Node) -> None:
        graph.add((me, URIRef(predicate), value))

    graph.add((me, A, URIRef(f"{SKOS}Concept")))
    add(f"{SKOS}inScheme", scheme)
    add(f"{SKOS}notation", Literal(one.code))
    add(f"{SKOS}prefLabel", Literal(one.name, lang=_main_language(one)))
    if one.plain is not None:
        add(f"{SKOS}definition", Literal(one.plain))
    for name, term in FIELDS.items():
        value = getattr(one, name)
        if value is not None and value != DEFAULTS.get(name):
            add(f"{OURS}{term}", Literal(value))
    for parent in one.parents:
        add(f"{SKOS}broader", places[parent])
    if not one.parents:
        add(f"{SKOS}topConceptOf", scheme)
        graph.add((scheme, URIRef(f"{SKOS}hasTopConcept"), me))
    if len(one.parents) > 1:
        add(f"{OURS}mainParent", places[one.parents[0]])
    _add_standing(graph, me, one, places)
    for said in one.said:
        _add_said(graph, me, said, places)


def _add_standing(graph: Graph, me: URIRef, one: Concept, places: dict[str, URIRef]) -> None:
    if one.status == "deprecated":
        graph.add((me, URIRef(f"{OWL}deprecated"), Literal(True)))  # noqa: FBT003 - the value itself
    elif one.status == "draft":
        graph.add((me, URIRef(f"{OURS}status"), Literal("draft")))
    for code in one.replaced_by:
        graph.add((me, URIRef(f"{DCT}isReplacedBy"), places[code]))


def _main_language(one: Concept) -> str | None:
    return next((said.text for said in one.said if said.kind == "language"), None)


def _add_said(graph: Graph, me: URIRef, said: Said, places: dict[str, URIRef]) -> None:
    """One more thing said: a label, a note, a related concept; what SKOS has no term for gets one of ours."""
    if said.kind in ("uri", "language"):
        return
    if said.kind == "related" and said.text in places:
        graph.add((me, URIRef(f"{SKOS}related"), places[said.text]))
        return
    known = said.kind in (*NOTES, *LABELS, "prefLabel", "definition")
    term = URIRef(f"{SKOS if known else OURS}{quote(said.kind, safe='')}")
    graph.add((me, term, Literal(said.text, lang=said.language)))


def _add_facets(graph: Graph, scheme: URIRef, tree: Tree, places: dict[str, URIRef]) -> None:
    members: dict[tuple[str, str], list[URIRef]] = defaultdict(list)
    for one in tree.concepts:
        for facet in one.facets:
            members[facet].append(places[one.code])
    for (facet, value), concepts in members.items():
        name = f"urn:launchpad:facet:{quote(tree.code, safe='')}:{quote(facet, safe='')}#{quote(value, safe='')}"
        collection = URIRef(name)
        graph.add((collection, A, URIRef(f"{SKOS}Collection")))
        graph.add((collection, URIRef(f"{SKOS}inScheme"), scheme))
        graph.add((collection, URIRef(f"{SKOS}prefLabel"), Literal(value)))
        graph.add((collection, URIRef(f"{OURS}facet"), Literal(facet)))
        for concept in concepts:
            graph.add((collection, URIRef(f"{SKOS}member"), concept))


def _add_link(graph: Graph, link: Link, me: URIRef) -> None:
    """The mapping itself, and an axiom that says who asserted it, how and how sure (SSSOM in OWL)."""
    other = URIRef(address_of(link.taxonomy, link.version, link.concept))
    match = URIRef(f"{SKOS}{link.relation}Match")
    graph.add((me, match, other))
    axiom = BNode()
    for name, value in (("Source", me), ("Property", match), ("Target", other)):
        graph.add((axiom, URIRef(f"{OWL}annotated{name}"), value))
    graph.add((axiom, A, URIRef(f"{OWL}Axiom")))
    for field, term in LINK_FIELDS.items():
        value = getattr(link, field)
        if value is not None:
            graph.add((axiom, URIRef(term), Literal(value)))
    if link.version is not None and "://" in link.taxonomy:
        graph.add((axiom, URIRef(f"{SSSOM}object_source_version"), Literal(link.version)))

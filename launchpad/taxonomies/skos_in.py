"""SKOS from strangers as a tree: Turtle, RDF/XML or JSON-LD; what is not understood is told, never dropped silently."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date
from typing import Any, cast

from rdflib import Graph, Literal, URIRef
from rdflib.term import BNode, Node

from launchpad.errors import ImportRefusedError
from launchpad.records.taxonomy import AREA_CLASSES, HANDLING, JUSTIFICATIONS
from launchpad.taxonomies.skos_words import (
    DC,
    DCT,
    FIELDS,
    HERE,
    LABELS,
    LINK_FIELDS,
    MATCHES,
    NOTES,
    OURS,
    OWL,
    RDF,
    RDFS,
    SKOS,
    SSSOM,
    concept_at,
    tail,
)
from launchpad.taxonomies.tree import Concept, Link, Said, Tree

A = URIRef(f"{RDF}type")
CONCEPT = URIRef(f"{SKOS}Concept")
# Read elsewhere than where a concept's statements are walked, or said twice over.
SILENT = {
    f"{RDF}type",
    *(f"{SKOS}{name}" for name in ("inScheme", "topConceptOf", "broader", "narrower", "notation")),
    *(f"{SKOS}{name}" for name in ("broaderTransitive", "narrowerTransitive", "prefLabel", "mappingRelation")),
    *(f"{DCT}{name}" for name in ("isReplacedBy", "replaces", "identifier")),
    f"{RDFS}label",
    f"{OWL}deprecated",
    f"{OURS}mainParent",
    f"{OURS}status",
    *MATCHES,
}
LANGUAGES = ("en", "en-GB", "en-US", None)


def tree_from_graph(graph: Graph, where: str, code: str) -> Tree:
    """The tree of the concept scheme in a graph, not yet settled; `code` names one without an identifier."""
    return _Reader(graph).tree(where, code)


class _Reader:
    """One graph, the codes of its concepts, and what was not understood."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.problems: list[str] = []
        self.left_out: Counter[str] = Counter()
        self.nodes = sorted(set(self._concepts()), key=str)
        self.codes: dict[Node, str] = {}

    def tree(self, where: str, code: str) -> Tree:
        if not self.nodes:
            raise ImportRefusedError(f"{where} is RDF without any skos:Concept.", "Export it as SKOS.")
        for node in self.nodes:
            self.codes[node] = self._code(node)
        parents, facets = self._parents(), self._facets()
        concepts = tuple(self._concept(node, parents[node], facets[node]) for node in self.nodes)
        links = tuple(self._links())
        about = self._scheme(code)
        told = [f"{count:,} statements with {name} were left out" for name, count in sorted(self.left_out.items())]
        ordered = tuple(sorted(concepts, key=lambda one: one.code))
        return Tree(**about, concepts=ordered, links=links, problems=(*self.problems, *told))

    def _concepts(self) -> Iterator[Node]:
        yield from self.graph.subjects(A, CONCEPT)
        yield from self.graph.subjects(URIRef(f"{SKOS}broader"))
        yield from self.graph.objects(None, URIRef(f"{SKOS}narrower"))
        yield from self.graph.subjects(URIRef(f"{SKOS}topConceptOf"))
        yield from self.graph.objects(None, URIRef(f"{SKOS}hasTopConcept"))

    def _code(self, node: Node) -> str:
        notations = sorted(str(value) for value in self._values(node, f"{SKOS}notation", f"{DCT}identifier"))
        if len(notations) > 1:
            self.problems.append(f"{notations[0]} has {len(notations)} notations; the first is its code")
        if notations:
            return notations[0].strip()
        if isinstance(node, BNode):
            label, _ = self._label(node)
            made = "-".join("".join(c if c.isalnum() else " " for c in label.casefold()).split())[:60]
            self.problems.append(f"{label or 'a concept'} has no address and no notation; its code is made of its name")
            return made
        return concept_at(str(node))[2]

    def _label(self, node: Node) -> tuple[str, str | None]:
        """The name of a concept, English first, with its language."""
        labels = self._values(node, f"{SKOS}prefLabel") or self._values(node, f"{RDFS}label")
        said = sorted(((str(one), one.language) for one in labels), key=lambda pair: (_rank(pair[1]), pair))
        return said[0] if said else ("", None)

    def _values(self, node: Node, *predicates: str) -> list[Literal]:
        found = (value for name in predicates for value in self.graph.objects(node, URIRef(name)))
        return [value for value in found if isinstance(value, Literal)]

    def _parents(self) -> dict[Node, list[str]]:
        found: dict[Node, dict[str, None]] = {node: {} for node in self.nodes}
        ways = [("broader", False), ("broaderTransitive", False), ("narrower", True)]
        for name, turned in ways:
            for subject, other in self.graph.subject_objects(URIRef(f"{SKOS}{name}")):
                child, parent = (other, subject) if turned else (subject, other)
                # What is only transitively broader is no parent where a nearer one is said.
                if child in found and not (name == "broaderTransitive" and found[child]):
                    found[child][self.codes.get(parent, _name(parent))] = None
        ordered: dict[Node, list[str]] = {}
        for node, codes in found.items():
            main = next(iter(self.graph.objects(node, URIRef(f"{OURS}mainParent"))), None)
            first = None if main is None else self.codes.get(main)
            ordered[node] = sorted(codes, key=lambda code: (code != first, code))
        return ordered

    def _facets(self) -> dict[Node, list[tuple[str, str]]]:
        found: dict[Node, list[tuple[str, str]]] = defaultdict(list)
        for collection, member in self.graph.subject_objects(URIRef(f"{SKOS}member")):
            facet = self._values(collection, f"{OURS}facet", f"{DCT}type")
            label, _ = self._label(collection)
            if member in self.codes:
                found[member].append((str(facet[0]) if facet else "collection", label or _name(collection)))
        return found

    def _concept(self, node: Node, parents: list[str], facets: list[tuple[str, str]]) -> Concept:
        code = self.codes[node]
        name, language = self._label(node)
        if not name:
            self.problems.append(f"{code} has no label; its code is its name")
        values: dict[str, Any] = {}
        said = [*([] if isinstance(node, BNode) or _ours(node) else [Said("uri", str(node))])]
        if language:
            said.append(Said("language", language))
        labels = [Said("prefLabel", str(one), one.language) for one in self._values(node, f"{SKOS}prefLabel")]
        said.extend(one for one in labels if (one.text, one.language) != (name, language))
        for predicate, value in self.graph.predicate_objects(node):
            self._take(code, str(predicate), value, values, said)
        replaced = {self.codes.get(one, _name(one)) for one in self.graph.objects(node, URIRef(f"{DCT}isReplacedBy"))}
        followers = self.graph.subjects(URIRef(f"{DCT}replaces"), node)
        replaced |= {self.codes[one] for one in followers if one in self.codes}
        return Concept(
            code=code,
            name=name or code,
            parents=tuple(parents),
            facets=tuple(sorted(set(facets))),
            status=self._status(node),
            replaced_by=tuple(sorted(replaced)),
            said=tuple(sorted(set(said), key=lambda one: (one.kind, one.language or "", one.text))),
            **values,
        )

    def _take(self, code: str, predicate: str, value: Node, values: dict[str, Any], said: list[Said]) -> None:
        """One statement about a concept: into its field, among what is said of it, or told as left out."""
        field = FIELD_OF.get(predicate)
        kind = tail(predicate)
        if field is not None:
            values[field] = self._allowed(code, field, str(value))
        elif predicate == f"{SKOS}definition" and isinstance(value, Literal):
            if "plain" not in values and (value.language is None or value.language in LANGUAGES):
                values["plain"] = str(value)
            else:
                said.append(Said("definition", str(value), value.language))
        elif predicate == f"{SKOS}related" and value in self.codes:
            said.append(Said("related", self.codes[value]))
        elif predicate in NOTE_TERMS or (predicate.startswith(OURS) and predicate not in SILENT):
            text, language = self._note(value)
            said.append(Said(kind, text, language))
        elif predicate not in SILENT:
            self.left_out[predicate] += 1

    def _note(self, value: Node) -> tuple[str, str | None]:
        """The words of a note, also of one that is a resource with a value of its own."""
        if isinstance(value, Literal):
            return str(value), value.language
        inner = self._values(value, f"{RDF}value", f"{RDFS}label", f"{DCT}description")
        return (str(inner[0]), inner[0].language) if inner else (_name(value), None)

    def _allowed(self, code: str, field: str, given: str) -> str:
        choices = {"area_class": AREA_CLASSES, "handling": HANDLING}.get(field)
        if choices is None or given in choices:
            return given
        self.problems.append(f"{code}: {given[:60]!r} is none of {', '.join(choices)}; left out")
        return "policy" if field == "area_class" else "open"

    def _status(self, node: Node) -> str:
        gone = self._values(node, f"{OWL}deprecated")
        if any(str(value).casefold() in ("true", "1") for value in gone):
            return "deprecated"
        return "draft" if any(str(one) == "draft" for one in self._values(node, f"{OURS}status")) else "active"

    def _links(self) -> Iterator[Link]:
        axioms = self._axioms()
        found: list[Link] = []
        for predicate, relation in MATCHES.items():
            for node, other in self.graph.subject_objects(URIRef(predicate)):
                if node not in self.codes or isinstance(other, BNode | Literal):
                    self.problems.append(f"a {tail(predicate)} has no address at one end; left out")
                    continue
                taxonomy, version, concept = concept_at(str(other))
                about = axioms.get((node, predicate, other), {})
                version = version or about.pop("version", None)
                found.append(Link(self.codes[node], taxonomy, concept, relation, version, **about))
        yield from sorted(found, key=lambda link: (link.code, link.taxonomy, link.concept))

    def _axioms(self) -> dict[tuple[Node, str, Node], dict[str, Any]]:
        """What is said of a mapping: by whom, how, how sure."""
        found: dict[tuple[Node, str, Node], dict[str, Any]] = {}
        for axiom in self.graph.subjects(A, URIRef(f"{OWL}Axiom")):
            ends = [next(iter(self.graph.objects(axiom, URIRef(f"{OWL}annotated{name}"))), None) for name in ENDS]
            if None in ends:
                continue
            about: dict[str, Any] = {}
            for field, term in (*LINK_FIELDS.items(), ("version", f"{SSSOM}object_source_version")):
                for value in self._values(axiom, term):
                    about[field] = str(value)
            about["reviewed"] = about.get("reviewed", "").casefold() in ("true", "1")
            if "confidence" in about:
                about["confidence"] = _share(about["confidence"])
            if about.get("justification", "unspecified") not in JUSTIFICATIONS:
                about["justification"] = "unspecified"
            subject, predicate, other = cast("tuple[Node, Node, Node]", tuple(ends))
            found[subject, str(predicate), other] = about
        return found

    def _scheme(self, code: str) -> dict[str, Any]:
        schemes = Counter(self.graph.objects(None, URIRef(f"{SKOS}inScheme")))
        kind = URIRef(f"{SKOS}ConceptScheme")
        schemes.update({one: 0 for one in self.graph.subjects(A, kind) if one not in schemes})
        if len(schemes) > 1:
            self.problems.append(f"the file has {len(schemes)} concept schemes; all their concepts are taken as one")
        scheme = max(schemes, key=lambda one: (schemes[one], str(one)), default=None)

        def one(*predicates: str) -> str | None:
            values: list[Node] = [] if scheme is None else [*self._values(scheme, *predicates)]
            if not values and scheme is not None:
                values = [value for name in predicates for value in self.graph.objects(scheme, URIRef(name))]
            return str(min(values, key=str)) if values else None

        issued = one(f"{DCT}issued", f"{DCT}modified")
        return {
            "code": one(f"{DCT}identifier") or code,
            "name": one(f"{DCT}title", f"{DC}title", f"{SKOS}prefLabel", f"{RDFS}label") or code,
            "version": one(f"{OWL}versionInfo") or "1",
            "source": one(f"{DCT}source", f"{DCT}publisher", f"{DCT}creator")
            or (str(scheme) if isinstance(scheme, URIRef) and not _ours(scheme) else None),
            "licence": one(f"{DCT}license", f"{DCT}rights"),
            "verification": one(f"{OURS}verification"),
            "released_on": issued[:10] if issued and _is_day(issued[:10]) else None,
            "previous": one(f"{DCT}replaces"),
        }


ENDS = ("Source", "Property", "Target")
FIELD_OF = {f"{OURS}{term}": field for field, term in FIELDS.items()}
NOTE_TERMS = {f"{SKOS}{name}" for name in (*NOTES, *LABELS)}


def _rank(language: str | None) -> int:
    return LANGUAGES.index(language) if language in LANGUAGES else len(LANGUAGES)


def _ours(node: Node) -> bool:
    return str(node).startswith(("urn:launchpad:concept:", "urn:launchpad:scheme:", HERE))


def _name(node: Node) -> str:
    return concept_at(str(node))[2] if isinstance(node, URIRef) else str(node)[:60]


def _share(words: str) -> float | None:
    try:
        number = float(words)
    except ValueError:
        return None
    return number if 0 <= number <= 1 else None


def _is_day(words: str) -> bool:
    try:
        date.fromisoformat(words)
    except ValueError:
        return False
    return True

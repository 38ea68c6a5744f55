"""A tree as plain data, in the form of resources/taxonomies/taxonomy.schema.json: what JSON and YAML hold."""

import dataclasses
from collections.abc import Iterable, Mapping
from typing import Any, cast

from launchpad.errors import ImportRefusedError
from launchpad.records.taxonomy import AREA_CLASSES, AREA_STATUS, HANDLING, JUSTIFICATIONS, RELATIONS
from launchpad.taxonomies.tree import WORDS, Concept, Link, Said, Tree, shown

FORMAT = "launchpad-taxonomy/1"
ABOUT = ("code", "name", "version", "source", "licence", "verification", "released_on", "previous")
TEXTS = (*WORDS, "capability", "owner", "introduced_in")
CHOICES: Mapping[str, Mapping[str, str]] = {"area_class": AREA_CLASSES, "handling": HANDLING, "status": AREA_STATUS}
KNOWN = {"code", "name", "parent", "parents", "facets", "replaced_by", "said", *TEXTS, *CHOICES}
LINK_FIELDS = {field.name: field for field in dataclasses.fields(Link)}
BESIDE = {
    "verified",
    "format",
    "slug",
    "areas",
    "links",
    "publisher",
    "date",
    "taken",
    "definitions",
    "remarks",
    "defaults",
}


def plain_tree(tree: Tree) -> dict[str, Any]:
    """The tree as plain data; what is empty, and what is as by default, is left out."""
    about = {name: value for name in ABOUT if (value := getattr(tree, name)) is not None}
    links = [_without_defaults(dataclasses.asdict(link), Link) for link in tree.links]
    return {
        "format": FORMAT,
        **about,
        "areas": [plain_concept(concept) for concept in tree.concepts],
        **({"links": links} if links else {}),
    }


def plain_concept(concept: Concept) -> dict[str, Any]:
    """One concept as plain data."""
    found = _without_defaults(
        {field.name: getattr(concept, field.name) for field in dataclasses.fields(Concept)}, Concept
    )
    for name in ("parents", "replaced_by"):
        if name in found:
            found[name] = list(found[name])
    if "facets" in found:
        found["facets"] = _facets(concept.facets)
    if "said" in found:
        found["said"] = [
            {"kind": said.kind, "text": said.text, **({"language": said.language} if said.language else {})}
            for said in concept.said
        ]
    return found


def tree_from(data: object, where: str, code: str) -> Tree:
    """The tree that plain data holds, not yet settled; `code` is its code where it names none.

    Keys and values it does not know are among its problems. Raises ImportRefusedError when the data has no list of
    areas.
    """
    if not isinstance(data, Mapping) or not isinstance(data.get("areas"), list):
        raise ImportRefusedError(f"{where} is no taxonomy: it has no list `areas`.", "See docs/taxonomies.md.")
    given = cast("Mapping[str, Any]", data)
    problems = [f"{key!r} is not known here; left out" for key in given if key not in {*ABOUT, *BESIDE}]
    about = {name: None if given.get(name) is None else str(given[name]) for name in ABOUT}
    default: Mapping[str, Any] = given.get("defaults") or {}
    concepts = tuple(_concept(default, row, f"area {place}", problems) for place, row in enumerate(given["areas"], 1))
    return Tree(
        code=about["code"] or str(given.get("slug") or code),
        name=about["name"] or code,
        version=about["version"] or "1",
        **{name: about[name] for name in ABOUT[3:]},
        concepts=concepts,
        links=tuple(_links(given.get("links") or (), problems)),
        problems=tuple(problems),
    )


def concept_from(row: Mapping[str, Any], where: str, problems: list[str]) -> Concept:
    """The concept of one row; what it does not know is added to the problems."""
    unknown = [key for key in row if key not in KNOWN]
    if unknown:
        problems.append(f"{where}: {shown(map(str, unknown))} is not known here; left out")
    values: dict[str, Any] = {name: _text(row.get(name)) for name in TEXTS}
    for name, choices in CHOICES.items():
        if given := _text(row.get(name)):
            values[name] = _choice(given, choices, f"{where}: {name}", problems)
        if values.get(name) is None:
            values.pop(name, None)
    parents = _codes(row.get("parents")) or _codes(row.get("parent"))
    return Concept(
        code=_text(row.get("code")) or "",
        name=_text(row.get("name")) or "",
        parents=parents,
        facets=_pairs(row.get("facets"), where, problems),
        replaced_by=_codes(row.get("replaced_by")),
        said=tuple(_said(row.get("said") or (), where, problems)),
        **values,
    )


def link_from(row: Mapping[str, Any], where: str, problems: list[str]) -> Link | None:
    """The link of one row, or None with a problem when its relation is none, or an end is missing."""
    relation = RELATION_NAMES.get(str(row.get("relation") or "").rpartition(":")[2].casefold())
    ends = [_text(row.get(name)) for name in ("code", "taxonomy", "concept")]
    if relation is None or not all(ends):
        what = "an end is missing" if relation else f"{str(row.get('relation'))[:60]!r} is no relation"
        problems.append(f"{where}: {what}; left out")
        return None
    confidence = _share(row.get("confidence"), where, problems)
    justification = _choice(_text(row.get("justification")) or "unspecified", JUSTIFICATIONS, where, problems)
    texts = ("version", "concept_name", "asserted_by", "asserted_on", "source", "note")
    return Link(
        code=str(ends[0]),
        taxonomy=str(ends[1]),
        concept=str(ends[2]),
        relation=relation,
        confidence=confidence,
        justification=justification or "unspecified",
        reviewed=str(row.get("reviewed")).casefold() in ("true", "yes", "1"),
        **{name: _text(row.get(name)) for name in texts},
    )


RELATION_NAMES = {name: name for name in RELATIONS} | {f"{name}match": name for name in RELATIONS}


def _without_defaults(values: Mapping[str, Any], record: type[Any]) -> dict[str, Any]:
    defaults = {field.name: field.default for field in dataclasses.fields(record)}
    return {name: value for name, value in values.items() if value != defaults[name]}


def _facets(pairs: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for facet, value in pairs:
        found.setdefault(facet, []).append(value)
    return found


def _concept(default: Mapping[str, Any], row: object, where: str, problems: list[str]) -> Concept:
    if not isinstance(row, Mapping):
        raise ImportRefusedError(f"{where} is {str(row)[:60]!r}, not a risk area.", "Each has a code and a name.")
    given = {**default, **cast("Mapping[str, Any]", row)}
    return concept_from(given, f"{where} ({str(given.get('code'))[:60]})", problems)


def _links(rows: object, problems: list[str]) -> Iterable[Link]:
    for place, row in enumerate(cast("list[object]", rows) if isinstance(rows, list) else (), 1):
        if not isinstance(row, Mapping):
            problems.append(f"link {place} is no link; left out")
            continue
        link = link_from(cast("Mapping[str, Any]", row), f"link {place}", problems)
        if link is not None:
            yield link


def _text(value: object) -> str | None:
    if value is None or isinstance(value, Mapping | list | tuple):
        return None
    return str(value).strip() or None


def _codes(value: object) -> tuple[str, ...]:
    if value is None:
        return ()
    given = cast("list[object]", value) if isinstance(value, list | tuple) else [value]
    return tuple(text for one in given if (text := _text(one)))


def _choice(given: str, choices: Mapping[str, str], where: str, problems: list[str]) -> str | None:
    for value, label in choices.items():
        if given.casefold() in (value, label.casefold()):
            return value
    problems.append(f"{where}: {given[:60]!r} is none of {', '.join(choices)}; left out")
    return None


def _share(value: object, where: str, problems: list[str]) -> float | None:
    if value in (None, ""):
        return None
    try:
        number = float(str(value))
    except ValueError:
        number = -1.0
    if 0 <= number <= 1:
        return number
    problems.append(f"{where}: the confidence {str(value)[:60]!r} is not between 0 and 1; left out")
    return None


def _pairs(value: object, where: str, problems: list[str]) -> tuple[tuple[str, str], ...]:
    if not value:
        return ()
    if not isinstance(value, Mapping):
        problems.append(f"{where}: its facets are no lists with names; left out")
        return ()
    given = cast("Mapping[object, object]", value)
    return tuple((str(facet).strip(), one) for facet, values in given.items() for one in _codes(values))


def _said(rows: object, where: str, problems: list[str]) -> Iterable[Said]:
    for row in cast("list[object]", rows) if isinstance(rows, list | tuple) else ():
        given = cast("Mapping[str, Any]", row if isinstance(row, Mapping) else {})
        kind, text = _text(given.get("kind")), _text(given.get("text"))
        if kind and text:
            yield Said(kind, text, _text(given.get("language")))
        else:
            problems.append(f"{where}: something said of it has no kind or text; left out")

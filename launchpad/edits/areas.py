"""A project's own risk areas as categories of taxonomies: how evidence finds its scenarios."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from launchpad.edits.crosswalks import (
    BROAD,
    CLOSE,
    EXACT,
    INVERSE,
    NARROW,
    OVER_REFUSAL,
    RELATED,
    TOPICS,
    Match,
    bundled_areas,
    bundled_names,
    composed,
    markers,
    normal,
    topics,
)
from launchpad.records import CrosswalkLink, Inputs, RiskArea, Scenario, TaxonomyRelease


@dataclass(frozen=True, slots=True)
class Found:
    """A scenario that a match leads to: by which area and relation, whether only a name says so, by which own link."""

    scenario: Scenario
    area: RiskArea
    relation: str
    by_name: bool
    among: int
    through: str = ""


@dataclass(frozen=True, slots=True)
class _Home:
    """An area that stands for a category: how the category stands to it, and by which link of the project."""

    area: RiskArea
    by_name: bool = False
    relation: str = EXACT
    through: str = ""


class Areas:
    """The risk areas of a project by taxonomy and code, and the scenarios of one launch in each."""

    def __init__(self, inputs: Inputs, launch: int) -> None:
        self._inputs = inputs
        self._launch = launch
        self._by_code: dict[tuple[str, str], list[_Home]] = {}
        for area in inputs.rows(RiskArea):
            for taxonomy, code, by_name in _names(inputs, area):
                self._by_code.setdefault((taxonomy, code), []).append(_Home(area, by_name))
        for link in inputs.rows(CrosswalkLink):
            if link.reviewed:
                self._by_code.setdefault((link.taxonomy, normal(link.concept)), []).append(_by_link(inputs, link))

    def scenarios(self, match: Match) -> Iterator[Found]:
        """The scenarios a match leads to: of its area, else of the nearest wider one, and of those under it.

        Scenarios of over-refusal are reached by evidence of over-refusal only, and it reaches no others.
        """
        if (match.taxonomy, match.code) == (TOPICS, normal(OVER_REFUSAL)):
            yield from self._over_refusal(match)
            return
        areas = self._by_code.get((match.taxonomy, match.code))
        if areas is None:
            wider = self._wider(match)
            areas, relation = wider or (), _through(match.relation, BROAD)
        else:
            relation = match.relation
        for home in areas:
            reached = composed(relation, home.relation)
            if reached is not None:
                yield from self._around(home, reached)

    def _around(self, home: _Home, relation: str) -> Iterator[Found]:
        area, by_name = home.area, home.by_name
        own = self._of(area)
        upward, above, seen = area, relation, {area.id}
        while not own and upward.parent is not None and upward.parent not in seen:
            seen.add(upward.parent)
            upward, above = self._inputs.get(RiskArea, upward.parent), _through(relation, BROAD)
            own = self._of(upward)
        for scenario in own:
            yield Found(scenario, upward, above, by_name, len(own), home.through)
        below = _through(relation, NARROW)
        for child in self._inputs.children(RiskArea, "parent", area.id) if area.parent is not None else ():
            scenarios = self._of(child)
            for scenario in scenarios:
                yield Found(scenario, child, below, by_name, len(scenarios), home.through)

    def _over_refusal(self, match: Match) -> Iterator[Found]:
        rows = [row for row in self._inputs.rows(Scenario, self._launch) if row.over_refusal]
        for row in rows:
            area = self._inputs.get(RiskArea, row.risk_area)
            yield Found(row, area, match.relation, by_name=False, among=len(rows))

    def _of(self, area: RiskArea) -> list[Scenario]:
        """The scenarios of an area in this launch, those of areas whose evidence goes to it included."""
        current = _current(self._inputs, area)
        rows = self._inputs.children(Scenario, "risk_area", current.id)
        return [row for row in rows if row.launch == self._launch and not row.over_refusal]

    def _wider(self, match: Match) -> list[_Home] | None:
        """The areas of the nearest wider category of a bundled taxonomy that the project has."""
        nodes = bundled_areas().get(match.taxonomy, {})
        node = nodes.get(match.code)
        while node is not None and node.parent is not None:
            code = normal(node.parent)
            if found := self._by_code.get((match.taxonomy, code)):
                return found
            node = nodes.get(code)
        return None


def _through(relation: str, step: str) -> str:
    """What a relation becomes by a step up or down the tree of areas."""
    if relation in (EXACT, step) or (step == BROAD and relation == CLOSE):
        return step
    return RELATED


def _current(inputs: Inputs, area: RiskArea) -> RiskArea:
    """Where the evidence of an area goes now."""
    seen: set[int] = set()
    while area.replaced_by is not None and area.id not in seen:
        seen.add(area.id)
        area = inputs.get(RiskArea, area.replaced_by)
    return area


def _names(inputs: Inputs, area: RiskArea) -> Iterator[tuple[str, str, bool]]:
    """The taxonomy and code an area stands for, each with whether only its name says so."""
    releases = lineage(inputs, inputs.get(TaxonomyRelease, area.release))
    taxonomy = _taxonomy(releases)
    for release in releases:
        yield release.code, normal(area.code), False
    if taxonomy is not None:
        code = _code(taxonomy, area)
        if code is not None:
            yield taxonomy, code, False
        return
    name = normal(area.name)
    for bundled, code in bundled_names().get(name, ()):
        yield bundled, code, True
    for topic, phrases in topics().items():
        if any(f".{phrase}." in f".{name}." for phrase in phrases):
            yield TOPICS, normal(topic), True


def lineage(inputs: Inputs, release: TaxonomyRelease) -> tuple[TaxonomyRelease, ...]:
    """A release and those it follows, newest first."""
    by_code = {row.code: row for row in inputs.rows(TaxonomyRelease)}
    found = {release.code: release}
    while release.previous in by_code and release.previous not in found:
        release = by_code[release.previous]
        found[release.code] = release
    return tuple(found.values())


def taxonomy_of(inputs: Inputs, release: TaxonomyRelease) -> str | None:
    """The bundled taxonomy that a release is of, or grew out of."""
    return _taxonomy(lineage(inputs, release))


def _taxonomy(releases: Iterable[TaxonomyRelease]) -> str | None:
    """The bundled taxonomy one of these releases is of, by its code or its source."""
    for release in releases:
        for taxonomy, marker in markers().items():
            if release.code == taxonomy or marker.casefold() in (release.source or "").casefold():
                return taxonomy
        if release.code in bundled_areas():
            return release.code
    return None


def _by_link(inputs: Inputs, link: CrosswalkLink) -> _Home:
    """The area of a reviewed link of the project, as the other end sees it."""
    relation = f"{link.relation}Match"
    area = inputs.get(RiskArea, link.area)
    through = f"the project's reviewed link of {area.code} to {link.taxonomy} {link.concept}"
    return _Home(area, relation=INVERSE.get(relation, relation), through=through)


def _code(taxonomy: str, area: RiskArea) -> str | None:
    """The code of an area in its taxonomy: as it is, behind a prefix (A-VCR), or by its name."""
    nodes, own = bundled_areas()[taxonomy], normal(area.code)
    for code in (own, own.partition(".")[2]):
        if code in nodes:
            return code
    name = normal(area.name)
    for code, node in nodes.items():
        if f"{name}.".startswith(f"{normal(node.name)}."):
            return code
    return None

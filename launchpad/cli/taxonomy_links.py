"""taxonomy map: links of the project's areas to published taxonomies, suggested, added, reviewed, listed."""

from collections.abc import Sequence
from pathlib import Path

import click

from launchpad.cli.asked import Asked, opened, project_argument, read, reading, table, writing
from launchpad.cli.taxonomy_answers import done_or_look
from launchpad.edits.own_links import add_link, links_named, review, suggested, take
from launchpad.edits.records import remove
from launchpad.edits.taxonomy_releases import current
from launchpad.records import AreaFacet, Inputs, Person, RiskArea, TaxonomyRelease
from launchpad.records.taxonomy import JUSTIFICATIONS, RELATIONS
from launchpad.taxonomies.files import read_bytes, read_text
from launchpad.taxonomies.own import SAID, tree_of
from launchpad.taxonomies.sssom import links_from
from launchpad.taxonomies.tree import Link

TITLES = ("Area", "Relation", "Taxonomy", "Concept", "Name there", "Justification", "Reviewed", "Source")
taxonomy_option = click.option("--taxonomy", metavar="SLUG", help="Only links to this one.")


@click.group("map")
def map_command() -> None:
    """Links of the project's areas to published taxonomies; reviewed ones lead evidence to scenarios."""


@map_command.command("list")
@project_argument
@taxonomy_option
@click.option("--unreviewed", is_flag=True, help="Only those nobody has looked at.")
@reading
def list_links(asked: Asked, project: str, taxonomy: str | None, unreviewed: bool) -> None:
    """The links there are."""
    with read(project) as file:
        inputs = file.inputs()
    links = [
        link
        for release in inputs.rows(TaxonomyRelease)
        for link in tree_of(inputs, release).links
        if taxonomy in (None, link.taxonomy) and not (unreviewed and link.reviewed)
    ]
    asked.answer({"links": [link_json(link) for link in links]}, _table(f"Links ({len(links)})", links))


@map_command.command("suggest")
@project_argument
@taxonomy_option
@click.option("--area", metavar="CODE", help="Only links of this area.")
@click.option("--take", "take_", is_flag=True, help="Add them, unreviewed.")
@writing
def suggest_links(asked: Asked, project: str, taxonomy: str | None, area: str | None, take_: bool) -> None:
    """Links that the bundled crosswalks or the names suggest; --take adds them, none of them reviewed."""
    with opened(asked, project) as held:
        if area is not None:
            held.inputs.find(RiskArea, area)
        links = [link for link in suggested(held.inputs, taxonomy) if area in (None, link.code)]
        if take_:
            held.edit(take(held.inputs, links), f"Add {len(links)} suggested links", reason=asked.reason)
    done = f"Added {len(links)} links, none reviewed." if take_ else "Nothing was written; --take adds them."
    answer = {"links": [link_json(link) for link in links], "written": take_}
    asked.answer(answer, _table(f"Suggested links ({len(links)})", links), done)


@map_command.command("add")
@project_argument
@click.argument("area", metavar="AREA")
@click.argument("relation", type=click.Choice(list(RELATIONS)))
@click.argument("taxonomy", metavar="TAXONOMY")
@click.argument("concept", metavar="CONCEPT")
@click.option("--confidence", type=click.FloatRange(0, 1))
@click.option("--justification", type=click.Choice(list(JUSTIFICATIONS)), default="manual", show_default=True)
@click.option("--note", help="Why.")
@click.option("--reviewed", is_flag=True, help="A person has looked at it and agrees.")
@writing
def add_one(
    asked: Asked, project: str, area: str, relation: str, taxonomy: str, concept: str, **fields: object
) -> None:
    """Link AREA to CONCEPT of TAXONOMY: `broad` says that the concept is the broader."""
    with opened(asked, project) as held:
        inputs = held.inputs
        by = _person(inputs, asked.author)
        given = {name: value for name, value in fields.items() if value is not None}
        if by is not None:
            given["asserted_by"] = by.id
        change = add_link(inputs, inputs.find(RiskArea, area), taxonomy, concept, relation, **given)
        held.edit([change], f"Link {area} to {taxonomy} {concept}", reason=asked.reason)
    answer = {"area": area, "relation": relation, "taxonomy": taxonomy, "concept": concept}
    asked.answer(answer, f"Linked {area} to {taxonomy} {concept} ({RELATIONS[relation].lower()}).")


@map_command.command("review")
@project_argument
@click.argument("links", metavar="AREA|AREA/TAXONOMY/CONCEPT...", nargs=-1, required=True)
@click.option("--relation", type=click.Choice(list(RELATIONS)), help="Another relation than it has.")
@click.option("--reject", is_flag=True, help="Remove them instead.")
@writing
def review_links(asked: Asked, project: str, links: Sequence[str], relation: str | None, reject: bool) -> None:
    """Say of links that a person has looked at them and agrees, or reject them."""
    if reject and relation is not None:
        raise click.UsageError("--relation and --reject exclude each other.")
    with opened(asked, project) as held:
        inputs = held.inputs
        rows = links_named(inputs, links)
        if reject:
            changes = [change for row in rows for change in remove(inputs, row)]
        else:
            changes = review(rows, relation=relation, by=_person(inputs, asked.author))
        held.edit(changes, f"{'Reject' if reject else 'Review'} {len(rows)} links", reason=asked.reason)
        addresses = [inputs.address(row) for row in rows]
    done = "Removed" if reject else "Reviewed"
    asked.answer({"links": addresses, "rejected": reject}, f"{done} {len(rows)} links: {', '.join(addresses)}.")


def import_links(asked: Asked, project: str, path: Path, *, dry_run: bool) -> None:
    """Take links from an SSSOM table into the project; what is left out is listed, and ends with exit code 1."""
    text = read_text(read_bytes(path), path.name)
    with opened(asked, project) as held:
        inputs = held.inputs
        links, problems = links_from(text, path.name, current(inputs).code, _codes(inputs))
        changes = take(inputs, links)
        if not dry_run:
            held.edit(changes, f"Import links from {path.name}", reason=asked.reason)
    would = "would be " if dry_run else ""
    count = f"{len(changes):,} links {would}added or changed, {len(links) - len(changes):,} as before."
    answer = {"links": len(links), "changed": len(changes), "written": not dry_run, "problems": list(problems)}
    asked.answer(answer, count, *(f"- {problem}" for problem in problems))
    done_or_look(bool(problems))


def _codes(inputs: Inputs) -> dict[str, str]:
    """The codes of the areas, by code and by the address they came with."""
    found = {area.code: area.code for area in inputs.rows(RiskArea)}
    for facet in inputs.rows(AreaFacet):
        if facet.facet == f"{SAID}uri":
            found[facet.value] = inputs.get(RiskArea, facet.area).code
    return found


def link_json(link: Link) -> dict[str, object]:
    """A link as the answers of `map` and `news` have it."""
    return {
        "area": link.code,
        "relation": link.relation,
        "taxonomy": link.taxonomy,
        "version": link.version,
        "concept": link.concept,
        "concept_name": link.concept_name,
        "confidence": link.confidence,
        "justification": link.justification,
        "asserted_by": link.asserted_by,
        "asserted_on": link.asserted_on,
        "reviewed": link.reviewed,
        "source": link.source,
        "note": link.note,
    }


def _table(title: str, links: Sequence[Link]) -> object:
    rows = [
        (
            link.code,
            link.relation,
            link.taxonomy,
            link.concept,
            link.concept_name,
            link.justification,
            link.reviewed,
            link.source,
        )
        for link in links
    ]
    return table(title, TITLES, rows)


def _person(inputs: Inputs, code: str | None) -> Person | None:
    return next((row for row in inputs.rows(Person) if row.code == code), None)

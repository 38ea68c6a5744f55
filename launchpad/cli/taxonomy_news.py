"""taxonomy news and unknown: what a newer release of an external list means, and risks without a home."""

import click

from launchpad.cli.asked import Asked, opened, project_argument, read, reading, table, writing
from launchpad.cli.taxonomy_answers import difference_json, done_or_look, tree_named
from launchpad.cli.taxonomy_links import link_json
from launchpad.edits.taxonomy_releases import current
from launchpad.edits.unknown_risks import take_in, take_in_concepts, triage
from launchpad.records import Inputs, RiskArea, UnknownRisk, plain_row
from launchpad.records.taxonomy import RELATIONS, RISK_INTAKE
from launchpad.taxonomies.differences import KINDS
from launchpad.taxonomies.news import News, news
from launchpad.taxonomies.own import tree_of
from launchpad.taxonomies.tree import Link, Tree

SHOWN = 40


@click.command("news")
@project_argument
@click.argument("new", metavar="FILE|SLUG")
@click.option("--old", metavar="FILE|SLUG", help="The release before it; default: none known, so all is new.")
@click.option("--taxonomy", metavar="SLUG", help="How our links call it; default: as --old, else as it calls itself.")
@click.option("--take", is_flag=True, help="Take what is new and has no home in as unknown risks.")
@click.option("--all", "all_", is_flag=True, help="With --take: also what was in the older release.")
@writing
def news_command(asked: Asked, project: str, new: str, take: bool, all_: bool, **wish: str | None) -> None:
    """What a newer release of an external taxonomy means: which areas it touches, which concepts have no home yet."""
    tree = tree_named(new, None, projects=False)
    old = None if wish["old"] is None else tree_named(wish["old"], None, projects=False)
    with opened(asked, project) as held:
        inputs = held.inputs
        own = tree_of(inputs, current(inputs))
        called = _names(wish["taxonomy"], old, tree)
        found = news(own, [link for link in own.links if link.taxonomy in called], old, tree)
        homeless = [one.concept for one in found.homeless if one.new or all_]
        changes = take_in_concepts(inputs, tree.code, tree.version, homeless) if take else []
        held.edit(changes, f"Take in what is new in {tree.code} {tree.version}", reason=asked.reason)
    asked.answer({**_news_json(found, tree), "taken_in": len(changes)}, *_words(found, tree, own, len(changes)))
    done_or_look(bool(found.touched or (homeless and not take)))


@click.group("unknown")
def unknown_command() -> None:
    """Risks that have no home in the taxonomy yet."""


@unknown_command.command("list")
@project_argument
@click.option("--status", type=click.Choice(list(RISK_INTAKE)), help="Only those of this status.")
@reading
def list_unknown(asked: Asked, project: str, status: str | None) -> None:
    """The risks taken in, and what became of them."""
    with read(project) as file:
        inputs = file.inputs()
    rows = [row for row in inputs.rows(UnknownRisk) if status in (None, row.status)]
    titles = ("Code", "Name", "Source", "Found", "Status", "Home", "Reason")
    shown = [
        (row.code, row.name, row.source, row.found_on, RISK_INTAKE[row.status], _home(inputs, row), row.reason)
        for row in rows
    ]
    answer = {"risks": [plain_row(inputs, row) for row in rows]}
    asked.answer(answer, table(f"Unknown risks ({len(rows)})", titles, shown))


@unknown_command.command("add")
@project_argument
@click.argument("name", metavar="NAME")
@click.option("--source", required=True, help="Who or what brought it up.")
@click.option("--description", help="What could go wrong.")
@writing
def add_unknown(asked: Asked, project: str, name: str, source: str, description: str | None) -> None:
    """Take in a risk that no area covers."""
    with opened(asked, project) as held:
        change = take_in(held.inputs, name, source=source, description=description)
        held.edit([change], f"Unknown risk: {name}", reason=asked.reason)
    code = (change.after or {})["code"]
    asked.answer({"code": code}, f"Took it in as {code}.")


@unknown_command.command("triage")
@project_argument
@click.argument("code", metavar="CODE")
@click.option("--home", metavar="AREA", help="The area it belongs to.")
@click.option(
    "--relation", type=click.Choice(list(RELATIONS)), help="With --home: link it to the concept it came from."
)
@click.option("--looking", "status", flag_value="triaged", help="It is being looked at.")
@click.option("--reject", "status", flag_value="rejected", help="It is no risk of ours.")
@writing
def triage_unknown(
    asked: Asked, project: str, code: str, home: str | None, relation: str | None, status: str | None
) -> None:
    """Say what became of an unknown risk, with --reason."""
    if not asked.reason.strip():
        raise click.UsageError("Triage needs --reason TEXT.")
    with opened(asked, project) as held:
        inputs = held.inputs
        area = None if home is None else inputs.find(RiskArea, home)
        risk = inputs.find(UnknownRisk, code)
        changes = triage(inputs, risk, asked.reason, status=status, home=area, relation=relation)
        held.edit(changes, f"Triage {code}", reason=asked.reason)
    said = f"{code} is at home in {home}." if home else f"{code}: {RISK_INTAKE[status or 'new'].lower()}."
    asked.answer({"code": code, "status": "homed" if home else status, "home": home}, said)


def _names(said: str | None, old: Tree | None, new: Tree) -> set[str]:
    """How our links may call the taxonomy: its code then and now, and what links read from SKOS call it by."""
    if said is not None:
        return {said}
    trees = [new] if old is None else [old, new]
    found = {tree.code for tree in trees}
    for tree in trees:
        addresses = [said.text for one in tree.concepts for said in one.said if said.kind == "uri"]
        found |= {address[: max(address.rfind("#"), address.rfind("/")) + 1] for address in addresses}
    return found


def _home(inputs: Inputs, row: UnknownRisk) -> str | None:
    return None if row.area is None else inputs.get(RiskArea, row.area).code


def _news_json(found: News, tree: Tree) -> dict[str, object]:
    return {
        "taxonomy": tree.code,
        "version": tree.version,
        "housed": found.housed,
        "touched": [
            {
                "link": link_json(one.link),
                "difference": difference_json(one.difference),
                "successors": list(one.successors),
                "advice": one.advice,
            }
            for one in found.touched
        ],
        "homeless": [
            {
                "code": one.concept.code,
                "name": one.concept.name,
                "parents": list(one.concept.parents),
                "new": one.new,
                "near": [{"area": area, "why": why} for area, why in one.near],
            }
            for one in found.homeless
        ],
        "differences": [difference_json(one) for one in found.differences],
    }


def _words(found: News, tree: Tree, own: Tree, taken: int) -> list[object]:
    touched = [
        (_said(one.link), KINDS[one.difference.kind], one.difference.code, one.difference.name, one.advice)
        for one in found.touched
    ]
    new = [one for one in found.homeless if one.new]
    near = [
        (one.concept.code, one.concept.name, "; ".join(f"{area} {why}" for area, why in one.near))
        for one in new[:SHOWN]
    ]
    said: list[object] = [
        f"{tree.code} {tree.version}: {len(found.differences):,} differences since the release before.",
        f"{found.housed:,} concepts are at home in {own.code}; {len(found.homeless):,} are not ({len(new):,} new).",
    ]
    if touched:
        titles = ("Link of ours", "What", "Code", "Name", "What to do")
        said.append(table(f"Areas that are touched ({len(touched)})", titles, touched))
    if near:
        titles = ("Code", "Name", "May belong to")
        said.append(table(f"New, without a home ({len(new)}; the first {len(near)})", titles, near))
    said.append(f"Took in {taken:,} as unknown risks." if taken else "Nothing was taken in; --take does.")
    return said


def _said(link: Link) -> str:
    return f"{link.code} {link.relation} {link.concept}"

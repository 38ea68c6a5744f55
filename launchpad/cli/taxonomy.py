"""taxonomy: published lists, the project's own tree, its releases, and its links to others."""

import dataclasses
from pathlib import Path

import click

from launchpad.cli.asked import LOOK_AT_THIS, Asked, opened, project_argument, read, reading, table, writing
from launchpad.cli.taxonomy_answers import (
    confirmed,
    difference_json,
    done_or_look,
    is_project,
    tree_named,
    tree_table,
)
from launchpad.cli.taxonomy_changes import COMMANDS as CHANGES
from launchpad.cli.taxonomy_links import map_command
from launchpad.cli.taxonomy_news import news_command, unknown_command
from launchpad.edits.taxonomy_effects import to_judge_anew
from launchpad.edits.taxonomy_releases import current, draft, release
from launchpad.edits.taxonomy_trees import Imported, import_tree
from launchpad.records import Inputs, TaxonomyRelease
from launchpad.taxonomies.bundled import Bundled, bundled
from launchpad.taxonomies.differences import KINDS, Difference, differences
from launchpad.taxonomies.files import tree_bytes
from launchpad.taxonomies.own import examples_of, release_tree, tree_of
from launchpad.taxonomies.plain import plain_tree
from launchpad.taxonomies.quality import MISSING, WRONG, Found, findings
from launchpad.taxonomies.tree import Tree

release_option = click.option("--release", "release_", metavar="CODE", help="Which release; default: the newest.")
SHOWN = 12


@click.group("taxonomy")
def taxonomy_command() -> None:
    """Taxonomies: published lists, the project's own, its releases, and its links to others."""


@taxonomy_command.command("list")
@click.argument("project", metavar="[PROJECT]", required=False)
@reading
def list_command(asked: Asked, project: str | None) -> None:
    """The bundled taxonomies with licence and verification; with a project, also its releases."""
    releases: list[dict[str, object]] = []
    if project is not None:
        with read(project) as file:
            releases = [_release_json(file.inputs(), row) for row in file.inputs().rows(TaxonomyRelease)]
    lists = [_bundled_json(slug, one) for slug, one in bundled().items()]
    shown = [
        table(
            f"Bundled taxonomies ({len(lists)})",
            ("Slug", "Name", "Version", "Nodes", "Licence", "Verified"),
            [[one[name] for name in ("code", "name", "version", "nodes", "licence", "standing")] for one in lists],
        )
    ]
    if project is not None:
        columns = ("code", "name", "version", "nodes", "status", "released_on", "previous")
        titles = ("Code", "Name", "Version", "Areas", "Status", "Released", "Follows")
        shown.insert(0, table(f"In {project}", titles, [[one[name] for name in columns] for one in releases]))
    asked.answer({"bundled": lists, "releases": releases}, *shown)


@taxonomy_command.command("show")
@click.argument("name", metavar="SLUG|FILE|PROJECT")
@release_option
@click.option("--under", metavar="CODE", help="Only this concept and what lies under it.")
@reading
def show_command(asked: Asked, name: str, release_: str | None, under: str | None) -> None:
    """One taxonomy as a tree: a bundled one, one in a file, or the project's own."""
    tree = tree_named(name, release_)
    known = bundled().get(name)
    about = {"publisher": known.publisher, "date": known.date, "verified": known.verified} if known else {}
    remarks = [f"{known.tree.licence}. {known.standing}.", *([known.remarks] if known.remarks else [])] if known else []
    asked.answer({**plain_tree(tree), **about}, *remarks, tree_table(tree, under))


@taxonomy_command.command("import")
@project_argument
@click.argument("file", metavar="FILE|SLUG")
@click.option("--as", "as_", metavar="CODE", help="Code of the taxonomy in the project; default: as the file says.")
@click.option("--prefix", default="", help="Put before every code, so that two lists do not clash.")
@click.option("--dry-run", is_flag=True, help="Say what it would do; write nothing.")
@writing
def import_command(asked: Asked, project: str, file: str, as_: str | None, prefix: str, dry_run: bool) -> None:
    """Take a tree into the project (SKOS, CSV, YAML, JSON), or links into it (SSSOM, *.tsv)."""
    if file.casefold().endswith(".tsv"):
        from launchpad.cli.taxonomy_links import import_links

        import_links(asked, project, Path(file), dry_run=dry_run)
        return
    tree = tree_named(file, None, projects=False)
    if file in bundled():
        tree = dataclasses.replace(tree, verification=bundled()[file].standing)
    if as_ is not None:
        tree = dataclasses.replace(tree, code=as_)
    with opened(asked, project) as held:
        found = import_tree(held.inputs, tree, prefix=prefix)
        if not dry_run:
            held.edit(found.proposal.changes, f"Import taxonomy {found.release}", reason=asked.reason)
    asked.answer(_import_json(found, dry_run=dry_run), *_import_words(found, dry_run=dry_run))
    if found.problems:
        raise click.exceptions.Exit(LOOK_AT_THIS)


@taxonomy_command.command("export")
@project_argument
@click.argument("out", metavar="OUT")
@release_option
@writing
def export_command(asked: Asked, project: str, out: str, release_: str | None) -> None:
    """The project's tree to OUT.ttl, .rdf, .jsonld, .json, .yaml, .csv, or its links to OUT.sssom.tsv."""
    from launchpad.export.safe import put

    tree = tree_named(project, release_)
    put(Path(out), tree_bytes(tree, Path(out).name))
    answer = {"file": out, "release": tree.code, "areas": len(tree.concepts), "links": len(tree.links)}
    asked.answer(answer, f"Wrote {len(tree.concepts):,} areas and {len(tree.links):,} links of {tree.code} to {out}.")


@taxonomy_command.command("diff")
@click.argument("old", metavar="OLD")
@click.argument("new", metavar="NEW")
@click.argument("project", metavar="[PROJECT]", required=False)
@reading
def diff_command(asked: Asked, old: str, new: str, project: str | None) -> None:
    """Concept by concept from OLD to NEW: each a slug, a file, or with a project a release's code or `draft`."""
    inputs = None
    if project is not None:
        with read(project) as file:
            inputs = file.inputs()
    before, after = _side(old, inputs), _side(new, inputs)
    found = differences(before, after)
    rows = [
        (KINDS[one.kind], one.code, one.name, ", ".join(one.others), one.field, _short(one.before), _short(one.after))
        for one in found
    ]
    titles = ("What", "Code", "Name", "Others", "Field", "Before", "After")
    about = f"From {before.code} {before.version} to {after.code} {after.version}"
    answer = {
        "old": {"code": before.code, "version": before.version},
        "new": {"code": after.code, "version": after.version},
        "differences": [difference_json(one) for one in found],
    }
    asked.answer(answer, table(about, titles, rows) if rows else f"{about}: nothing differs.")


@taxonomy_command.command("check")
@click.argument("name", metavar="PROJECT|SLUG|FILE")
@release_option
@click.option("--strict", is_flag=True, help="Exit 1 also for what is only missing.")
@reading
def check_command(asked: Asked, name: str, release_: str | None, strict: bool) -> None:
    """What is wrong with a taxonomy (circles, orphans, doubled meanings ...), and what is missing in it."""
    examples, left = None, ()
    tree = tree_named(name, release_)
    if is_project(name):
        with read(name) as file:
            inputs = file.inputs()
        examples = examples_of(inputs)
        left = tuple(Found("relabel", MISSING, (code,), words) for code, words in to_judge_anew(inputs))
    found = (*findings(tree, examples), *left)
    rows = [(one.weight, one.kind.replace("_", " "), one.words) for one in found]
    answer = {
        "taxonomy": tree.code,
        "findings": [
            {"kind": one.kind, "weight": one.weight, "codes": list(one.codes), "message": one.words} for one in found
        ],
    }
    shown = table(f"{tree.code}: {len(found)} findings", ("Weight", "Kind", "What"), rows)
    asked.answer(answer, shown if rows else f"{tree.code}: nothing found.")
    done_or_look(any(one.weight == WRONG or (strict and one.weight == MISSING) for one in found))


@taxonomy_command.command("draft")
@project_argument
@click.argument("version", metavar="VERSION")
@release_option
@click.option("--code", metavar="CODE", help="Code of the draft; default: made of the first release's and VERSION.")
@writing
def draft_command(asked: Asked, project: str, version: str, release_: str | None, code: str | None) -> None:
    """Start the next release; the last one keeps its areas as they were."""
    with opened(asked, project) as held:
        before = current(held.inputs, release_)
        proposal = draft(held.inputs, before, version, code)
        held.edit(proposal.changes, f"Draft {version}", reason=asked.reason, content=proposal.content)
        held.refresh()
        made = next(row for row in held.inputs.rows(TaxonomyRelease) if row.previous == before.code)
        answer = _release_json(held.inputs, made)
    asked.answer(answer, f"{made.code} follows {before.code}; change it with launchpad taxonomy add, rename, move ...")


@taxonomy_command.command("release")
@project_argument
@release_option
@click.option("--date", "date_", metavar="YYYY-MM-DD", help="Day of the release; default: today.")
@click.option("--dry-run", is_flag=True, help="Say what differs from the release before; write nothing.")
@click.option("--yes", is_flag=True, help="Write without asking.")
@writing
def release_command(
    asked: Asked, project: str, release_: str | None, date_: str | None, dry_run: bool, yes: bool
) -> None:
    """Release the draft: shows what differs from the release before, then keeps it for good."""
    with opened(asked, project) as held:
        drafted = current(held.inputs, release_)
        proposal = release(held.inputs, drafted, date_)
        found = _since(held.inputs, drafted)
        rows = [(KINDS[one.kind], one.code, one.name, ", ".join(one.others)) for one in found]
        shown = table(f"{drafted.code}: {len(rows)} differences", ("What", "Code", "Name", "Others"), rows)
        answer = {"release": drafted.code, "differences": [difference_json(one) for one in found]}

        def write() -> None:
            held.edit(proposal.changes, f"Release {drafted.code}", reason=asked.reason, content=proposal.content)

        confirmed(asked, answer, [shown], write, dry_run=dry_run, yes=yes)


def _since(inputs: Inputs, drafted: TaxonomyRelease) -> tuple[Difference, ...]:
    """What a draft differs in from the release before; nothing where there is none."""
    before = next((row for row in inputs.rows(TaxonomyRelease) if row.code == drafted.previous), None)
    return () if before is None else differences(release_tree(inputs, before), tree_of(inputs, drafted))


def _side(name: str, inputs: Inputs | None) -> Tree:
    if inputs is not None:
        if name == "draft":
            return tree_of(inputs, current(inputs))
        row = next((row for row in inputs.rows(TaxonomyRelease) if row.code == name), None)
        if row is not None:
            return release_tree(inputs, row)
    return tree_named(name, None)


def _short(text: str | None) -> str | None:
    return text if text is None or len(text) <= 60 else f"{text[:57]}..."


def _bundled_json(slug: str, one: Bundled) -> dict[str, object]:
    return {
        "code": slug,
        "name": one.tree.name,
        "version": one.tree.version,
        "nodes": len(one.tree.concepts),
        "publisher": one.publisher,
        "date": one.date,
        "source": one.tree.source,
        "licence": one.tree.licence,
        "verified": one.verified,
        "verification": one.tree.verification,
        "standing": one.standing,
        "remarks": one.remarks,
    }


def _release_json(inputs: Inputs, row: TaxonomyRelease) -> dict[str, object]:
    return {
        "code": row.code,
        "name": row.name,
        "version": row.version,
        "nodes": len(release_tree(inputs, row).concepts),
        "status": row.status,
        "released_on": row.released_on,
        "previous": row.previous,
        "licence": row.licence,
        "verification": row.verification,
    }


def _import_json(found: Imported, *, dry_run: bool) -> dict[str, object]:
    return {
        "release": found.release,
        "written": not dry_run,
        "added": list(found.added),
        "changed": list(found.changed),
        "unchanged": len(found.unchanged),
        "not_named": list(found.not_named),
        "links": found.links,
        "problems": list(found.problems),
    }


def _import_words(found: Imported, *, dry_run: bool) -> list[str]:
    would = "would be " if dry_run else ""
    counts = (
        f"{len(found.added):,} areas {would}added, {len(found.changed):,} changed, {len(found.unchanged):,} as before"
    )
    said = [f"{found.release}: {counts}; {found.links:,} links."]
    if found.not_named:
        said.append(f"The file does not name {len(found.not_named):,} areas of the draft; they stay.")
    said.extend(f"- {problem}" for problem in found.problems[:SHOWN])
    if len(found.problems) > SHOWN:
        said.append(f"and {len(found.problems) - SHOWN:,} more; --json lists them all")
    return said


for made in (*CHANGES, map_command, news_command, unknown_command):
    taxonomy_command.add_command(made)

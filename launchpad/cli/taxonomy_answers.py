"""What the taxonomy commands share: which tree is meant, how it is shown, and asking before writing."""

import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import click

from launchpad.cli.asked import LOOK_AT_THIS, Asked, read, table
from launchpad.edits.taxonomy_releases import current
from launchpad.errors import UnknownRecordError
from launchpad.taxonomies.bundled import bundled, bundled_tree
from launchpad.taxonomies.differences import Difference
from launchpad.taxonomies.files import read_tree
from launchpad.taxonomies.own import release_tree, tree_of
from launchpad.taxonomies.tree import Tree, depths

SQLITE = b"SQLite format 3\0"

dry_run_option = click.option("--dry-run", is_flag=True, help="Show what it would do; write nothing.")
yes_option = click.option("--yes", is_flag=True, help="Write without asking.")


def tree_named(name: str, release: str | None, *, projects: bool = True) -> Tree:
    """The tree people mean: a bundled slug, a project (its newest or the named release), or a file of a taxonomy."""
    if name in bundled():
        return bundled_tree(name).tree
    path = Path(name)
    if not path.exists() and not path.suffix:
        return bundled_tree(name).tree
    if projects and is_project(name):
        with read(name) as file:
            inputs = file.inputs()
        wanted = current(inputs, release)
        return release_tree(inputs, wanted) if wanted.status == "released" else tree_of(inputs, wanted)
    return read_tree(path)


def difference_json(one: Difference) -> dict[str, object]:
    """A difference as the answers of `diff`, `release` and `news` have it."""
    return {
        "kind": one.kind,
        "code": one.code,
        "name": one.name,
        "others": list(one.others),
        "field": one.field,
        "before": one.before,
        "after": one.after,
    }


def is_project(name: str) -> bool:
    """Whether a path is a project file rather than a file of a taxonomy; what is missing but called so is one too."""
    path = Path(name)
    if not path.is_file():
        return path.suffix == ".launchpad"
    with path.open("rb") as file:
        return file.read(16) == SQLITE


def tree_table(tree: Tree, under: str | None) -> object:
    """A tree for people, indented; or one branch of it. UnknownRecordError for a code it does not have."""
    rows: list[tuple[str, ...]] = []
    inside: int | None = None
    for concept, depth in depths(tree):
        if under is not None:
            if concept.code == under:
                inside = depth
            elif inside is not None and depth <= inside:
                break
            if inside is None:
                continue
        also = ", ".join(concept.parents[1:])
        standing = "" if concept.status == "active" else concept.status
        rows.append((concept.code, "  " * (depth - (inside or 0)) + concept.name, concept.area_class, also, standing))
    if under is not None and not rows:
        raise UnknownRecordError(f"{tree.code} has no concept {under!r}.", "Leave --under out to see them all.")
    title = f"{tree.name} {tree.version} ({len(rows):,} of {len(tree.concepts):,} concepts)"
    return table(title, ("Code", "Name", "Class", "Also under", "Status"), rows)


def confirmed(
    asked: Asked,
    answer: Mapping[str, object],
    shown: Sequence[object],
    write: Callable[[], object],
    *,
    dry_run: bool,
    yes: bool,
) -> None:
    """Show what would be done and do it with --yes or after a yes on a terminal; exit 1 when it was left undone."""
    ask = not (dry_run or yes or asked.json) and sys.stdin.isatty()
    if ask:
        asked.answer(answer, *shown)
        yes = click.confirm("Write this?", default=False, err=True)
    wrote = yes and not dry_run
    if wrote:
        write()
    done = "Written." if wrote else "Nothing was written: --dry-run." if dry_run else "Nothing was written: say --yes."
    again: Sequence[object] = () if ask else shown
    asked.answer({**answer, "written": wrote}, *again, done)
    done_or_look(not wrote and not dry_run)


def done_or_look(look: bool) -> None:
    """End with exit code 1 when a person must look at something."""
    if look:
        raise click.exceptions.Exit(LOOK_AT_THIS)

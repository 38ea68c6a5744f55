"""How imports and settlements of labels are said on the command line."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import Any

from launchpad.cli.asked import table
from launchpad.edits.label_words import Covered
from launchpad.edits.labels import Imported
from launchpad.edits.policies import version_named
from launchpad.edits.settle import Settled, Tally
from launchpad.errors import InvalidValueError
from launchpad.records import GoldSet, Inputs, Policy, PolicyVersion


def version_of(inputs: Inputs, address: str | None, gold_set: GoldSet | None) -> PolicyVersion:
    """The policy version asked for: by address, else of the gold set's policy, else of the only policy."""
    if address is not None:
        return version_named(inputs, address)
    if gold_set is not None:
        return version_named(inputs, inputs.get(Policy, gold_set.policy).code)
    policies = inputs.rows(Policy)
    if len(policies) != 1:
        raise InvalidValueError(
            f"The project has {len(policies)} policies.", "Say which: --policy POLICY/VERSION, or --gold-set CODE."
        )
    return version_named(inputs, policies[0].code)


def imported_json(found: Imported, *, predictions: int, dry_run: bool) -> dict[str, Any]:
    """An import as plain data."""
    return {
        "added": found.added,
        "changed": found.changed,
        "unchanged": found.unchanged,
        "unlabelled": found.unlabelled,
        "predictions_passed_over": predictions,
        "examples_added": list(found.examples),
        "hashed_only": list(found.hashed_only),
        "map": None if found.covered is None else covered_json(found.covered),
        "dry_run": dry_run,
        "problems": [asdict(one) for one in found.problems],
    }


def covered_json(one: Covered) -> Mapping[str, Any]:
    """What a label map covered, as plain data."""
    left = [{"label": label, "n": n} for label, n in sorted(one.unmapped.items())]
    counts = {"labels": one.labels, "mapped": one.mapped, "taken_out": one.taken_out}
    return {"map": one.map, **counts, "coverage": one.share, "unmapped": left}


def imported_for_people(found: Imported, *, predictions: int, dry_run: bool) -> Iterator[object]:
    """An import in sentences, and a table of what was left out."""
    verb = "Would add" if dry_run else "Added"
    yield f"{verb} {found.added:,} labels, changed {found.changed:,}; {found.unchanged:,} were there already."
    if found.examples:
        yield f"{verb} {len(found.examples):,} examples."
    if found.hashed_only:
        yield f"Restricted, so that no text of these is kept: {', '.join(found.hashed_only)}."
    if found.unlabelled:
        yield f"{found.unlabelled:,} entries hold no label."
    if predictions:
        yield f"{predictions:,} predictions are nobody's labels, and were passed over."
    if found.covered is not None:
        yield covered_for_people(found.covered)
    if found.problems:
        rows = [(one.where, one.what) for one in found.problems]
        yield table(f"Left out or to look at: {len(rows):,}", ("Where", "What"), rows)


def covered_for_people(one: Covered) -> str:
    """What a label map covered, in a sentence."""
    share = "no label" if one.share is None else f"{one.share:.1%} of {one.labels:,} labels"
    said = f"The label map {one.map} covers {share}"
    if one.taken_out:
        said += f" and takes {one.taken_out:,} of them out"
    left = ", ".join(f"{label} ({n:,})" for label, n in sorted(one.unmapped.items()))
    return f"{said}. Not in it: {left}." if left else f"{said}."


def settled_json(found: Settled, told: tuple[Tally, ...], *, rule: str, dry_run: bool) -> dict[str, Any]:
    """A settlement as plain data."""
    return {
        "rule": rule,
        "raters": list(found.raters),
        "settled": list(found.settled),
        "unchanged": list(found.unchanged),
        "kept": list(found.kept),
        "open": [asdict(one) for one in found.open],
        "against_gold": [asdict(one) for one in told],
        "dry_run": dry_run,
    }


def settled_for_people(found: Settled, told: tuple[Tally, ...], *, rule: str, dry_run: bool) -> Iterator[object]:
    """A settlement in sentences, what stays open, and how each rater stands to what is settled."""
    verb = "Would settle" if dry_run else "Settled"
    raters = ", ".join(found.raters)
    yield f"{verb} {len(found.settled):,} items ({rule}, raters {raters}); {len(found.unchanged):,} were settled so."
    if found.kept:
        yield f"Decided otherwise before, and kept (--replace): {', '.join(found.kept)}."
    if found.open:
        rows = [(one.example, one.field, one.why) for one in found.open]
        yield table("Open: for a person to decide (--item, --by)", ("Item", "Label", "Why"), rows)
    yield from tallies_for_people(told)


def tallies_for_people(told: tuple[Tally, ...]) -> Iterator[object]:
    """How each rater stands to the settled answers, as a table."""
    if told:
        rows = [(one.rater, one.same, one.defensible, one.wrong) for one in told]
        yield table("Answers against the settled ones", ("Rater", "Same", "Defensible", "Wrong"), rows)

"""launch: a new launch that follows an earlier one."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

import click

from launchpad.cli.asked import Asked, launch_of, opened, project_argument, table, writing
from launchpad.edits.next_launch import NOT_COPIED, NextLaunch, copy_launch, judged_anew
from launchpad.records import RECORDS, TABLES, EvidenceLink, Inputs, Launch


@click.command("launch")
@project_argument
@click.argument("name", metavar="NAME")
@click.option("--from", "source", metavar="CODE", help="The launch it follows; default: as --launch.")
@click.option("--date", "date_", metavar="YYYY-MM-DD", required=True, help="Its launch date.")
@click.option("--model", help="Model that goes out; default: the same.")
@click.option("--snapshot", help="Build that goes out; default: the same, or not said yet for another model.")
@click.option("--code", help="Its code; default: the next free one.")
@click.option("--under-way", is_flag=True, help="Work that is planned or started stays so; default: an idea again.")
@writing
def launch_command(
    asked: Asked,
    project: str,
    name: str,
    *,
    source: str | None,
    date_: str,
    model: str | None,
    snapshot: str | None,
    code: str | None,
    under_way: bool,
) -> None:
    """Add a launch that follows an earlier one: a copy of all that launch's own records, with its baseline set.

    What is done or in place stays so; seals are cleared; plans, locks, incidents and readings stay with the
    earlier launch. The figures are seen from today, or from the earlier launch's day where that is later. The
    freeze lies as long before the launch as it did.
    """
    today = datetime.now(UTC).date().isoformat()
    wish = NextLaunch(name, date_, today, model=model, snapshot=snapshot, code=code, under_way=under_way)
    with opened(asked, project) as file:
        inputs = file.inputs
        before = launch_of(inputs, source or asked.launch)
        changes = copy_launch(inputs, before, wish)
        file.edit(changes, f"New launch {name} from {before.code}", reason=asked.reason)
        file.refresh()
        made = file.inputs.get(Launch, changes[0].key)
        pairs = judged_anew(inputs, before, changes)
        anew = [_plain_link(file.inputs, *pair) for pair in pairs]
    counted = Counter(change.table for change in changes if change.table != Launch.table)
    copied = {record.table: counted[record.table] for record in RECORDS if counted[record.table]}
    left = {record.table: len(rows) for record in NOT_COPIED if (rows := inputs.rows(record, before.id))}
    answer = {
        "launch": made.code,
        "baseline": before.code,
        "model": made.model,
        "snapshot": made.snapshot,
        "launch_date": made.launch_date,
        "freeze_date": made.freeze_date,
        "as_of": made.as_of,
        "copied": copied,
        "not_copied": left,
        "evidence_judged_anew": anew,
    }
    asked.answer(answer, *_for_people(answer, copied, left, anew))


def _plain_link(inputs: Inputs, before: EvidenceLink, now: EvidenceLink) -> dict[str, str | None]:
    return {
        "link": inputs.address(now),
        "snapshot_before": before.snapshot,
        "snapshot": now.snapshot,
        "reason": now.reason,
    }


def _for_people(
    answer: Mapping[str, object],
    copied: Mapping[str, int],
    left: Mapping[str, int],
    anew: Sequence[Mapping[str, str | None]],
) -> list[object]:
    said: list[object] = [
        "{launch} follows {baseline}: launch {launch_date}, freeze {freeze_date}, figures as of {as_of}.".format(
            **answer
        ),
        f"Copied: {_counts(copied)}.",
    ]
    if left:
        said.append(f"Stayed with {answer['baseline']}: {_counts(left)}.")
    if anew:
        rows = [(one["link"], one["snapshot_before"], one["snapshot"]) for one in anew]
        said.append(table("Evidence judged anew for the build that goes out", ("Link", "Snapshot was", "Is"), rows))
    return said


def _counts(rows: Mapping[str, int]) -> str:
    """Rows by table in words: `12 scenarios, 1 gate`."""
    parts = (
        f"{count} {(TABLES[name].label if count == 1 else TABLES[name].plural).lower()}" for name, count in rows.items()
    )
    return ", ".join(parts) or "nothing"

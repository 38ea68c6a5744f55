"""What a workbook carries so that it finds its way home: whose it is, and what each row held when it was written."""

import json
from typing import Any

from openpyxl import Workbook
from openpyxl.packaging.custom import StringProperty
from openpyxl.workbook.defined_name import DefinedName

from launchpad.export.facts import Facts, Task
from launchpad.export.text import CELL_LIMIT, clean
from launchpad.records import ProjectInfo

FORMAT = "1"
KEY = "Key"
"""The hidden last column of each list that comes back."""
ROOM = CELL_LIMIT - 1024
NAME_LIMIT = 255


def sign(book: Workbook, facts: Facts) -> None:
    """Write into the document's properties which project, launch, plan and journal head the workbook shows."""
    uuid = next((row.uuid for row in facts.inputs.rows(ProjectInfo)), "")
    properties = {
        "LaunchpadFormat": FORMAT,
        "LaunchpadProject": uuid,
        "LaunchpadHead": facts.inputs.head,
        "LaunchpadLaunch": facts.launch.code,
        "LaunchpadPlan": "" if facts.plan is None else facts.plan.code,
        "LaunchpadMade": facts.made.isoformat(timespec="seconds").replace("+00:00", "Z"),
    }
    held: Any = book  # its types do not know of custom properties
    for name, value in properties.items():
        held.custom_doc_props.append(StringProperty(name=name, value=clean(value)))
        kept = clean(value).replace('"', '""')
        if len(kept) <= NAME_LIMIT:  # again as a hidden name, for programs that drop the properties
            book.defined_names[name] = DefinedName(name, attr_text=f'"{kept}"', hidden=True)


def key_of(task: Task, effort: float) -> str:
    """What a row of a list held when it was written, as JSON, so that a change by a person can be told.

    `effort` is the row's own, in person-days; `item` says which row of the plan it was. A note too long for a cell
    is left out and `note_cut` is true.
    """
    standing = task.standing
    held: dict[str, object] = {
        "code": task.code,
        "item": task.item.id,
        "status": task.status,
        "owner": task.owner,
        "started": standing and standing.started,
        "finished": standing and standing.finished,
        "remaining": standing and standing.remaining_days,
        "actual": standing and standing.actual_days,
        "effort": effort,
        "note": task.note,
    }
    text = json.dumps(held, ensure_ascii=False)
    if len(text) * 2 > ROOM and len(text.encode("utf-16-le")) // 2 > ROOM:
        text = json.dumps({**held, "note": "", "note_cut": True}, ensure_ascii=False)
    return text

"""Locks: a person's word on whether a mitigation is done, when it starts and who does it."""

from launchpad.changes import Change, delete, insert, new_id
from launchpad.edits.records import set_values
from launchpad.edits.values import checked
from launchpad.records import Inputs, Lock


def lock_of(inputs: Inputs, launch_id: int, mitigation_id: int) -> Lock | None:
    """The lock on a mitigation in a launch."""
    found = inputs.children(Lock, "mitigation", mitigation_id)
    return next((row for row in found if row.launch == launch_id), None)


def set_lock(inputs: Inputs, launch_id: int, mitigation_id: int, **values: object) -> list[Change]:
    """The changes that give the lock on a mitigation these values, adding one that says only "if it is done".

    A lock that says nothing any more (neither must nor never, no start, no team, no way of doing it) is removed.
    """
    known = lock_of(inputs, launch_id, mitigation_id)
    if known is None:
        made = Lock(id=new_id(), launch=launch_id, mitigation=mitigation_id, **{"kind": "if_done", **values})  # pyright: ignore[reportArgumentType] - checked next
        return [insert(checked(made))]
    changes = set_values(known, **values)
    after = {**{name: getattr(known, name) for name in ("kind", "start", "team", "variant")}, **values}
    if after["kind"] == "if_done" and not any(after[name] for name in ("start", "team", "variant")):
        return [delete(known)]
    return changes


def unlock(inputs: Inputs, launch_id: int, mitigation_id: int) -> list[Change]:
    """The changes that take the lock on a mitigation away."""
    known = lock_of(inputs, launch_id, mitigation_id)
    return [] if known is None else [delete(known)]

"""Random edits, then undo all: every journalled table is as it was, value and type."""

import functools
import shutil
import tempfile
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from launchpad.changes import delete, insert, new_id, update
from launchpad.project import Project
from launchpad.records import RECORDS, Effort, Estimate, Mitigation, MitigationVariant, Team, values_of

WORDS = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0"), max_size=12)


def state(project):
    return {
        record.table: {
            row.id: {name: (type(value), value) for name, value in values_of(row).items()}
            for row in project.inputs.rows(record)
        }
        for record in RECORDS
    }


@functools.cache
def blank():
    """The bytes of a new project, made once."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "own.launchpad")
        Project.create(path, name="Own", author="ann").close()
        return path.read_bytes()


class Edits(RuleBasedStateMachine):
    def __init__(self):
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        path = self.folder / "own.launchpad"
        path.write_bytes(blank())
        self.project = Project.open(path, author="ann")
        self.beginning = state(self.project)

    def do(self, *changes):
        self.project.edit(changes, "Edit")
        self.project.refresh()

    def some(self, record):
        rows = self.project.inputs.rows(record)
        return rows[len(self.project.journal()) % len(rows)] if rows else None

    @rule(name=WORDS)
    def add_team(self, name):
        self.do(insert(Team(id=new_id(), code=f"T-{new_id()}", name=name or "x")))

    @rule(name=WORDS)
    def add_work(self, name):
        work = Mitigation(id=new_id(), code=f"M-{new_id()}", name=name or "x", kind="filter")
        self.do(
            insert(work), insert(MitigationVariant(id=new_id(), code=f"{work.code}.a", mitigation=work.id, name="a"))
        )

    @precondition(lambda self: self.some(Team) and self.some(MitigationVariant))
    @rule(low=st.floats(0.5, 5), more=st.floats(0, 5))
    def add_effort(self, low, more):
        team, variant = self.some(Team), self.some(MitigationVariant)
        days = Estimate(low, low + more, low + 2 * more, "elicited")
        self.do(insert(Effort(id=new_id(), variant=variant.id, team=team.id, days=days)))

    @precondition(lambda self: self.some(Mitigation))
    @rule(name=WORDS, family=st.none() | WORDS)
    def change_work(self, name, family):
        self.do(update(self.some(Mitigation), name=name or "y", family=family))

    @precondition(lambda self: self.some(MitigationVariant))
    @rule(pause=st.booleans(), days=st.integers(0, 30))
    def change_variant(self, pause, days):
        self.do(update(self.some(MitigationVariant), splittable=pause, waiting_days=days))

    @precondition(lambda self: self.some(Effort))
    @rule()
    def remove_effort(self):
        self.do(delete(self.some(Effort)))

    @rule()
    def undo(self):
        self.project.undo()
        self.project.refresh()

    @rule()
    def redo(self):
        self.project.redo()
        self.project.refresh()

    @invariant()
    def what_is_held_is_what_the_file_holds(self):
        with Project.open(self.project.path, read_only=True) as other:
            assert state(other) == state(self.project)

    def teardown(self):
        while self.project.can_undo is not None:
            self.project.undo()
        self.project.refresh()
        assert state(self.project) == self.beginning
        assert self.project.check() == []
        self.project.close()
        shutil.rmtree(self.folder)


Edits.TestCase.settings = settings(max_examples=15, stateful_step_count=15, deadline=None)
TestThatUndoingAllRestoresEveryTable = Edits.TestCase

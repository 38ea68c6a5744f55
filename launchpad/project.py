"""An open project: what it holds now, edits made in this window, and taking them back."""

import csv
import getpass
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType, TracebackType
from typing import Final, Self
from uuid import uuid4

from launchpad import paths
from launchpad.changes import Change, Edit, edit, inverse, new_id
from launchpad.edits.words_given import GIVEN
from launchpad.errors import ConflictError, UnknownRecordError
from launchpad.records import Coefficient, EvalResult, Evaluation, Inputs
from launchpad.records.imported import SampleTexts
from launchpad.store import Finding, ProjectFile

# Words given are not taken back by undo: rows of these tables (signatures, determinations), and seals.
APPEND_ONLY: Final[frozenset[str]] = frozenset(record.table for record in GIVEN)
SEAL: Final = frozenset({"sealed_at", "seal"})
BEHIND: Final = "behind"  # no journal row has this hash
NOTHING: Final[Mapping[str, bytes]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Step:
    """Edits of this window that undo together, oldest first, and the label people know them by."""

    label: str
    edits: tuple[Edit, ...]


class Project:
    """A project as one window or one command works on it.

    `inputs` stays as it is until `refresh`, which brings in every edit since, ours and others'.
    """

    def __init__(self, file: ProjectFile, author: str) -> None:
        self.author = author
        self.inputs: Inputs = file.inputs()
        self._file = file
        self._head = self.inputs.head
        self._own: set[str] = set()
        self._done: list[Step] = []
        self._undone: list[Step] = []

    @classmethod
    def open(cls, path: Path | str, *, read_only: bool = False, author: str | None = None) -> Self:
        """A project opened; ProjectFileError when the file is missing, foreign, newer or damaged."""
        return cls._of(ProjectFile.open(Path(path), read_only=read_only), author)

    @classmethod
    def create(cls, path: Path | str, *, name: str, author: str | None = None) -> Self:
        """A new project with the bundled coefficients; never over a file that is there."""
        author = author or user_name()
        file = ProjectFile.create(Path(path), name=name, author=author, records=_coefficients())
        return cls._of(file, author)

    @classmethod
    def _of(cls, file: ProjectFile, author: str | None) -> Self:
        try:
            return cls(file, author or user_name())
        except BaseException:
            file.close()
            raise

    @property
    def path(self) -> Path:
        """Where the project lies."""
        return self._file.path

    @property
    def read_only(self) -> bool:
        """Whether edits are refused."""
        return self._file.read_only

    @property
    def can_undo(self) -> str | None:
        """The label of what `undo` would take back, or None."""
        return self._done[-1].label if self._done else None

    @property
    def can_redo(self) -> str | None:
        """The label of what `redo` would do again, or None."""
        return self._undone[-1].label if self._undone else None

    @property
    def others_wrote(self) -> bool:
        """Whether somebody else's edit came between ours since the last refresh; `inputs` lack it then."""
        return self._head == BEHIND

    def edit(
        self,
        changes: Iterable[Change | None],
        label: str,
        *,
        reason: str = "",
        content: Mapping[str, bytes] = NOTHING,
        batch: str | None = None,
    ) -> Edit | None:
        """The edit these changes became, or None when there were none.

        Edits of one `batch` undo together. Raises ConflictError, with the row as it is now, when a
        row changed since it was read; nothing is written then.
        """
        real = [change for change in changes if change is not None]
        if not real:
            return None
        made = self._file.write(edit(real, label, author=self.author, reason=reason, batch=batch), content)
        self._take_as_own([made])
        self._undone.clear()
        self._remember(made)
        return made

    def undo(self) -> list[Edit]:
        """The edits that took back this window's latest step; none when there is nothing to undo.

        Raises ConflictError, with the present row, when somebody else has changed one of its fields
        since; that step is then given up, and the one before can be undone.
        """
        return self._reverse(self._done, self._undone, "Undo")

    def redo(self) -> list[Edit]:
        """The edits that did again what `undo` took back last; as `undo`."""
        return self._reverse(self._undone, self._done, "Redo")

    def revert(self, uuid: str, *, reason: str = "") -> Edit | None:
        """The edit that takes back any one edit of the journal, whoever made it.

        Raises UnknownRecordError when the journal has no such edit, ConflictError when its rows are
        not as it left them.
        """
        found = next((made for _, made in self.journal() if made.uuid == uuid), None)
        if found is None:
            raise UnknownRecordError(f"The journal has no edit {uuid}.", "`launchpad history` lists them.")
        changes = _reversible(found)
        if not changes:
            return None
        back = edit(changes, f"Revert: {found.label}", author=self.author, reason=reason, undoes=uuid)
        made = self._file.write(back)
        self._take_as_own([made])
        self._undone.clear()
        self._remember(made)
        return made

    def refresh(self) -> set[str]:
        """The names of the tables that changed since the last refresh; `inputs` then holds them."""
        self.inputs, names = self._file.renewed(self.inputs)
        self._head = self.inputs.head
        return names

    def journal(self, after: int = 0) -> list[tuple[int, Edit]]:
        """Number and edit of every journal row after a number, oldest first."""
        return self._file.journal(after)

    def content(self, sha256: str) -> bytes | None:
        """The content of that SHA-256, or None when there is none or it was removed."""
        return self._file.content(sha256)

    def sample_texts(self, result: EvalResult) -> SampleTexts | None:
        """What was asked and answered in the samples of a result; None when that was not kept, or was removed.

        It may be hazardous: show it only when a person asks for it, and let it into no export.
        """
        from launchpad.edits.evidence import samples_of, texts_of

        block = None if result.texts is None else self._file.content(result.texts)
        if block is None:
            return None
        return samples_of(result, self.inputs.get(Evaluation, result.evaluation), texts_of(block))

    def check(self, head: str | None = None) -> list[Finding]:
        """Everything that is wrong with the file; may run in another thread."""
        return self._file.check(head)

    def snapshot(self, path: Path | str) -> None:
        """Write a compact copy of the file to a new one."""
        self._file.snapshot(Path(path))

    def notices(self) -> list[Finding]:
        """What went wrong beside the work since this was last asked, such as a backup that failed."""
        return self._file.notices()

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _take_as_own(self, written: Iterable[Edit]) -> None:
        for made in written:
            self._own.add(made.uuid)
            self._head = made.sha256 if made.parents == (self._head,) else BEHIND

    def _remember(self, made: Edit) -> None:
        if not _reversible(made):
            return
        last = self._done[-1] if self._done else None
        if last is not None and made.batch is not None and last.edits[0].batch == made.batch:
            self._done[-1] = Step(last.label, (*last.edits, made))
        else:
            self._done.append(Step(made.label, (made,)))

    def _reverse(self, stack: list[Step], other: list[Step], verb: str) -> list[Edit]:
        if not stack:
            return []
        step = stack[-1]
        batch = str(uuid4()) if len(step.edits) > 1 else None
        label = f"{verb}: {step.label}"
        back = [
            edit(_reversible(made), label, author=self.author, batch=batch, undoes=made.uuid)
            for made in reversed(step.edits)
        ]
        try:
            written = self._file.write_all(back, own=frozenset(self._own))
        except ConflictError:
            stack.pop()
            raise
        stack.pop()
        self._take_as_own(written)
        other.append(Step(step.label, tuple(written)))
        return written


def user_name() -> str:
    """The name this person is logged in by, which stands for them in the journal."""
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return "unknown"


def _reversible(made: Edit) -> tuple[Change, ...]:
    return tuple(change for change in inverse(made.changes) if not _a_word_given(change))


def _a_word_given(change: Change) -> bool:
    return change.table in APPEND_ONLY or (change.before is not None and change.before.keys() <= SEAL)


def _coefficients() -> list[Coefficient]:
    path = paths.resources() / "coefficients.csv"
    if not path.exists():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        return [
            Coefficient(
                id=new_id(),
                code=row["code"],
                name=row["name"],
                value=float(row["value"]),
                basis=row["basis"] or None,
            )
            for row in csv.DictReader(file)
        ]

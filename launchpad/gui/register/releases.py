"""The releases of the project's taxonomies as a person chooses among them, and the questions that start and end one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget

from launchpad.edits import Proposal
from launchpad.edits.taxonomy_releases import draft, release
from launchpad.errors import LaunchpadError
from launchpad.gui import words
from launchpad.gui.asking import Button, Question
from launchpad.gui.document import Document
from launchpad.gui.pieces import label
from launchpad.gui.register.operation_dialog import words_of
from launchpad.records import AreaChange, Inputs, RiskArea, TaxonomyRelease
from launchpad.records.taxonomy import RELEASE_STATUS
from launchpad.taxonomies.differences import differences
from launchpad.taxonomies.own import release_tree, tree_of
from launchpad.taxonomies.tree import Tree


def tr(text: str) -> str:
    """Words about releases in the person's language."""
    return QCoreApplication.translate("register", text)


@dataclass(frozen=True)
class Choice:
    """One entry of the release chooser: a release, or all areas; `live` says that its areas are those of now."""

    text: str
    release: TaxonomyRelease | None
    live: bool


def choices(inputs: Inputs) -> list[Choice]:
    """All areas where there are several taxonomies, then each release that can be shown, those of now first."""
    rows = inputs.rows(TaxonomyRelease)
    now = [row for row in rows if inputs.children(RiskArea, "release", row.id)]
    kept = [row for row in rows if row not in now and row.snapshot is not None]
    empty = [row for row in rows if row not in now and row not in kept and row.status == "draft"]
    found = [Choice(said(row), row, live=True) for row in (*now, *empty)]
    found += [Choice(said(row), row, live=False) for row in sorted(kept, key=lambda row: row.version, reverse=True)]
    if len(now) != 1:
        found.insert(0, Choice(tr("All risk areas"), None, live=True))
    return found


def said(row: TaxonomyRelease) -> str:
    """A release by name, version and whether it is still edited."""
    return f"{row.name} {row.version} · {words.translate('records', RELEASE_STATUS[row.status]).lower()}"


def tree_at(inputs: Inputs, row: TaxonomyRelease) -> Tree:
    """A release as it was released, or as a draft stands now."""
    return release_tree(inputs, row) if row.status == "released" else tree_of(inputs, row)


def standing(inputs: Inputs, choice: Choice) -> str:
    """What the chosen release allows, in a sentence; empty where there is nothing to say."""
    row = choice.release
    if row is None:
        released = [one for one in inputs.rows(TaxonomyRelease) if one.status == "released"]
        live = [one for one in released if inputs.children(RiskArea, "release", one.id)]
        return tr("Released and unchanged: {0}.").format(", ".join(one.code for one in live)) if live else ""
    if not choice.live:
        return tr("As it was released on {0}. Only to look at.").format(words.day(row.released_on) or words.NOTHING)
    if row.status == "released":
        return tr("Released. Draft the next release to change its areas.")
    changes = len(inputs.children(AreaChange, "release", row.id))
    return tr("Draft with {0} recorded changes.").format(words.number(changes))


class DraftQuestion(Question):
    """Asks for the version of the next release."""

    def __init__(self, before: TaxonomyRelease, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.introduce(
            tr("Draft the next release"),
            tr("{0} keeps its areas as they are now, for good. The draft is where they are changed.").format(
                said(before)
            ),
            tr("&Draft"),
        )
        self.version = self.line(tr("&Version"), next_version(before.version))


def next_version(version: str) -> str:
    """The version after one: its last number counted up, else nothing to start from."""
    head, mark, last = version.rpartition(".")
    return f"{head}{mark}{int(last) + 1}" if last.isdigit() else ""


class ReleaseQuestion(Question):
    """Says what differs from the release before, and asks why the draft is released now."""

    def __init__(self, document: Document, drafted: TaxonomyRelease, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.introduce(
            tr("Release {0}").format(said(drafted)),
            tr("Its areas are kept as they stand, for good; new ones come into use. {0}").format(
                _since(document.inputs, drafted)
            ),
            tr("&Release"),
        )
        self.reason = self.line(tr("&Reason"), hint=tr("Who agreed to it, and when"))
        self.problem = label("", tone="bad", wrap=True)
        self.form.addRow(self.problem)
        try:
            release(document.inputs, drafted)
        except LaunchpadError as error:
            self.problem.setText(words_of(error))
            self.buttons.button(Button.Ok).setEnabled(False)
            self.reason.setEnabled(False)


def _since(inputs: Inputs, drafted: TaxonomyRelease) -> str:
    before = next((row for row in inputs.rows(TaxonomyRelease) if row.code == drafted.previous), None)
    if before is None:
        return tr("No release came before it.")
    count = len(differences(release_tree(inputs, before), tree_of(inputs, drafted)))
    return tr("It differs from {0} in {1} places; Compare releases lists them.").format(before.code, count)


def start_draft(document: Document, before: TaxonomyRelease, parent: QWidget) -> None:
    """Ask for the version, and start the draft that follows a release."""
    asked = DraftQuestion(before, parent)
    if asked.exec():
        version = asked.version.text().strip()
        _write(document, lambda: draft(document.inputs, before, version), f"Draft {version}", "")


def release_draft(document: Document, drafted: TaxonomyRelease, parent: QWidget) -> None:
    """Ask for the reason, and release a draft."""
    asked = ReleaseQuestion(document, drafted, parent)
    if asked.exec():
        reason = asked.reason.text().strip()
        _write(document, lambda: release(document.inputs, drafted), f"Release {drafted.code}", reason)


def _write(document: Document, make: Callable[[], Proposal], done: str, reason: str) -> None:
    try:
        proposal = make()
    except LaunchpadError as error:
        document.refused.emit(error)
        return
    document.edit(proposal.changes, done, reason=reason, content=proposal.content)

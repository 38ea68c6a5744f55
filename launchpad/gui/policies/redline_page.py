"""The tab of versions: two of them word by word, clause by clause, and what is to be tested again for it."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QSettings, Qt
from PySide6.QtWidgets import (
    QFileDialog,
    QListWidget,
    QListWidgetItem,
    QSplitter,
    QStackedWidget,
    QTreeWidget,
    QTreeWidgetItem,
    QWidget,
)

from launchpad.edits.policies import newest_version
from launchpad.errors import ExportError, LaunchpadError
from launchpad.gui import theme
from launchpad.gui.document import Document
from launchpad.gui.jobs import Job, Progress
from launchpad.gui.pieces import button, column, empty, label, row
from launchpad.gui.policies.fields import Choice
from launchpad.gui.policies.page import Page
from launchpad.gui.policies.study import tr
from launchpad.gui.policies.written import blocks_naming, document_view, mark_blocks, write_document
from launchpad.gui.table_model import plain_tip
from launchpad.gui.theme import GAP, TIGHT
from launchpad.records import PolicyVersion

if TYPE_CHECKING:
    from launchpad.policies.redline import ClauseChange, Redline

CODE = int(Qt.ItemDataRole.UserRole)
ICONS = {"added": "add", "removed": "remove", "changed": "redo", "moved": "fit"}


class RedlinePage(Page):
    """Compares in the background; removed words are struck out, added ones underlined."""

    def __init__(self, document: Document) -> None:
        super().__init__(document)
        self.line: Redline | None = None
        self._follows = 0
        self._job: Job | None = None
        self._key: tuple[str, int, int] | None = None
        self.old, self.new = Choice(tr("From version")), Choice(tr("To version"))
        for box in (self.old, self.new):
            box.setMinimumWidth(110)
            box.activated.connect(self._work)
        self.said = label("", "small", tone="muted")
        self.save = button(tr("Save …"), self.ask_and_save, part="link", icon="export")
        self.list = QListWidget()
        self.list.setAccessibleName(tr("Clauses that differ"))
        self.list.currentRowChanged.connect(self._mark)
        self.text = document_view(tr("Redline"))
        self.again = QTreeWidget()
        self.again.setHeaderHidden(True)
        self.again.setAccessibleName(tr("To test again"))
        self.again.itemActivated.connect(self._seek)
        self._pages = QStackedWidget()
        self._pages.addWidget(self._whole())
        self._pages.addWidget(
            empty(
                tr("One version so far"),
                tr(
                    "Release it, then draft the next one: what differs between the two is shown here word by word, "
                    "with the scenarios, evaluations and gold items that have to be tested again."
                ),
                icon="policies",
            )
        )
        outer = column(self._pages)
        outer.setContentsMargins(0, TIGHT, 0, 0)
        self.setLayout(outer)

    def _whole(self) -> QWidget:
        beside = QWidget()
        inner = column(label(tr("To test again"), "strong"), self.again, gap=TIGHT)
        inner.setStretch(1, 1)
        beside.setLayout(inner)
        split = QSplitter(Qt.Orientation.Horizontal)
        for part in (self.list, self.text, beside):
            split.addWidget(part)
        split.setSizes([240, 580, 250])
        split.setStretchFactor(1, 1)
        split.setChildrenCollapsible(False)
        made = QWidget()
        upper = row(label(tr("From"), tone="muted"), self.old, label(tr("to"), tone="muted"), self.new, gap=GAP)
        for part in (self.said, self.save):
            upper.addWidget(part)
        upper.insertStretch(upper.count() - 1, 1)
        whole = column(upper, split, gap=TIGHT)
        whole.setStretch(1, 1)
        made.setLayout(whole)
        return made

    def fill(self, version: PolicyVersion) -> None:
        """Compare the version that is looked at with the one before it, unless two others were chosen."""
        rows = self.document.inputs.children(PolicyVersion, "policy", version.policy)
        self._pages.setCurrentIndex(0 if len(rows) > 1 else 1)
        if len(rows) < 2:
            self.line, self._key = None, None
            return
        entries = [(one.version, str(one.id)) for one in rows]
        known = {one.id for one in rows}
        kept = (self.old.value, self.new.value)
        follows = self._follows != version.id or not all(value and int(value) in known for value in kept)
        for box in (self.old, self.new):
            box.offer(entries)
        if follows:
            self._follows = version.id
            before = _before(rows, version) or newest_version(self.document.inputs, version.policy, "released")
            old = next((one for one in rows if one.version == before and one.id != version.id), None)
            other = old or next(one for one in rows if one.id != version.id)
            self.old.choose(str(other.id))
            self.new.choose(str(version.id))
        else:
            self.old.choose(kept[0])
            self.new.choose(kept[1])
        self._work()

    def _work(self, *_place: int) -> None:
        inputs = self.document.inputs
        if not self.old.value or not self.new.value:
            return
        old, new = (inputs.get(PolicyVersion, int(box.value)) for box in (self.old, self.new))
        key = (inputs.head, old.id, new.id)
        if key == self._key:
            return
        self._key = key

        def work(progress: Progress) -> object:
            from launchpad.policies.redline import redline

            progress(0.0, tr("Comparing versions"))
            return redline(inputs, old, new)

        def done(found: Redline) -> None:
            if self._key == key:
                self._show(found)

        self._job = job = self.document.begin(tr("Comparing versions"), work, done)
        job.ended.connect(partial(self._over, job, key))

    def _over(self, job: Job, key: tuple[str, int, int]) -> None:
        if job.cancelled and self._key == key:
            self._key = None

    def forget(self) -> None:
        """Write everything anew the next time, in the colours of then."""
        super().forget()
        self._key = None

    def _show(self, found: Redline) -> None:
        from launchpad.policies.redline_document import redline_document

        self.line = found
        touched = len(found.touched)
        self.said.setText(
            tr("Nothing differs.")
            if not found.changes
            else tr("{0} clauses differ; verdicts may change under {1}.").format(len(found.changes), touched)
        )
        write_document(self.text, redline_document(found))
        self.list.clear()
        for change in found.changes:
            item = QListWidgetItem(theme.icon(ICONS[change.how], "text"), f"{change.code}  {became(change)}")
            item.setData(CODE, change.code)
            item.setToolTip(plain_tip(item.text()))
            self.list.addItem(item)
        self._show_again(found)

    def _show_again(self, found: Redline) -> None:
        self.again.clear()
        groups = (
            (tr("Scenarios ({0})"), "scenario", found.retest.scenarios),
            (tr("Gates ({0})"), "gate", found.retest.gates),
            (tr("Evaluations ({0})"), "evaluation", found.retest.evaluations),
            (tr("Gold items ({0})"), "example", found.retest.gold_items),
            (tr("Policy runs ({0})"), "policy_run", found.retest.runs),
        )
        for title, table, codes in groups:
            if not codes:
                continue
            group = QTreeWidgetItem([title.format(len(codes))])
            self.again.addTopLevelItem(group)
            for code in codes:
                one = QTreeWidgetItem([code])
                one.setData(0, CODE, f"{table} {code}")
                group.addChild(one)
            group.setExpanded(len(codes) <= 12)
        if not self.again.topLevelItemCount():
            self.again.addTopLevelItem(QTreeWidgetItem([tr("Nothing recorded rests on what changed.")]))

    def _mark(self, place: int) -> None:
        item = self.list.item(place) if place >= 0 else None
        code = "" if item is None else str(item.data(CODE))
        found = blocks_naming(self.text.document(), code)
        heads = [cursor for cursor in found if cursor.block().text().startswith(f"{code}:")]
        mark_blocks(self.text, heads)

    def _seek(self, item: QTreeWidgetItem, _place: int) -> None:
        table, _, code = str(item.data(0, CODE) or "").partition(" ")
        if table == "example":
            self.exampled.emit(code)
        elif table:
            # Scenarios and gates are named with their launch, and looked for in the one that is looked at.
            address = code.rpartition("/")[2] if table in ("scenario", "gate") else code
            found = self.document.named(f"{table} {address}")
            if found is not None:
                self.document.sought.emit(found)

    def save_to(self, path: Path) -> None:
        """Write the redline as Markdown, HTML or a Word document, as the name of the file ends."""
        from launchpad.export.safe import put
        from launchpad.policies.documents import FORMS
        from launchpad.policies.redline_document import redline_document

        if self.line is None:
            return
        try:
            form = FORMS.get(path.suffix.casefold())
            if form is None:
                raise ExportError(
                    tr("A redline is not written as {0}.").format(path.name), tr("Use .md, .html or .docx.")
                )
            put(path, form(redline_document(self.line)))
        except LaunchpadError as error:
            self.document.refused.emit(error)
            return
        self.document.told.emit(tr("Saved {0}").format(path.name))

    def ask_and_save(self) -> None:
        """Ask for a file, and write the redline to it."""
        line = self.line
        if line is None:
            return
        folder = Path(str(QSettings().value("folder", str(Path.home()))))
        start = folder / f"{line.policy}-{line.old}-{line.new}.docx"
        kinds = tr("Word document (*.docx);;Web page (*.html);;Markdown (*.md)")
        chosen, _ = QFileDialog.getSaveFileName(self, tr("Save the redline"), str(start), kinds)
        if chosen:
            path = Path(chosen)
            self.save_to(path if path.suffix else path.with_name(path.name + ".docx"))


def became(change: ClauseChange) -> str:
    """What became of a clause, in words."""
    said = {
        "added": tr("added"),
        "removed": tr("removed"),
        "changed": tr("changed"),
        "moved": tr("moved"),
    }[change.how]
    return said if change.applies else tr("{0}, for people only").format(said)


def _before(rows: tuple[PolicyVersion, ...], version: PolicyVersion) -> str | None:
    """The version before one: the one it supersedes, else the last in the list before it."""
    if version.supersedes:
        return version.supersedes
    earlier = [one.version for one in rows if one.id != version.id]
    return earlier[-1] if earlier else None

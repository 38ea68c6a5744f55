"""The tab of what is compiled: three forms side by side, the chosen clause marked in each by its rule id."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import QSettings, Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog, QSplitter, QVBoxLayout, QWidget

from launchpad.edits.clauses import in_decision_order
from launchpad.errors import LaunchpadError
from launchpad.gui.document import Document
from launchpad.gui.jobs import Job, Progress
from launchpad.gui.pieces import button, column, label, row
from launchpad.gui.policies.fields import Choice
from launchpad.gui.policies.page import Page
from launchpad.gui.policies.renderings import Rendering, rendered, save, titles
from launchpad.gui.policies.study import Study, tr
from launchpad.gui.policies.written import blocks_naming, document_view, mark_blocks, write_document
from launchpad.gui.theme import GAP, TIGHT
from launchpad.records import Policy, PolicyVersion

FIRST = ("chat", "guideline", "brief")


class Pane(QWidget):
    """One form: which it is, how long, its text, Copy and Save. `wanted` is emitted when another one is chosen."""

    wanted = Signal()

    def __init__(self, document: Document, name: str) -> None:
        super().__init__()
        self.document = document
        self.study: Study | None = None
        self.shown: Rendering | None = None
        self._written: Rendering | None = None
        self.choice = Choice(tr("What is compiled"), [(title, key) for key, title in titles().items()])
        self.choice.choose(name)
        self.choice.currentIndexChanged.connect(self._want)
        self.length = label("", "small", tone="muted")
        self.copy_button = button(tr("Copy"), self.copy, part="link", icon="copy")
        self.save_button = button(tr("Save …"), self.ask_and_save, part="link", icon="export")
        self.text = document_view(tr("Compiled text"))
        inner = QVBoxLayout(self)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(TIGHT)
        inner.addWidget(self.choice)
        inner.addLayout(row(self.length, 1, self.copy_button, self.save_button, gap=TIGHT))
        inner.addWidget(self.text, 1)

    def _want(self, *_place: int) -> None:
        self.wanted.emit()

    def show_rendering(self, shown: Rendering, study: Study, code: str) -> None:
        """Show a form, the clause with this code marked."""
        self.shown, self.study = shown, study
        self.length.setText(shown.length)
        self.text.setAccessibleName(titles()[shown.name])
        if shown is not self._written:
            self._written = shown
            if shown.document is not None and not shown.refused:
                write_document(self.text, shown.document)
            else:
                self.text.setPlainText(shown.refused or shown.text)
        for made in (self.copy_button, self.save_button):
            made.setEnabled(not shown.refused)
        self.mark(code)

    def forget(self) -> None:
        """Write the text anew the next time."""
        self._written = None

    def mark(self, code: str) -> None:
        """Mark the paragraphs that name a rule, and bring the first one into view."""
        mark_blocks(self.text, blocks_naming(self.text.document(), code))

    @property
    def marked(self) -> int:
        """How many paragraphs are marked."""
        return len(self.text.extraSelections())

    def copy(self) -> None:
        """Put the text on the clipboard."""
        if self.shown is not None and not self.shown.refused:
            QGuiApplication.clipboard().setText(self.shown.text)
            self.document.told.emit(tr("Copied: {0}").format(titles()[self.shown.name]))

    def save_to(self, path: Path) -> None:
        """Write the form to a file, as its name ends."""
        if self.shown is None or self.study is None or self.shown.refused:
            return
        try:
            save(path, self.shown, self.study)
        except LaunchpadError as error:
            self.document.refused.emit(error)
            return
        self.document.told.emit(tr("Saved {0}").format(path.name))

    def ask_and_save(self) -> None:
        """Ask for a file, and write the form to it."""
        shown, study = self.shown, self.study
        if shown is None or study is None or shown.refused:
            return
        folder = Path(str(QSettings().value("folder", str(Path.home()))))
        start = folder / f"{study.book.policy}-{study.book.version}-{shown.name}{shown.endings[0]}"
        kinds = ";;".join(f"{ending[1:]} (*{ending})" for ending in shown.endings)
        chosen, kind = QFileDialog.getSaveFileName(self, titles()[shown.name], str(start), kinds)
        if chosen:
            path = Path(chosen)
            wanted = kind.rpartition("*")[2].rstrip(")") or shown.endings[0]
            self.save_to(path if path.suffix else path.with_name(path.name + wanted))


class RenderingsPage(Page):
    """Compiles in the background what its three panes show; `chose` carries the code of a clause chosen here."""

    chose = Signal(str)

    def __init__(self, document: Document) -> None:
        super().__init__(document)
        self.clause = Choice(tr("Clause marked in each"))
        self.clause.setMinimumWidth(320)
        self.clause.activated.connect(lambda: self.chose.emit(self.clause.value))
        self._said = label("", "small", tone="muted")
        self._job: Job | None = None
        self._made: dict[str, Rendering] = {}
        self._of: Study | None = None
        self.panes = [Pane(document, name) for name in FIRST]
        split = QSplitter(Qt.Orientation.Horizontal)
        for pane in self.panes:
            pane.wanted.connect(self._work)
            split.addWidget(pane)
        split.setChildrenCollapsible(False)
        upper = row(label(tr("Clause marked in each"), tone="muted"), self.clause, self._said, 1, gap=GAP)
        inner = column(upper, split, gap=TIGHT)
        inner.setStretch(1, 1)
        inner.setContentsMargins(0, TIGHT, 0, 0)
        self.setLayout(inner)

    def forget(self) -> None:
        """Write everything anew the next time, in the colours of then."""
        super().forget()
        for pane in self.panes:
            pane.forget()

    def fill(self, version: PolicyVersion) -> None:
        """Show the three forms of a version, compiled anew where it changed."""
        clauses = in_decision_order(self.document.inputs, version)
        self.clause.offer([(_short(f"{row.code}  {row.rule}"), row.code) for row in clauses])
        self.clause.choose(self.chosen)
        study = self.current
        if study is not self._of:
            self._of, self._made = study, {}
        policy = self.document.inputs.get(Policy, version.policy)
        withheld = 0 if study is None else sum(rule.withheld for rule in study.book.rules)
        said = tr("{0} examples of sensitive areas are left out everywhere.").format(withheld) if withheld else ""
        self._said.setText(said)
        self.setAccessibleDescription(f"{policy.code} {version.version}")
        self._work()

    def _work(self) -> None:
        """Show what is compiled, and begin on what is not."""
        study, version, inputs = self.current, self.version, self.document.inputs
        if study is None or version is None:
            return
        missing = [name for pane in self.panes if (name := pane.choice.value) not in self._made]
        if not missing:
            for pane in self.panes:
                pane.show_rendering(self._made[pane.choice.value], study, self.chosen)
            return
        if self._job is not None:
            return

        def work(progress: Progress) -> object:
            made: list[Rendering] = []
            for at, name in enumerate(dict.fromkeys(missing)):
                progress(at / len(missing), tr("Compiling the policy"))
                made.append(rendered(inputs, version, study, name))
            return made

        def done(made: list[Rendering]) -> None:
            if self._of is study:
                self._made |= {one.name: one for one in made}

        self._job = job = self.document.begin(tr("Compiling the policy"), work, done)
        job.ended.connect(partial(self._over, job))

    def _over(self, job: Job) -> None:
        if self._job is job:
            self._job = None
            if not job.cancelled:
                self._work()


def _short(text: str, most: int = 70) -> str:
    line = " ".join(text.split())
    return line if len(line) <= most else line[: most - 1] + "…"

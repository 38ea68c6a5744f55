"""The window: navigation at the left, one screen at a time, menus, status line, drag and drop."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QSettings, QSize, Qt
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import (
    QApplication,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QMainWindow,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from launchpad.errors import LaunchpadError
from launchpad.gui import theme
from launchpad.gui.commands import SUFFIX
from launchpad.gui.dialogs import notice_of
from launchpad.gui.header import Header
from launchpad.gui.jobs import Pool, ProgressStrip
from launchpad.gui.menus import build
from launchpad.gui.pieces import label
from launchpad.gui.start.recent import remember
from launchpad.gui.start.view import StartView
from launchpad.gui.theme import GAP

if TYPE_CHECKING:
    from launchpad.gui.document import Document
    from launchpad.gui.screen import Screen
    from launchpad.project import Project
    from launchpad.records import Record

SMALLEST = QSize(1024, 640)
FIRST = QSize(1280, 720)
TOLD_MS = 8000


class MainWindow(QMainWindow):
    """Shows the start list, or one open project; `commands` holds every action by its name."""

    def __init__(self) -> None:
        super().__init__()
        self.pool = Pool(self)
        self.document: Document | None = None
        self.screens: dict[str, Screen] = {}
        self.setMinimumSize(SMALLEST)
        self.setAcceptDrops(True)
        self.start = StartView()
        self.start.chosen.connect(self.open_project)
        self.start.wanted.connect(self.run_command)
        self.header = Header()
        self.navigation = self._navigation()
        self._pages = QStackedWidget()
        self._whole = QStackedWidget()
        self._whole.addWidget(self.start)
        self._whole.addWidget(self._workspace())
        self.setCentralWidget(self._whole)
        self._status()
        self.commands = build(self)
        self.header.plan_button.clicked.connect(self.commands["plan"].trigger)
        self.header.export_button.clicked.connect(self.commands["export"].trigger)
        self._show_state()
        self._recall_size()

    def pages(self) -> list[tuple[str, str]]:
        """The screens in the order of the navigation: name and title."""
        return [
            ("overview", self.tr("Overview")),
            ("register", self.tr("Register")),
            ("policies", self.tr("Policies")),
            ("evidence", self.tr("Evidence")),
            ("mitigations", self.tr("Mitigations")),
            ("tradeoffs", self.tr("Trade-offs")),
            ("workplan", self.tr("Workplan")),
            ("decision", self.tr("Decision")),
            ("history", self.tr("History")),
            ("tables", self.tr("All tables")),
        ]

    def _navigation(self) -> QListWidget:
        made = QListWidget()
        made.setProperty("part", "navigation")
        made.setFrameShape(QListWidget.Shape.NoFrame)
        made.setAccessibleName(self.tr("Screens"))
        made.setIconSize(QSize(20, 20))
        made.setFixedWidth(176)
        made.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        for name, title in self.pages():
            entry = QListWidgetItem(theme.icon(name, "text"), title)
            entry.setData(Qt.ItemDataRole.UserRole, name)
            entry.setSizeHint(QSize(0, theme.NAVIGATION_ROW))
            made.addItem(entry)
        made.currentRowChanged.connect(self._navigated)
        return made

    def _workspace(self) -> QWidget:
        made = QWidget()
        right = QVBoxLayout()
        right.setSpacing(0)
        right.addWidget(self.header)
        right.addWidget(self._pages, 1)
        outer = QHBoxLayout(made)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addWidget(self.navigation)
        outer.addLayout(right, 1)
        return made

    def _status(self) -> None:
        self.progress = ProgressStrip()
        self.saved = label("", "small", tone="muted")
        self.saved.setContentsMargins(0, 0, GAP, 0)
        bar = self.statusBar()
        bar.setSizeGripEnabled(False)
        bar.addPermanentWidget(self.progress)
        bar.addPermanentWidget(self.saved)
        self.pool.started.connect(self.progress.watch)

    def open_project(self, path: Path) -> bool:
        """Open a project file in place of the present one; whether it could be opened."""
        from launchpad.project import Project

        return self.begin(lambda: Project.open(path))

    def begin(self, opening: Callable[[], Project]) -> bool:
        """Show the project that `opening` gives in place of the present one; whether it could be opened."""
        from launchpad.gui.document import Document
        from launchpad.gui.screens import build as build_screens

        QApplication.setOverrideCursor(Qt.CursorShape.WaitCursor)
        try:
            project = opening()
        except LaunchpadError as error:
            self.refuse(error)
            return False
        finally:
            QApplication.restoreOverrideCursor()
        self.close_project()
        remember(Path(project.path))
        self.document = Document(project, self.pool, self)
        self.document.refused.connect(self.refuse)
        self.document.told.connect(self.tell)
        self.document.sought.connect(self.seek)
        for signal in (self.document.changed, self.document.outdated, self.document.computed):
            signal.connect(self._show_state)
        self.screens = build_screens(self.document)
        for screen in self.screens.values():
            self._pages.addWidget(screen)
            screen.acted.connect(self.run_command)
        self.header.show_document(self.document)
        self._whole.setCurrentIndex(1)
        self.navigation.setCurrentRow(-1)
        self.show_page("overview")
        self.document.recompute()
        self._show_state()
        return True

    def close_project(self) -> None:
        """Close the project and show the start list."""
        if self.document is None:
            return
        document, self.document = self.document, None
        self.header.let_go()
        for screen in self.screens.values():
            self._pages.removeWidget(screen)
            screen.deleteLater()
        self.screens = {}
        document.close()
        document.deleteLater()
        self.start.show_recent()
        self._whole.setCurrentIndex(0)
        self._show_state()

    def show_page(self, name: str) -> None:
        """Show the screen of this name."""
        self.navigation.setCurrentRow([page for page, _ in self.pages()].index(name))

    def _navigated(self, place: int) -> None:
        names = [page for page, _ in self.pages()]
        if 0 <= place < len(names) and names[place] in self.screens:
            self._pages.setCurrentWidget(self.screens[names[place]])

    def run_command(self, name: str) -> None:
        """Do what the menu entry of this name does."""
        self.commands[name].trigger()

    def seek(self, record: Record) -> None:
        """Show a record on the screen that has it."""
        for name, screen in self.screens.items():
            if screen.reveal(record):
                self.show_page(name)
                return

    def tell(self, words: str) -> None:
        """Say something in the status line for a while."""
        self.statusBar().showMessage(words, TOLD_MS)

    def refuse(self, error: LaunchpadError) -> None:
        """Show an error a person can act on."""
        notice_of(error, self).open()

    def _show_state(self, *_what: object) -> None:
        document = self.document
        has = document is not None
        for action in self.commands.values():
            if action.property("needs_project"):
                action.setEnabled(has)
        for name in ("plan", "export", "next launch"):
            self.commands[name].setEnabled(document is not None and document.launch is not None)
        undo, redo = self.commands["undo"], self.commands["redo"]
        labels = (document.project.can_undo, document.project.can_redo) if document else (None, None)
        for action, words, what in (
            (undo, self.tr("&Undo"), labels[0]),
            (redo, self.tr("&Redo"), labels[1]),
        ):
            action.setEnabled(what is not None)
            action.setText(f"{words}: {what.replace('&', '&&')}" if what else words)
        name = f"{Path(document.project.path).name} \N{EM DASH} Launchpad" if document else "Launchpad"
        self.setWindowTitle(name)
        self.saved.setText(self.tr("All changes are saved") if has else "")

    def tell_focus(self, verb: str) -> None:
        """Have the widget with the focus copy, paste or fill, when it can."""
        focused = QApplication.focusWidget()
        method = getattr(focused, verb, None)
        if callable(method):
            method()

    def find_words(self) -> None:
        """Put the cursor where words to find are typed."""
        shown = self._pages.currentWidget()
        lines = shown.findChildren(QLineEdit, "find") if shown is not None else []
        line = next((line for line in lines if line.isVisible()), None)
        if line is not None:
            line.setFocus(Qt.FocusReason.ShortcutFocusReason)
            line.selectAll()

    def show_palette(self) -> None:
        """Open the command palette over the window."""
        from launchpad.gui.palette import Entry, Palette, records_of

        if self.document is None:
            return
        entries = [
            Entry(action.text().replace("&", ""), self.tr("Action"), action.trigger)
            for action in self.commands.values()
            if action.isEnabled()
        ]
        launch = self.document.launch
        entries += records_of(self.document.inputs, launch.id if launch else None, self.seek)
        made = Palette(entries, self)
        made.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        middle = self.mapToGlobal(self.rect().center())
        made.move(middle.x() - made.width() // 2, self.mapToGlobal(self.rect().topLeft()).y() + 90)
        made.open()
        made.line.setFocus()

    def use_colours(self, mode: theme.Mode) -> None:
        """Show the window in other colours, and remember them."""
        theme.choose(mode)
        for place, (name, _) in enumerate(self.pages()):
            self.navigation.item(place).setIcon(theme.icon(name, "text"))
        for action in self.commands.values():
            if isinstance(name := action.data(), str):
                action.setIcon(theme.icon(name, "text"))
        for screen in self.screens.values():
            screen.use_theme()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Welcome files."""
        if event.mimeData().hasUrls() and all(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Open a project that is dropped; import everything else as evidence."""
        event.acceptProposedAction()
        self.take_files([Path(url.toLocalFile()) for url in event.mimeData().urls()])

    def take_files(self, paths: list[Path]) -> None:
        """Open the first project among these files, show what a returned workbook says, or import all as evidence."""
        from launchpad.gui.errands import import_files
        from launchpad.gui.workbook_errand import update_from_workbook
        from launchpad.intake.workbook_door import is_returned

        project = next((path for path in paths if path.suffix == SUFFIX), None)
        if project is not None:
            self.open_project(project)
        elif self.document is not None and len(paths) == 1 and is_returned(paths[0]):
            update_from_workbook(self.document, paths[0])
        elif self.document is not None:
            import_files(self.document, paths)
            self.show_page("evidence")
        else:
            self.tell(self.tr("Open or start a project first, then drop evidence on it."))

    def _recall_size(self) -> None:
        stored = QSettings().value("window")
        if not (isinstance(stored, QByteArray) and self.restoreGeometry(stored)):
            self.resize(FIRST)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Remember the size, close the project, stop what is under way."""
        QSettings().setValue("window", self.saveGeometry())
        self.close_project()
        self.pool.close()
        super().closeEvent(event)

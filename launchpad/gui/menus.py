"""The menu bar: every command with its words, keys and icon, in one place."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QMenu

from launchpad.gui import theme
from launchpad.gui.commands import slots_of
from launchpad.gui.start.recent import recent

if TYPE_CHECKING:
    from launchpad.gui.main_window import MainWindow

KEYS = QKeySequence.StandardKey
Slot = Callable[[], object]


@dataclass(frozen=True)
class Command:
    """One command: its key in `MainWindow.commands`, its words, its keys and its icon."""

    name: str
    text: str
    keys: QKeySequence.StandardKey | str | None
    icon: str | None = None
    needs_project: bool = True


def tr(words: str) -> str:
    """Words of the menu bar in the person's language."""
    return QCoreApplication.translate("menus", words)


def build(window: MainWindow) -> dict[str, QAction]:
    """Fill the window's menu bar; the actions by name."""
    slots = slots_of(window)
    made: dict[str, QAction] = {}
    for title, commands in _menus():
        menu = window.menuBar().addMenu(title)
        for command in commands:
            if command is None:
                menu.addSeparator()
            elif command.name == "recent":
                _recent(menu, window)
            else:
                made[command.name] = _action(window, menu, command, slots[command.name])
    _view(window, made)
    about = Command("about", tr("&About Launchpad"), None, needs_project=False)
    made["about"] = _action(window, window.menuBar().addMenu(tr("&Help")), about, slots["about"])
    return made


def _menus() -> Sequence[tuple[str, Sequence[Command | None]]]:
    return (
        (
            tr("&File"),
            (
                Command("new", tr("&New project …"), KEYS.New, "new", needs_project=False),
                Command("sample", tr("New from &sample …"), None, "sample", needs_project=False),
                Command("open", tr("&Open …"), KEYS.Open, "open", needs_project=False),
                Command("recent", "", None),
                None,
                Command("import", tr("&Import evidence …"), "Ctrl+I", "import"),
                Command("import folder", tr("Import evidence &folder …"), "Ctrl+Shift+I"),
                Command("import texts", tr("Import evidence with sample &text …"), None),
                Command("scan", tr("Scan evidence folders a&gain"), "F6"),
                Command("export", tr("&Export workbook …"), "Ctrl+E", "export"),
                Command("update", tr("&Update from workbook …"), "Ctrl+U"),
                None,
                Command("close", tr("&Close project"), KEYS.Close),
                Command("quit", tr("&Quit"), KEYS.Quit, needs_project=False),
            ),
        ),
        (
            tr("&Edit"),
            (
                Command("undo", tr("&Undo"), KEYS.Undo, "undo"),
                Command("redo", tr("&Redo"), KEYS.Redo, "redo"),
                None,
                Command("copy", tr("&Copy"), KEYS.Copy, "copy"),
                Command("paste", tr("&Paste"), KEYS.Paste),
                Command("fill", tr("&Fill down"), "Ctrl+D"),
                None,
                Command("find", tr("F&ind in table"), KEYS.Find, "search"),
                Command("palette", tr("Find &action or record …"), "Ctrl+K", "search"),
            ),
        ),
        (
            tr("&Risk areas"),
            (
                Command("area add", tr("&Add risk area below …"), None, "add"),
                Command("area rename", tr("Re&name risk area …"), None),
                Command("area redefine", tr("Re&define risk area …"), None),
                None,
                Command("area move", tr("&Move risk areas to …"), None),
                Command("area split", tr("&Split risk area …"), None),
                Command("area merge", tr("M&erge risk areas into …"), None),
                None,
                Command("area deprecate", tr("De&precate risk areas …"), None, "remove"),
                Command("area restore", tr("&Restore risk areas …"), None),
            ),
        ),
        (
            tr("&Plan"),
            (
                Command("plan", tr("&Make plan …"), "Ctrl+M", "plan"),
                None,
                Command("launch", tr("New &launch …"), None, "add"),
                Command("next launch", tr("New launch from &this one …"), None),
            ),
        ),
    )


def _action(window: MainWindow, menu: QMenu, command: Command, slot: Slot) -> QAction:
    made = menu.addAction(command.text)
    if command.keys is not None:
        made.setShortcut(QKeySequence(command.keys))
    if command.icon is not None:
        made.setIcon(theme.icon(command.icon, "text"))
        made.setData(command.icon)
    made.setProperty("needs_project", command.needs_project)
    made.triggered.connect(lambda: slot())  # noqa: PLW0108 - Qt would pass `checked` on
    window.addAction(made)
    return made


def _recent(menu: QMenu, window: MainWindow) -> None:
    inner = menu.addMenu(tr("Open &recent"))

    def fill() -> None:
        inner.clear()
        for path in recent():
            entry = inner.addAction(f"{path.stem}  ({path.parent})".replace("&", "&&"))
            entry.triggered.connect(lambda _=False, path=path: window.open_project(path))
        inner.setEnabled(True)
        if inner.isEmpty():
            inner.addAction(tr("Nothing yet")).setEnabled(False)

    menu.aboutToShow.connect(fill)


def _view(window: MainWindow, made: dict[str, QAction]) -> None:
    menu = window.menuBar().addMenu(tr("&View"))
    for place, (name, title) in enumerate(window.pages(), start=1):
        command = Command(f"show {name}", title, f"Ctrl+{place}", name)
        made[command.name] = _action(window, menu, command, lambda name=name: window.show_page(name))
    menu.addSeparator()
    again = Command("compute", tr("Com&pute again"), KEYS.Refresh)
    made[again.name] = _action(window, menu, again, lambda: window.document and window.document.recompute())
    looks = menu.addMenu(tr("&Colours"))
    group = QActionGroup(window)
    modes: tuple[tuple[theme.Mode, str], ...] = (
        ("system", tr("As the &system")),
        ("light", tr("&Light")),
        ("dark", tr("&Dark")),
    )
    for mode, title in modes:
        command = Command(f"colours {mode}", title, None, needs_project=False)
        action = _action(window, looks, command, lambda mode=mode: window.use_colours(mode))
        action.setCheckable(True)
        action.setChecked(theme.chosen() == mode)
        group.addAction(action)
        made[command.name] = action
    full = Command("full screen", tr("&Full screen"), KEYS.FullScreen, needs_project=False)
    whole = Qt.WindowState.WindowFullScreen
    made[full.name] = _action(window, menu, full, lambda: window.setWindowState(window.windowState() ^ whole))

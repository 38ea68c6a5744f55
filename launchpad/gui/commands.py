"""What the menu bar's commands do: ask what is needed, then act on the window or its project."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QSettings, Qt
from PySide6.QtWidgets import QFileDialog

from launchpad.gui.dialogs import About

if TYPE_CHECKING:
    from launchpad.gui.main_window import MainWindow

SUFFIX = ".launchpad"
AREA_OPERATIONS = ("add", "rename", "redefine", "move", "split", "merge", "deprecate", "restore")


def tr(words: str) -> str:
    """Words of the commands in the person's language."""
    return QCoreApplication.translate("commands", words)


def slots_of(window: MainWindow) -> Mapping[str, Callable[[], object]]:
    """What each command of the menu bar does, by its name."""
    return {
        "new": lambda: new_project(window),
        "sample": lambda: new_from_sample(window),
        "open": lambda: ask_for_project(window),
        "import": lambda: ask_for_evidence(window),
        "import folder": lambda: ask_for_folder(window),
        "import texts": lambda: ask_for_evidence(window, keep_texts=True),
        "scan": lambda: scan_folders_again(window),
        "export": lambda: ask_for_export(window),
        "update": lambda: ask_for_workbook(window),
        "close": window.close_project,
        "quit": window.close,
        "undo": lambda: window.document and window.document.undo(),
        "redo": lambda: window.document and window.document.redo(),
        "copy": lambda: window.tell_focus("copy"),
        "paste": lambda: window.tell_focus("paste"),
        "fill": lambda: window.tell_focus("fill_down"),
        "find": window.find_words,
        "palette": window.show_palette,
        "plan": lambda: ask_for_plan(window),
        "launch": lambda: ask_for_launch(window),
        "next launch": lambda: ask_for_next_launch(window),
        **{f"area {name}": partial(on_areas, window, name) for name in AREA_OPERATIONS},
        "about": lambda: About(window).exec(),
    }


def on_areas(window: MainWindow, operation: str) -> None:
    """Ask for an operation on the risk areas chosen on the register screen."""
    from launchpad.gui.register.view import RegisterScreen

    screen = window.screens.get("register")
    if isinstance(screen, RegisterScreen):
        window.show_page("register")
        screen.operate(operation)


def new_project(window: MainWindow) -> None:
    """Ask what a new project is called and where it lies, then open it."""
    from launchpad.gui.asking import NewProjectQuestion
    from launchpad.templates import new_project, taxonomies

    asked = NewProjectQuestion(taxonomies(), window)
    if not asked.exec():
        return
    path = _where_to_save(window, tr("Save the new project"), asked.name.text().strip())
    if path is None:
        return
    launch = asked.launch.text().strip() or None
    day = asked.date.date().toString(Qt.DateFormat.ISODate) if launch else None
    taxonomy = str(asked.taxonomy.currentData()) or None
    name = asked.name.text().strip()
    window.begin(lambda: new_project(path, name=name, taxonomy=taxonomy, launch=launch, launch_date=day))


def new_from_sample(window: MainWindow) -> None:
    """Ask where the sample launch is to lie, make it, and open it."""
    from launchpad.templates import sample_project

    path = _where_to_save(window, tr("Save the sample launch"), tr("Sample launch"))
    if path is not None:
        window.begin(lambda: sample_project(path))


def _where_to_save(window: MainWindow, title: str, name: str) -> Path | None:
    folder = Path(str(QSettings().value("folder", str(Path.home()))))
    chosen, _ = QFileDialog.getSaveFileName(
        window, title, str(folder / f"{name}{SUFFIX}"), tr("Launchpad projects (*.launchpad)")
    )
    if not chosen:
        return None
    path = Path(chosen)
    path = path if path.suffix == SUFFIX else path.with_name(path.name + SUFFIX)
    QSettings().setValue("folder", str(path.parent))
    return path


def ask_for_project(window: MainWindow) -> None:
    """Ask which project to open, and open it."""
    folder = str(QSettings().value("folder", str(Path.home())))
    chosen, _ = QFileDialog.getOpenFileName(
        window,
        tr("Open a project"),
        folder,
        tr("Launchpad projects (*.launchpad);;All files (*)"),
    )
    if chosen:
        QSettings().setValue("folder", str(Path(chosen).parent))
        window.open_project(Path(chosen))


def ask_for_evidence(window: MainWindow, *, keep_texts: bool = False) -> None:
    """Ask for evidence files, and bring them in, the text of their samples only when asked for."""
    from launchpad.gui.errands import import_files

    chosen, _ = QFileDialog.getOpenFileNames(
        window,
        tr("Import evidence"),
        "",
        tr("Evaluation results (*.eval *.json *.jsonl *.csv *.tsv *.xlsx *.yaml *.yml *.zst *.db);;All files (*)"),
    )
    if chosen and window.document is not None:
        import_files(window.document, [Path(name) for name in chosen], keep_texts=keep_texts)
        window.show_page("evidence")


def ask_for_folder(window: MainWindow) -> None:
    """Ask for a folder of evidence, bring it in, and remember it."""
    from launchpad.gui.errands import import_files

    chosen = QFileDialog.getExistingDirectory(window, tr("Import a folder of evidence"))
    if chosen and window.document is not None:
        import_files(window.document, [Path(chosen)])
        window.show_page("evidence")


def scan_folders_again(window: MainWindow) -> None:
    """Look through the folders evidence came from for what is new; the first time, ask for one."""
    from launchpad.gui.errands import scan_folders

    if window.document is not None and scan_folders(window.document) is None:
        ask_for_folder(window)


def ask_for_export(window: MainWindow) -> None:
    """Ask for a file, and export to it what was chosen: the workplan, a report, the whole project or a table."""
    from launchpad.gui.errands import export

    if window.document is None:
        return
    formats = _formats()
    start = Path(window.document.project.path).with_suffix(".xlsx")
    chosen, words = QFileDialog.getSaveFileName(window, tr("Export"), str(start), ";;".join(formats))
    if chosen:
        path = Path(chosen)
        ending, report = formats.get(words, (".xlsx", "brief"))
        export(window.document, path if path.suffix else path.with_suffix(ending), report)


def _formats() -> Mapping[str, tuple[str, str]]:
    """What can be exported, in the words of a file dialog, each with its usual ending and the report it holds."""
    of_reports = "(*.pdf *.docx *.md)"
    reports = (
        (tr("Launch brief"), "brief"),
        (tr("Capabilities report"), "capabilities"),
        (tr("Safeguards report"), "safeguards"),
        (tr("Risk report"), "risk"),
    )
    return {
        tr("Workbook (*.xlsx)"): (".xlsx", "brief"),
        **{f"{title} {of_reports}": (".pdf", name) for title, name in reports},
        tr("Data (*.json)"): (".json", "brief"),
        tr("Tables (*.zip)"): (".zip", "brief"),
        tr("Table (*.csv)"): (".csv", "brief"),
    }


def ask_for_workbook(window: MainWindow) -> None:
    """Ask for a workbook that came back, and show what it would change."""
    from launchpad.gui.workbook_errand import update_from_workbook

    if window.document is None:
        return
    start = str(Path(window.document.project.path).parent)
    chosen, _ = QFileDialog.getOpenFileName(
        window, tr("Update from a workbook"), start, tr("Workbook (*.xlsx);;All files (*)")
    )
    if chosen:
        update_from_workbook(window.document, Path(chosen))


def ask_for_plan(window: MainWindow) -> None:
    """Ask how long to search, and make a plan."""
    from launchpad.gui.asking import PlanQuestion
    from launchpad.gui.errands import make_plan
    from launchpad.records import Plan

    if window.document is None:
        return
    asked = PlanQuestion(tr("Plan {0}").format(len(window.document.rows(Plan)) + 1), window)
    if asked.exec():
        make_plan(window.document, asked.name.text().strip(), float(asked.seconds.value()))
        window.show_page("workplan")


def ask_for_launch(window: MainWindow) -> None:
    """Ask what goes out and when, and add it."""
    from launchpad.gui.asking import NewLaunchQuestion

    if window.document is None:
        return
    asked = NewLaunchQuestion(window)
    if asked.exec():
        given = asked.given()
        window.document.add_launch(given.name, given.model, given.day)


def ask_for_next_launch(window: MainWindow) -> None:
    """Ask what goes out after the launch being looked at, and add it with a copy of all of that launch's records."""
    from launchpad.gui.asking import NextLaunchQuestion

    if window.document is None or window.document.launch is None:
        return
    source = window.document.launch
    asked = NextLaunchQuestion(source, window)
    if asked.exec():
        window.document.follow_launch(source, asked.given())
        window.show_page("overview")

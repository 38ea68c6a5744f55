"""What a newer release of a published list means: areas of ours that it touches, and concepts without a home."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QComboBox, QDialog, QDialogButtonBox, QFileDialog, QSplitter, QWidget

from launchpad.edits.unknown_risks import take_in_concepts
from launchpad.errors import LaunchpadError
from launchpad.gui import words
from launchpad.gui.columns import Row, figure_column
from launchpad.gui.document import Document
from launchpad.gui.jobs import Progress
from launchpad.gui.pieces import button, column, label, row
from launchpad.gui.register.operation_dialog import words_of
from launchpad.gui.register.tree_model import tr
from launchpad.gui.table_model import TableModel
from launchpad.gui.table_view import TableView
from launchpad.gui.theme import GAP, TIGHT
from launchpad.records import Inputs, TaxonomyRelease
from launchpad.taxonomies.bundled import bundled
from launchpad.taxonomies.differences import KINDS
from launchpad.taxonomies.files import read_tree
from launchpad.taxonomies.news import Homeless, News, news
from launchpad.taxonomies.own import tree_of
from launchpad.taxonomies.tree import Tree

Button = QDialogButtonBox.StandardButton
FILES = "Taxonomies (*.ttl *.rdf *.jsonld *.json *.yaml *.yml *.csv);;All files (*)"


def news_of(inputs: Inputs, new: Tree, old: Tree | None) -> News:
    """What a release means for the project's own areas, by its links to the list under either name."""
    own = [tree_of(inputs, release) for release in inputs.rows(TaxonomyRelease)]
    called = {new.code, *([] if old is None else [old.code])}
    links = [link for tree in own for link in tree.links if link.taxonomy in called]
    every = Tree("own", "Own", concepts=tuple(one for tree in own for one in tree.concepts))
    return news(every, links, old, new)


class NewsDialog(QDialog):
    """Shows what is new before anything is taken in."""

    def __init__(self, document: Document, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self._trees: dict[str, Tree] = {}
        self._shown: tuple[Tree, News] | None = None
        self.setWindowTitle(tr("What is new in a published list"))
        self.resize(760, 600)
        self.new, self.old = self._box(tr("New release")), self._box(tr("Release before it"))
        self.old.insertItem(0, tr("None known: all of it is new"), "")
        self.old.setCurrentIndex(0)
        self.every = QCheckBox(tr("Also what was in the &older release"))
        self.every.toggled.connect(self._fill)
        self.touched = TableModel(
            [
                figure_column("ours", tr("Our area"), right=False, width=12),
                figure_column("what", tr("What happened"), right=False, width=14),
                figure_column("concept", tr("To"), right=False, width=30),
                figure_column("advice", tr("What to do"), right=False, width=50),
            ],
            parent=self,
        )
        self.homeless = TableModel(
            [
                figure_column("code", tr("Code"), right=False, width=14),
                figure_column("name", tr("Without a home"), right=False, width=36),
                figure_column("near", tr("May belong to"), right=False, width=40),
            ],
            parent=self,
        )
        self.said = label("", wrap=True)
        self.problem = label("", tone="bad", wrap=True)
        self._lay_out()

    def _box(self, name: str) -> QComboBox:
        made = QComboBox()
        made.setAccessibleName(name)
        made.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        made.setMinimumContentsLength(28)
        for slug, one in bundled().items():
            mark = "" if one.verified else tr(" · unverified")
            made.addItem(f"{one.tree.name} {one.tree.version}{mark}", slug)
        made.activated.connect(self.look)
        return made

    def _lay_out(self) -> None:
        self.said.setText(tr("Choose a release, and the one before it where there is one. Nothing is taken in yet."))
        tables = QSplitter(Qt.Orientation.Vertical)
        beside = TableView(self.touched, tr("Our areas that it touches"))
        tables.addWidget(beside)
        below = TableView(self.homeless, tr("Concepts without a home"))
        tables.addWidget(below)
        tables.setSizes([160, 260])
        buttons = QDialogButtonBox(Button.Close)
        buttons.rejected.connect(self.reject)
        self.take = buttons.addButton(tr("&Take in as unknown risks"), QDialogButtonBox.ButtonRole.ActionRole)
        self.take.clicked.connect(self._take)
        self.take.setEnabled(False)
        titles = [label(tr("&New release"), tone="muted"), label(tr("Release &before it"), tone="muted")]
        for title, box in zip(titles, (self.new, self.old), strict=True):
            title.setBuddy(box)
            title.setMinimumWidth(110)
        files = [button(tr("File …"), lambda box=box: self._open(box)) for box in (self.new, self.old)]
        look = button(tr("&Look"), self.look, part="main")
        inner = column(
            row(titles[0], self.new, files[0], 1),
            row(titles[1], self.old, files[1], 1),
            row(self.every, 1, look),
            self.problem,
            self.said,
            tables,
            buttons,
            gap=GAP,
            margin=GAP + TIGHT,
        )
        inner.setStretch(5, 1)
        self.setLayout(inner)

    def _open(self, box: QComboBox) -> None:
        chosen, _ = QFileDialog.getOpenFileName(self, tr("A published list"), "", tr(FILES))
        if chosen:
            self.add_file(box, Path(chosen))

    def add_file(self, box: QComboBox, path: Path) -> None:
        """Read a list from a file and choose it."""
        try:
            tree = read_tree(path)
        except LaunchpadError as error:
            self.problem.setText(words_of(error))
            return
        self._trees[str(path)] = tree
        box.addItem(f"{tree.name} {tree.version} · {path.name}", str(path))
        box.setCurrentIndex(box.count() - 1)
        self.look()

    def _tree(self, box: QComboBox) -> Tree | None:
        key = str(box.currentData() or "")
        if key in self._trees:
            return self._trees[key]
        return bundled()[key].tree if key in bundled() else None

    def look(self, *_place: object) -> None:
        """Work out what is new, in the background, and show it."""
        new, old, inputs = self._tree(self.new), self._tree(self.old), self._document.inputs
        if new is None:
            return
        self.problem.setText("")

        def work(_progress: Progress) -> object:
            return new, news_of(inputs, new, old)

        self._document.begin(tr("Looking for what is new"), work, self._show, self._fail)

    def _fail(self, error: LaunchpadError) -> None:
        self.problem.setText(words_of(error))

    def _show(self, found: tuple[Tree, News]) -> None:
        self._shown = found
        self._fill()

    def _wanted(self) -> list[Homeless]:
        if self._shown is None:
            return []
        return [one for one in self._shown[1].homeless if one.new or self.every.isChecked()]

    def _fill(self, *_what: object) -> None:
        if self._shown is None:
            return
        tree, found = self._shown
        wanted = self._wanted()
        self.said.setText(
            tr("{0}: {1} of its concepts have a home here, {2} have none. Links of ours that it touches: {3}.").format(
                f"{tree.name} {tree.version}",
                words.number(found.housed),
                words.number(len(found.homeless)),
                words.number(len(found.touched)),
            )
        )
        self.touched.show(
            [
                Row(
                    place,
                    {},
                    {
                        "ours": one.link.code,
                        "what": words.translate("records", KINDS[one.difference.kind]),
                        "concept": f"{one.difference.code} {one.difference.name}",
                        "advice": words.translate("register", one.advice),
                    },
                )
                for place, one in enumerate(found.touched)
            ]
        )
        self.homeless.show([_row(place, one) for place, one in enumerate(wanted)])
        self.take.setEnabled(bool(wanted))

    def _take(self) -> None:
        if self._shown is None:
            return
        tree, concepts = self._shown[0], [one.concept for one in self._wanted()]
        inputs = self._document.inputs
        done = self._document.act(
            lambda: take_in_concepts(inputs, tree.code, tree.version, concepts),
            f"Take in what is new in {tree.code} {tree.version}",
        )
        if done:
            self.accept()


def _row(place: int, one: Homeless) -> Row:
    near = "; ".join(f"{code} {words.translate('register', why)}" for code, why in one.near)
    return Row(place, {}, {"code": one.concept.code, "name": one.concept.name, "near": near})

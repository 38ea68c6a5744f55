"""The left side of the register: which release, what to find, the tree, and what the release allows."""

from __future__ import annotations

from PySide6.QtCore import QByteArray, QSettings, QSignalBlocker, QTimer, Signal
from PySide6.QtWidgets import QComboBox, QLineEdit, QMenu, QSizePolicy, QStackedWidget, QVBoxLayout, QWidget

from launchpad.gui.document import Document
from launchpad.gui.pieces import button, label, row, tool
from launchpad.gui.register.blank import blank
from launchpad.gui.register.doing import areas_of, fill_menu
from launchpad.gui.register.forest import Forest, area_forest, tree_forest
from launchpad.gui.register.releases import Choice, choices, release_draft, standing, start_draft, tree_at
from launchpad.gui.register.tree_model import AreaTreeModel, tr
from launchpad.gui.register.tree_view import AreaTree
from launchpad.gui.theme import TIGHT
from launchpad.records import AreaChange, AreaParent, RiskArea, Scenario, TaxonomyRelease

SEARCH_AFTER_MS = 150
SHAPING = (TaxonomyRelease, RiskArea, AreaParent, AreaChange, Scenario)


class TreePane(QWidget):
    """`chosen` says that other areas are selected; `operated` carries an operation asked for."""

    chosen = Signal()
    operated = Signal(str)

    def __init__(self, document: Document) -> None:
        super().__init__()
        self._document = document
        self._seen: tuple[object, ...] = ()
        self._choices: list[Choice] = []
        self.model = AreaTreeModel(self)
        self.tree = AreaTree(self.model)
        self.tree.chosen.connect(self.chosen)
        self.tree.operated.connect(self.operated)
        self.tree.told.connect(document.told)
        self.tree.fill_menu_with(self._fill_menu)
        self.releases = self._chooser()
        self.search = QLineEdit()
        self.search.setPlaceholderText(tr("Filter the tree"))
        self.search.setClearButtonEnabled(True)
        self.search.setAccessibleName(tr("Filter the risk areas"))
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(SEARCH_AFTER_MS)
        self._soon.timeout.connect(self.find_now)
        self.search.textChanged.connect(self._find_soon)
        self.search.returnPressed.connect(self.tree.setFocus)
        self._lay_out()
        self._recall()

    def _chooser(self) -> QComboBox:
        made = QComboBox()
        made.setAccessibleName(tr("Release of the taxonomy"))
        made.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        made.setMinimumContentsLength(12)
        made.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        made.activated.connect(self._other_release)
        return made

    def _lay_out(self) -> None:
        self.add = tool(tr("Add a risk area below the chosen one (Insert)"), "add", lambda: self.operated.emit("add"))
        self.menu_button = tool(tr("What can be done to the chosen areas"), "register", self._drop_menu)
        self.said = label("", "small", tone="muted", wrap=True)
        self.next = button("", self._next, part="link")
        self.next.hide()
        nothing = blank(
            tr("No risk areas yet"),
            tr("A risk area is one thing that can go wrong. Add the first, or take in a published list."),
            button(tr("Add a risk area …"), lambda: self.operated.emit("add"), part="main"),
            icon="register",
        )
        self._none = label(tr("No area matches the filter."), tone="muted")
        self._none.hide()
        self._pages = QStackedWidget()
        self._pages.addWidget(self.tree)
        self._pages.addWidget(nothing)
        inner = QVBoxLayout(self)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(TIGHT)
        inner.addWidget(self.releases)
        inner.addLayout(row(self.search, self.add, self.menu_button))
        inner.addWidget(self._none)
        inner.addWidget(self._pages, 1)
        inner.addWidget(self.said)
        inner.addWidget(self.next)

    def choice(self) -> Choice | None:
        """The release that is shown."""
        place = self.releases.currentIndex()
        return self._choices[place] if 0 <= place < len(self._choices) else None

    def draft(self) -> TaxonomyRelease | None:
        """The draft that new areas at the top go to: the one shown, else the only one there is."""
        shown = self.choice()
        if shown is not None and shown.release is not None and shown.release.status == "draft":
            return shown.release
        drafts = [one for one in self._document.inputs.rows(TaxonomyRelease) if one.status == "draft"]
        return drafts[0] if len(drafts) == 1 else None

    def areas(self) -> list[RiskArea]:
        """The selected areas as records; none while a kept release is shown."""
        return areas_of(self._document.inputs, self.tree.keys())

    def refresh(self) -> None:
        """Show the releases and the tree as they are now."""
        inputs, launch = self._document.inputs, self._document.launch
        tables = tuple(inputs.tables.get(record.table, ()) for record in SHAPING)
        key = (*tables, None if launch is None else launch.id)
        if len(key) == len(self._seen) and all(a is b or a == b for a, b in zip(key, self._seen, strict=True)):
            return
        self._seen = key
        self._show_releases()
        self._show_tree()

    def _show_releases(self) -> None:
        before = self.choice()
        self._choices = choices(self._document.inputs)
        with QSignalBlocker(self.releases):
            self.releases.clear()
            self.releases.addItems([one.text for one in self._choices])
            kept = None if before is None or before.release is None else before.release.id
            places = [
                place for place, one in enumerate(self._choices) if one.release is not None and one.release.id == kept
            ]
            self.releases.setCurrentIndex(places[0] if places else 0)

    def forest(self, shown: Choice | None) -> Forest:
        """The areas of a choice."""
        inputs, launch = self._document.inputs, self._document.launch
        if shown is not None and shown.release is not None and not shown.live:
            return tree_forest(tree_at(inputs, shown.release))
        release = None if shown is None or shown.release is None else shown.release.id
        return area_forest(inputs, None if launch is None else launch.id, release)

    def _show_tree(self) -> None:
        shown = self.choice()
        self.model.show(self.forest(shown), movable=shown is None or shown.live)
        self._pages.setCurrentIndex(0 if self.model.forest.nodes else 1)
        self.search.setEnabled(bool(self.model.forest.nodes))
        self._say_none()
        self._say_standing(shown)

    def _say_none(self) -> None:
        self._none.setVisible(bool(self.model.forest.nodes) and not self.model.shown.nodes)

    def _say_standing(self, shown: Choice | None) -> None:
        said = "" if shown is None else standing(self._document.inputs, shown)
        self.said.setText(said)
        self.said.setVisible(bool(said))
        release = None if shown is None or not shown.live else shown.release
        words = "" if release is None else tr("Release it …") if release.status == "draft" else tr("Draft the next …")
        self.next.setText(words)
        self.next.setAccessibleName(words)
        self.next.setVisible(bool(words))

    def _next(self) -> None:
        shown = self.choice()
        if shown is not None and shown.release is not None:
            act = release_draft if shown.release.status == "draft" else start_draft
            act(self._document, shown.release, self)

    def _other_release(self, _place: int) -> None:
        self._show_tree()
        self.chosen.emit()

    def _find_soon(self, *_typed: object) -> None:
        self._soon.start()

    def find_now(self) -> None:
        """Show only areas that match what was typed."""
        self._soon.stop()
        self.model.search(self.search.text())
        self._say_none()

    def choose(self, keys: list[int]) -> bool:
        """Select these areas, whatever the filter and the release shown; whether they were found."""
        if any(key not in self.model.forest.nodes for key in keys):
            holding = [
                place
                for place, one in enumerate(self._choices)
                if one.live and set(keys) <= set(self.forest(one).nodes)
            ]
            if not holding:
                return False
            self.releases.setCurrentIndex(holding[0])
            self._show_tree()
        if self.search.text():
            self.search.clear()
            self.find_now()
        return self.tree.choose(keys)

    def _fill_menu(self, menu: QMenu) -> None:
        shown = self.choice()
        if shown is None or shown.live:
            fill_menu(menu, self._document.inputs, self.areas(), self.operated.emit)
            menu.addSeparator()
        menu.addAction(tr("&Copy")).triggered.connect(self.tree.copy)
        menu.addAction(tr("E&xpand all below")).triggered.connect(self._expand)
        menu.addAction(tr("C&ollapse all")).triggered.connect(self.tree.collapseAll)

    def _expand(self) -> None:
        chosen = self.tree.selectionModel().selectedRows()
        for index in chosen:
            self.tree.expandRecursively(index)

    def _drop_menu(self) -> None:
        menu = QMenu(self)
        self._fill_menu(menu)
        menu.exec(self.menu_button.mapToGlobal(self.menu_button.rect().bottomLeft()))
        menu.deleteLater()

    def _memory(self) -> str:
        return f"{self._document.memory}/areas/header"

    def _recall(self) -> None:
        stored = QSettings().value(self._memory())
        header = self.tree.header()
        if isinstance(stored, QByteArray):
            header.restoreState(stored)
        for signal in (header.sectionResized, header.sectionMoved):
            signal.connect(self._remember)

    def _remember(self, *_what: object) -> None:
        QSettings().setValue(self._memory(), self.tree.header().saveState())

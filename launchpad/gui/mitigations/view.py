"""The mitigations screen: variants with their work and standing, and a heat map of what acts on what."""

from __future__ import annotations

from PySide6.QtWidgets import QMenu, QTabWidget, QVBoxLayout

from launchpad.changes import Change, delete
from launchpad.edits.records import add_words, set_values
from launchpad.gui.document import Document
from launchpad.gui.forms import AddForm
from launchpad.gui.mitigations.columns import variant_columns
from launchpad.gui.mitigations.drawing import HeatMapView
from launchpad.gui.mitigations.numbers import heat_map, rows
from launchpad.gui.pieces import button, empty, tool
from launchpad.gui.screen import Screen
from launchpad.gui.table_model import TableModel
from launchpad.gui.table_pane import TablePane
from launchpad.gui.table_view import chosen_parts
from launchpad.gui.theme import GAP, WIDE
from launchpad.records import Effect, Lock, Mitigation, MitigationVariant, Record, SideEffect, Standing, Team


class MitigationsScreen(Screen):
    """Variants are edited in place; the columns of effort follow the teams there are."""

    def __init__(self, document: Document) -> None:
        super().__init__(document, "")
        self.setAccessibleName(self.tr("Mitigations"))
        self._teams = self._team_codes()
        self.model = TableModel(variant_columns(lambda: document.inputs), document.write, self)
        nothing = empty(
            self.tr("No mitigations yet"),
            self.tr(
                "A mitigation is a piece of safety work; each way of doing it is a variant with its own effort. "
                "Add a mitigation first, then its variants and what each does to a scenario."
            ),
            button(self.tr("&Add a mitigation"), lambda: self._add(Mitigation), icon="add", part="main"),
            button(self.tr("Add a &variant"), lambda: self._add(MitigationVariant), icon="add"),
            icon="mitigations",
        )
        self.pane = TablePane(self.model, self.tr("Variants"), f"{document.memory}/mitigations", nothing)
        add = button(self.tr("A&dd"), icon="add")
        add.setMenu(self._adding())
        lock = button(self.tr("Loc&k"), icon="lock")
        lock.setMenu(self._locking())
        self.pane.add_tools(add, lock, tool(self.tr("Remove the chosen variants"), "remove", self._remove))
        self.heat = HeatMapView()
        self.heat.variant_chosen.connect(document.sought)
        self.heat.scenario_chosen.connect(document.sought)
        self.tabs = QTabWidget()
        self.tabs.setDocumentMode(True)
        self.tabs.addTab(self.pane, self.tr("&Variants"))
        self.tabs.addTab(self.heat, self.tr("&Heat map"))
        inner = QVBoxLayout(self)
        inner.setContentsMargins(WIDE, GAP, WIDE, GAP)
        inner.addWidget(self.tabs)

    def _team_codes(self) -> list[str]:
        return [team.code for team in self.document.inputs.rows(Team)]

    def _adding(self) -> QMenu:
        menu = QMenu(self)
        for record, title in (
            (Mitigation, self.tr("&Mitigation …")),
            (MitigationVariant, self.tr("&Variant …")),
            (Effect, self.tr("&Effect on a scenario …")),
            (SideEffect, self.tr("&Side effect …")),
        ):
            menu.addAction(title).triggered.connect(lambda _=False, record=record: self._add(record))
        return menu

    def _locking(self) -> QMenu:
        menu = QMenu(self)
        for kind, title in (
            ("must", self.tr("&Must be in the plan")),
            ("never", self.tr("Must &never be in the plan")),
            (None, self.tr("&No lock")),
        ):
            menu.addAction(title).triggered.connect(lambda _=False, kind=kind: self.lock(kind))
        return menu

    def refresh(self) -> None:
        """Show every variant and the heat map as they are now."""
        launch = self.document.launch
        if self._teams != self._team_codes():
            self._teams = self._team_codes()
            self.model.show_columns(variant_columns(lambda: self.document.inputs))
            self.pane.view.fit_columns()
        document = self.document
        self.pane.fill(rows(document.inputs, launch.id if launch else None, document.plan, document.results))
        if launch is not None:
            self.heat.show_map(heat_map(self.document.inputs, launch.id))

    def _add(self, record: type[Record]) -> None:
        given: dict[str, str] = {}
        row = self.pane.view.current_row()
        if row is not None:
            variant, mitigation = row.parts["variant"], row.parts["mitigation"]
            if record is MitigationVariant and isinstance(mitigation, Mitigation):
                given = {"mitigation": mitigation.code, "code": f"{mitigation.code}."}
            elif isinstance(variant, MitigationVariant):
                given = {"variant": variant.code}
        AddForm(self.document, record, given, self).exec()

    def lock(self, kind: str | None) -> None:
        """Say that the chosen mitigations must, or must never, be in the plan; None frees them."""
        launch, inputs = self.document.launch, self.document.inputs
        chosen = {row.id: row for row in chosen_parts(self.pane.view, "mitigation")}.values()
        if launch is None or not chosen:
            return

        def changes() -> list[Change]:
            made: list[Change] = []
            present = {lock.mitigation: lock for lock in inputs.rows(Lock, launch.id)}
            for mitigation in chosen:
                held = present.get(mitigation.id)
                if kind is None:
                    made += [] if held is None else [delete(held)]
                elif held is not None:
                    made += set_values(held, kind=kind)
                else:
                    words = {"mitigation": inputs.address(mitigation), "kind": kind, "launch": launch.code}
                    made += add_words(inputs, Lock, words, launch.id).changes
            return made

        codes = ", ".join(inputs.address(mitigation) for mitigation in chosen)
        verb = {"must": self.tr("Lock in {0}"), "never": self.tr("Lock out {0}")}.get(kind or "", self.tr("Free {0}"))
        self.document.act(changes, verb.format(codes))

    def _remove(self) -> None:
        self.document.remove(chosen_parts(self.pane.view, "variant"))

    def reveal(self, record: Record) -> bool:
        """Choose a variant, or the first variant of a mitigation."""
        inputs = self.document.inputs
        variant: int | None = None
        if isinstance(record, MitigationVariant):
            variant = record.id
        elif isinstance(record, Effect | SideEffect | Standing):
            variant = record.variant
        elif isinstance(record, Mitigation):
            found = inputs.children(MitigationVariant, "mitigation", record.id)
            variant = found[0].id if found else None
        if variant is None:
            return False
        self.tabs.setCurrentIndex(0)
        self.refresh()
        return self.pane.view.choose(variant)

"""A table header with a line under each title in which a filter for that column is typed."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QHeaderView, QLineEdit, QWidget

from launchpad.gui.table_model import TableModel


class FilterHeader(QHeaderView):
    """Column titles that sort when clicked; `show_filters` adds the lines."""

    def __init__(self, model: TableModel, parent: QWidget) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._model = model
        self._lines: list[QLineEdit] = []
        self._open = False
        self.setSectionsClickable(True)
        self.setSectionsMovable(True)
        self.setSortIndicatorShown(True)
        self.setSortIndicatorClearable(True)
        self.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        self.setHighlightSections(False)
        self.setStretchLastSection(True)
        self.setMinimumSectionSize(36)
        self.setResizeContentsPrecision(0)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.sectionResized.connect(self.place)
        self.sectionMoved.connect(self.place)
        self.geometriesChanged.connect(self.place)
        model.modelReset.connect(self._rebuild)
        model.filtered.connect(self._show_filters)

    @property
    def filters_shown(self) -> bool:
        """Whether the lines are shown."""
        return self._open

    def show_filters(self, *, shown: bool) -> None:
        """Show or hide the lines; hiding them shows every row again."""
        self._open = shown
        if not shown:
            self._model.clear_filters()
        self._rebuild()
        self.updateGeometry()
        self.geometriesChanged.emit()

    def focus_filter(self, column: int) -> None:
        """Put the cursor in the line of a column."""
        if self._open and 0 <= column < len(self._lines):
            self._lines[column].setFocus(Qt.FocusReason.ShortcutFocusReason)

    def sizeHint(self) -> QSize:
        """The title's height, and that of a line when they are shown."""
        size = super().sizeHint()
        return QSize(size.width(), size.height() + (self._line_height() if self._open else 0))

    def updateGeometries(self) -> None:
        """Keep titles above the lines."""
        self.setViewportMargins(0, 0, 0, self._line_height() if self._open else 0)
        super().updateGeometries()
        self.place()

    def _line_height(self) -> int:
        return self.fontMetrics().height() + 10

    def _rebuild(self) -> None:
        wanted = len(self._model.columns) if self._open else 0
        while len(self._lines) > wanted:
            self._lines.pop().deleteLater()
        while len(self._lines) < wanted:
            self._lines.append(self._line(len(self._lines)))
        self._show_filters()
        self.place()

    def _line(self, column: int) -> QLineEdit:
        made = QLineEdit(self)
        made.setClearButtonEnabled(True)
        made.setPlaceholderText(self.tr("filter"))
        made.setAccessibleName(self.tr("Filter for {0}").format(self._model.columns[column].title))
        made.setToolTip(self.tr("Words, or a comparison such as >0.1"))
        made.textChanged.connect(partial(self._filter, column))
        made.show()
        return made

    def _filter(self, column: int, words: str) -> None:
        if column < len(self._model.columns):
            self._model.set_filter(self._model.columns[column].key, words)

    def _show_filters(self) -> None:
        for line, column in zip(self._lines, self._model.columns, strict=False):
            stored = self._model.filters.get(column.key, "")
            if line.text().strip() != stored:
                line.blockSignals(True)
                line.setText(stored)
                line.blockSignals(False)

    def place(self, *_what: int) -> None:
        """Put each line under its column, after a resize, a move or a scroll."""
        height = self._line_height()
        top = self.height() - height
        for column, line in enumerate(self._lines):
            left = self.sectionViewportPosition(column)
            line.setGeometry(left, top, self.sectionSize(column) - 1, height - 2)
            line.setVisible(not self.isSectionHidden(column))

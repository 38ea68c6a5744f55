"""The questions a command asks first: a new project, a new launch, a new plan."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QDate, Qt
from PySide6.QtWidgets import (
    QComboBox,
    QDateEdit,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QLineEdit,
    QSizePolicy,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from launchpad.gui.pieces import label

Button = QDialogButtonBox.StandardButton
WEEKS_AHEAD = 10


@dataclass(frozen=True)
class NewLaunch:
    """What a person said about a launch to be added."""

    name: str
    model: str
    day: str


class Question(QDialog):
    """A form with an introduction; OK can be pressed once every line that is needed is filled in."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setMinimumWidth(460)
        self.form = QFormLayout()
        self.form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.ExpandingFieldsGrow)
        self._needed: list[QLineEdit] = []
        self.buttons = QDialogButtonBox(Button.Ok | Button.Cancel)
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        inner = QVBoxLayout(self)
        inner.setSpacing(14)
        self._introduction = label("", tone="muted", wrap=True)
        inner.addWidget(self._introduction)
        inner.addLayout(self.form)
        inner.addWidget(self.buttons)

    def introduce(self, title: str, introduction: str, ok: str) -> None:
        """Say what is asked and why, and what the button does."""
        self.setWindowTitle(title)
        self._introduction.setText(introduction)
        self.buttons.button(Button.Ok).setText(ok)

    def line(self, title: str, start: str = "", *, needed: bool = True, hint: str = "") -> QLineEdit:
        """A line of words."""
        made = QLineEdit(start)
        made.setPlaceholderText(hint)
        self._add(title, made)
        if needed:
            self._needed.append(made)
            made.textChanged.connect(self._look)
            self._look()
        return made

    def day(self, title: str, weeks_ahead: int) -> QDateEdit:
        """A day, at first so many weeks ahead."""
        made = QDateEdit(QDate.currentDate().addDays(7 * weeks_ahead))
        made.setCalendarPopup(True)
        made.setDisplayFormat("yyyy-MM-dd")
        self._add(title, made)
        return made

    def choice(self, title: str, entries: list[tuple[str, str]]) -> QComboBox:
        """A list of words with a value each."""
        made = QComboBox()
        for words, value in entries:
            made.addItem(words, value)
        made.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._add(title, made)
        return made

    def whole(self, title: str, start: int, low: int, high: int, suffix: str) -> QSpinBox:
        """A whole number."""
        made = QSpinBox()
        made.setRange(low, high)
        made.setValue(start)
        made.setSuffix(suffix)
        self._add(title, made)
        return made

    def _add(self, title: str, editor: QWidget) -> None:
        editor.setAccessibleName(title.replace("&", ""))
        self.form.addRow(title, editor)

    def _look(self) -> None:
        self.buttons.button(Button.Ok).setEnabled(all(line.text().strip() for line in self._needed))


class NewProjectQuestion(Question):
    """Asks for a project's name, the list of risk areas to start from, and its first launch."""

    def __init__(self, taxonomies: list[tuple[str, str]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.introduce(
            self.tr("New project"),
            self.tr("A project is one file. It can hold several launches; all of this can be changed later."),
            self.tr("&Choose where to save …"),
        )
        self.name = self.line(self.tr("&Project"), hint=self.tr("What people will call it"))
        self.taxonomy = self.choice(self.tr("&Risk areas"), [*taxonomies, (self.tr("None, start empty"), "")])
        self.launch = self.line(self.tr("First &launch"), needed=False, hint=self.tr("Name of the model"))
        self.date = self.day(self.tr("Launch &date"), WEEKS_AHEAD)


class NewLaunchQuestion(Question):
    """Asks what goes out and when."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.introduce(
            self.tr("New launch"),
            self.tr("Each risk area gets a scenario with assumed figures, which you then replace."),
            self.tr("&Add launch"),
        )
        self.name = self.line(self.tr("&Launch"), hint=self.tr("What people will call it"))
        self.model = self.line(self.tr("&Model"), hint=self.tr("Name of the model that goes out"))
        self.date = self.day(self.tr("Launch &date"), WEEKS_AHEAD)

    def given(self) -> NewLaunch:
        """What was filled in."""
        day = self.date.date().toString(Qt.DateFormat.ISODate)
        return NewLaunch(self.name.text().strip(), self.model.text().strip(), day)


class PlanQuestion(Question):
    """Asks what to call a plan and how long to search for it."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.introduce(
            self.tr("Make plan"),
            self.tr(
                "Chooses the work that lowers risk most and fits every team's calendar before the freeze. "
                "Locks set on the Workplan screen are kept. A longer search can prove more."
            ),
            self.tr("&Make plan"),
        )
        self.name = self.line(self.tr("&Name"), name)
        self.seconds = self.whole(self.tr("&Search for"), 20, 2, 600, self.tr(" seconds"))

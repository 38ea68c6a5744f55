"""The questions a command asks first: a new project, a new launch, a new plan."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

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

from launchpad.edits.next_launch import NextLaunch
from launchpad.gui.pieces import label, toned
from launchpad.records import Launch

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

    def __init__(self, taxonomies: Mapping[str, Mapping[str, Any]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._taxonomies = taxonomies
        self.introduce(
            self.tr("New project"),
            self.tr("A project is one file. It can hold several launches; all of this can be changed later."),
            self.tr("&Choose where to save …"),
        )
        self.name = self.line(self.tr("&Project"), hint=self.tr("What people will call it"))
        listed = [(self._listed(found), slug) for slug, found in taxonomies.items()]
        self.taxonomy = self.choice(self.tr("&Risk areas"), [*listed, (self.tr("None, start empty"), "")])
        self.taxonomy.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.standing = label("", "small", tone="muted", wrap=True)
        self.form.addRow("", self.standing)
        self.taxonomy.currentIndexChanged.connect(self._say_standing)
        self._say_standing()
        self.launch = self.line(self.tr("First &launch"), needed=False, hint=self.tr("Name of the model"))
        self.date = self.day(self.tr("Launch &date"), WEEKS_AHEAD)

    def _listed(self, found: Mapping[str, Any]) -> str:
        mark = "" if found["verified"] else self.tr(" · unverified")
        return f"{found['name']} {found['version']}{mark}"

    def _say_standing(self, *_place: object) -> None:
        """Say how far the names of the chosen list were verified, its size and its licence."""
        found = self._taxonomies.get(str(self.taxonomy.currentData()))
        toned(self.standing, "warn" if found is not None and not found["verified"] else "muted")
        if found is None:
            self.standing.setText(self.tr("Risk areas are added by hand, or taken in from a file."))
            return
        said = self.tr("Areas: {0}. Licence: {1}. Names: {2}.")
        self.standing.setText(said.format(found["nodes"], found["licence"], found["verification"]))


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


class NextLaunchQuestion(Question):
    """Asks what goes out next, after a launch whose records it begins with."""

    def __init__(self, source: Launch, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.introduce(
            self.tr("New launch from {0}").format(source.code),
            self.tr(
                "Begins with a copy of all that {0} has: scenarios, effects, evidence links, gates, limits, weights. "
                "What is done or in place stays so. Seals are cleared; plans, locks, incidents and monitoring stay "
                "with {1}. Results that are of another build than the one named here count for less."
            ).format(f"{source.code} {source.name}", source.code),
            self.tr("&Add launch"),
        )
        self.name = self.line(self.tr("&Launch"), hint=self.tr("What people will call it"))
        self.model = self.line(self.tr("&Model"), source.model)
        self.snapshot = self.line(
            self.tr("&Build"), source.snapshot or "", needed=False, hint=self.tr("Empty while it is not known")
        )
        self.model.textEdited.connect(lambda: self._other_model(source))
        self.date = self.day(self.tr("Launch &date"), WEEKS_AHEAD)
        after = QDate.fromString(source.launch_date, Qt.DateFormat.ISODate).addDays(7 * WEEKS_AHEAD)
        self.date.setDate(max(self.date.date(), after))
        self.under_way = self.choice(
            self.tr("&Work under way"),
            [(self.tr("Begins again as an idea"), ""), (self.tr("Stays as it stands"), "yes")],
        )

    def _other_model(self, source: Launch) -> None:
        """The build of one model is no build of another: it is taken out, and put back with its model."""
        same, build = self.model.text().strip() == source.model, source.snapshot or ""
        if self.snapshot.text().strip() in ("", build):
            self.snapshot.setText(build if same else "")

    def given(self) -> NextLaunch:
        """What was filled in, seen from today."""
        return NextLaunch(
            name=self.name.text().strip(),
            launch_date=self.date.date().toString(Qt.DateFormat.ISODate),
            as_of=datetime.now(UTC).date().isoformat(),
            model=self.model.text().strip(),
            snapshot=self.snapshot.text().strip(),
            under_way=bool(self.under_way.currentData()),
        )


class DecisionQuestion(Question):
    """Asks why what reached a trigger needs nothing more."""

    def __init__(self, trigger: str, gate: str, day: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.introduce(
            self.tr("Decide on {0}").format(trigger),
            self.tr(
                "What came in up to {0} counts no more towards {1}, and {2} is as its results alone say, until "
                "something later reaches the threshold again. The history keeps who decided, when and why."
            ).format(day, trigger, gate),
            self.tr("&Decided"),
        )
        self.reason = self.line(self.tr("&Reason"), hint=self.tr("What was decided, and why that is enough"))


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

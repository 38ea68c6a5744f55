"""The line above every screen: which launch, how long until it, and what is being waited for."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QComboBox, QFrame, QHBoxLayout

from launchpad.gui import words
from launchpad.gui.document import Document
from launchpad.gui.pieces import button, label, toned
from launchpad.gui.table_model import plain_tip
from launchpad.gui.theme import GAP, WIDE
from launchpad.records import Launch


def days_left(launch: Launch, today: date) -> int:
    """Calendar days from a day to the launch; below 0 once it has passed."""
    return (date.fromisoformat(launch.launch_date) - today).days


class Header(QFrame):
    """Lets a person choose the launch; says its date, the days left, and whether figures are outdated."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("part", "header")
        self._document: Document | None = None
        self._launches = QComboBox()
        self._launches.setAccessibleName(self.tr("Launch"))
        self._launches.setMinimumWidth(240)
        self._launches.activated.connect(self._choose)
        self._when = label("", "strong")
        self._dates = label("", tone="muted")
        self.state = label("", "small", tone="muted")
        self.plan_button = button(self.tr("Make &plan …"), part="main")
        self.export_button = button(self.tr("E&xport …"), icon="export")
        inner = QHBoxLayout(self)
        inner.setContentsMargins(WIDE, GAP, WIDE, GAP)
        inner.setSpacing(WIDE)
        title = label(self.tr("&Launch"), tone="muted")
        title.setBuddy(self._launches)
        inner.addWidget(title)
        inner.addWidget(self._launches)
        inner.addWidget(self._when)
        inner.addWidget(self._dates)
        inner.addStretch(1)
        inner.addWidget(self.state)
        inner.addWidget(self.export_button)
        inner.addWidget(self.plan_button)

    def show_document(self, document: Document) -> None:
        """Follow a document."""
        self._document = document
        for signal in (document.changed, document.switched, document.outdated, document.computed):
            signal.connect(self.refresh)
        self.refresh()

    def let_go(self) -> None:
        """Follow no document any more."""
        self._document = None

    def refresh(self, *_what: object) -> None:
        """Show the launch as it is now."""
        if self._document is None:
            return
        launch = self._document.launch
        self._fill(self._document.inputs.rows(Launch), launch)
        for widget in (self.plan_button, self.export_button):
            widget.setEnabled(launch is not None)
        self._show_state(self._document)
        if launch is None:
            self._when.setText(self.tr("No launch yet"))
            self._dates.setText("")
            return
        left = days_left(launch, date.today())  # noqa: DTZ011 - the person's own calendar
        self._when.setText(_in_words(left))
        toned(self._when, "bad" if left < 0 else "warn" if left < 14 else None)
        dates = self.tr("launch {0} · freeze {1}")
        self._dates.setText(dates.format(words.day(launch.launch_date), words.day(launch.freeze_date)))

    def _show_state(self, document: Document) -> None:
        """Say why the figures shown are not those of now, if they are not."""
        trouble = document.trouble
        self.state.setToolTip(plain_tip(str(trouble)) if trouble else "")
        toned(self.state, "bad" if trouble else "muted")
        if document.launch is None or document.settled:
            self.state.setText("")
        elif document.computing:
            self.state.setText(self.tr("Computing …") if document.stale else self.tr("Refining …"))
        elif trouble is not None:
            self.state.setText(self.tr("Cannot compute"))
        else:
            self.state.setText(self.tr("Not up to date: press F5"))

    def _fill(self, launches: tuple[Launch, ...], chosen: Launch | None) -> None:
        entries = [(f"{launch.code}  {launch.name}", launch.id) for launch in launches]
        present = [
            (self._launches.itemText(place), self._launches.itemData(place)) for place in range(self._launches.count())
        ]
        if entries != present:
            self._launches.clear()
            for text, launch_id in entries:
                self._launches.addItem(text, launch_id)
        self._launches.setEnabled(bool(entries))
        if chosen is not None:
            self._launches.setCurrentIndex(self._launches.findData(chosen.id))

    def _choose(self, _place: int) -> None:
        if self._document is not None:
            self._document.choose_launch(int(self._launches.currentData()))


def _in_words(left: int) -> str:
    say = QCoreApplication.translate
    if left < 0:
        return say("Header", "{0} days past launch").format(-left)
    if left > 1:
        return say("Header", "{0} days left").format(left)
    return say("Header", "1 day left") if left else say("Header", "Launch day")

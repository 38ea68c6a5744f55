"""Asks where a policy is to be tried: endpoint, model, gold set, rendering, votes, and where the key is kept."""

from __future__ import annotations

from PySide6.QtWidgets import QCheckBox, QDialogButtonBox, QWidget

from launchpad.endpoints.endpoint import Endpoint, usable
from launchpad.endpoints.keys import Key, find_key
from launchpad.gui.asking import Question
from launchpad.gui.policies.study import tr
from launchpad.gui.words import translate
from launchpad.policies.run import Departure, RunWish
from launchpad.records import GoldSet, Inputs, LabelMap, PolicyVersion
from launchpad.records.policies import RENDERINGS, SPLITS


class RunQuestion(Question):
    """The key itself is never asked for: only the name under which the environment or the keyring has it."""

    def __init__(self, inputs: Inputs, version: PolicyVersion, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._inputs, self._version = inputs, version
        self.introduce(
            tr("Run {0}").format(inputs.address(version)),
            tr(
                "Puts the version to a model, item by item of a gold set. What would leave, and to which host, is "
                "shown before the first item does. Items of restricted areas never leave."
            ),
            tr("&Go on …"),
        )
        self.url = self.line(tr("&Address"), "http://localhost:11434/v1")
        self.model = self.line(tr("&Model"), hint=tr("As the endpoint calls it"))
        sets = [(f"{row.code}  {row.name}", row.code) for row in inputs.children(GoldSet, "policy", version.policy)]
        self.gold_set = self.choice(tr("&Gold set"), sets)
        kinds = [(translate("records", said), name) for name, said in RENDERINGS.items()]
        self.rendering = self.choice(tr("&Rendering"), kinds)
        splits = [(translate("records", said), name) for name, said in SPLITS.items()]
        self.split = self.choice(tr("&Split"), [(tr("All items"), ""), *splits])
        maps = [(inputs.address(row), inputs.address(row)) for row in inputs.rows(LabelMap)]
        self.label_map = self.choice(tr("&Categories"), [(tr("Any counts as a violation"), ""), *maps])
        self.votes = self.whole(tr("&Votes an item"), 1, 1, 100, "")
        places = [(tr("LAUNCHPAD_API_KEY, else no key"), ""), (tr("Variable of the environment"), "env")]
        self.source = self.choice(tr("&Key"), [*places, (tr("Entry of the keyring"), "ring")])
        self.key_name = self.line(tr("&Name of the key"), needed=False, hint=tr("The name, never the key itself"))
        self.sensitive = QCheckBox(tr("&Items of sensitive areas leave, too"))
        self.form.addRow("", self.sensitive)
        self.source.currentIndexChanged.connect(self._look_again)
        self.rendering.currentIndexChanged.connect(self._look_again)
        self._look_again()

    def _look_again(self, *_place: int) -> None:
        self.form.setRowVisible(self.key_name, bool(self.source.currentData()))
        self.form.setRowVisible(self.label_map, self.rendering.currentData() == "moderation")

    def wish(self) -> RunWish:
        """What was filled in; raises InvalidValueError where the address or a number is unfit."""
        inputs, mapped = self._inputs, str(self.label_map.currentData() or "")
        moderation = self.rendering.currentData() == "moderation"
        return RunWish(
            version=self._version,
            gold_set=inputs.find(GoldSet, str(self.gold_set.currentData() or "")),
            endpoint=usable(Endpoint(url=self.url.text().strip(), model=self.model.text().strip())),
            rendering=str(self.rendering.currentData()),
            votes=self.votes.value(),
            split=str(self.split.currentData() or "") or None,
            sensitive=self.sensitive.isChecked(),
            label_map=inputs.find(LabelMap, mapped) if mapped and moderation else None,
        )

    def key(self) -> Key:
        """The key under the name that was given; raises EndpointError when it is not there."""
        source, name = str(self.source.currentData() or ""), self.key_name.text().strip()
        return find_key(env=name if source == "env" else None, ring=name if source == "ring" else None)


class Leaving(Question):
    """The question before the first item leaves: host, number of items, what is withheld."""

    def __init__(self, leaving: Departure, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        items = tr("{0} items go to {1}").format(len(leaving.items), leaving.host)
        self.said = "\n".join([items, "", *leaving.sentences()])
        self.introduce(tr("Before the first item leaves"), self.said, tr("&Send them"))
        self.buttons.button(QDialogButtonBox.StandardButton.Cancel).setDefault(True)


def agreed(leaving: Departure, parent: QWidget) -> bool:
    """Show what would leave and what stays, and ask whether it may."""
    return bool(Leaving(leaving, parent).exec())

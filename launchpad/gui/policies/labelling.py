"""Labels in and settled: a file of a labelling tool read and written, and what raters agree on made the gold label."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtWidgets import QCheckBox, QFileDialog, QWidget

from launchpad.edits.labels import Imported, Incoming, import_labels
from launchpad.edits.settle import Settled, settle
from launchpad.errors import LaunchpadError
from launchpad.gui.asking import Question
from launchpad.gui.dialogs import Notice
from launchpad.gui.document import Document
from launchpad.gui.jobs import Job, Progress
from launchpad.gui.policies.study import tr
from launchpad.gui.words import NOTHING
from launchpad.intake.labelled.given import Labelled
from launchpad.records import Example, GoldSet, Inputs, LabelMap, Person, Policy, PolicyVersion

FILES = "*.csv *.tsv *.xlsx *.json *.jsonl"
FIELDS = ("violation", "request_risk", "style", "severity", "clause")


@dataclass(frozen=True, slots=True)
class Wanted:
    """How files of labels are to be read."""

    rater: str = ""
    field: str = ""
    gold_set: str = ""
    label_map: str = ""
    add_examples: bool = False
    replace: bool = False
    columns: tuple[str, ...] = ()


class ImportQuestion(Question):
    """Asks how labels are to be read where their files do not say."""

    def __init__(self, inputs: Inputs, version: PolicyVersion, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.introduce(
            tr("Import labels under {0}").format(inputs.address(version)),
            tr(
                "Reads exports of Label Studio, Argilla, Prodigy, doccano, Hugging Face and OpenAI, and tables with a "
                "row for each label or a column for each rater. Whatever is not taken in is listed."
            ),
            tr("&Import"),
        )
        nothing = (tr("As the file says"), "")
        self.rater = self.line(tr("&Rater"), needed=False, hint=tr("Only where a file does not say"))
        self.columns = self.line(
            tr("&Columns of raters"), needed=False, hint=tr("Of a table with a column for each: human, model")
        )
        self.field = self.choice(tr("&Labels are"), [nothing, *zip(_fields(), FIELDS, strict=True)])
        sets = [(f"{row.code}  {row.name}", row.code) for row in inputs.children(GoldSet, "policy", version.policy)]
        self.gold_set = self.choice(tr("&Gold set"), [(tr("Any example of the policy"), ""), *sets])
        maps = [(f"{inputs.address(row)}  {row.name}", inputs.address(row)) for row in inputs.rows(LabelMap)]
        self.map_ = self.choice(tr("Label &map"), [(tr("None"), ""), *maps])
        self.add_examples = QCheckBox(tr("&Add items the project does not have"))
        self.replace = QCheckBox(tr("&Change labels that say something else"))
        for box in (self.add_examples, self.replace):
            self.form.addRow("", box)

    def given(self) -> Wanted:
        """What was filled in."""
        return Wanted(
            self.rater.text().strip(),
            str(self.field.currentData() or ""),
            str(self.gold_set.currentData() or ""),
            str(self.map_.currentData() or ""),
            self.add_examples.isChecked(),
            self.replace.isChecked(),
            tuple(parted(self.columns.text())),
        )


def parted(words: str) -> list[str]:
    """The names between commas."""
    return [name for name in map(str.strip, words.split(",")) if name]


def _fields() -> list[str]:
    return [tr("Answers: does it violate"), tr("Requests: their risk"), tr("Styles"), tr("Severities"), tr("Clauses")]


class SettleQuestion(Question):
    """Asks by which rule examples are settled, and by whose labels."""

    def __init__(self, raters: Sequence[str], people: Sequence[str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.introduce(
            tr("Settle labels"),
            tr(
                "What the raters agree on becomes the settled label; the rest stays open for a person to decide. "
                "A model must not settle what it is measured by: name people."
            ),
            tr("&Settle"),
        )
        rules = [(tr("All of them agree"), "unanimous"), (tr("More than half agree"), "majority")]
        self.rule = self.choice(tr("&Where"), rules)
        chosen = [rater for rater in raters if rater in set(people)] or list(raters)
        self.raters = self.line(tr("&Raters"), ", ".join(chosen))
        self.at_least = self.whole(tr("&At least"), min(2, max(1, len(chosen))), 1, 50, tr(" raters"))


def ask_for_labels(document: Document, version: PolicyVersion, parent: QWidget) -> Job | None:
    """Ask for files and how to read them, and bring their labels in."""
    chosen, _ = QFileDialog.getOpenFileNames(parent, tr("Import labels"), "", tr("Labels ({0})").format(FILES))
    if not chosen:
        return None
    asked = ImportQuestion(document.inputs, version, parent)
    return take_labels(document, version, [Path(name) for name in chosen], asked.given()) if asked.exec() else None


def take_labels(document: Document, version: PolicyVersion, paths: Sequence[Path], wanted: Wanted) -> Job:
    """Read these files in the background, write what they say as one edit, and tell what was left out."""
    inputs = document.inputs

    def work(progress: Progress) -> object:
        from launchpad.intake.labelled import read_labelled
        from launchpad.policies.exchange.openai import answers_read
        from launchpad.policies.rulebook import rulebook

        book = rulebook(inputs, version)
        files: list[Labelled] = []
        for at, path in enumerate(paths):
            progress(at / len(paths), tr("Reading {0}").format(path.name))
            files.append(answers_read(read_labelled(path, list(wanted.columns)), book))
        return import_labels(inputs, files, _incoming(inputs, version, wanted))

    def done(found: Imported) -> None:
        names = ", ".join(path.name for path in paths)
        if document.edit(
            found.proposal.changes, tr("Import labels from {0}").format(names), content=found.proposal.content
        ):
            tell_imported(document, found)

    return document.begin(tr("Reading labels"), work, done)


def _incoming(inputs: Inputs, version: PolicyVersion, wanted: Wanted) -> Incoming:
    from launchpad.edits.label_maps import map_named

    return Incoming(
        version=version,
        gold_set=inputs.find(GoldSet, wanted.gold_set) if wanted.gold_set else None,
        rater=wanted.rater or None,
        label_map=map_named(inputs, wanted.label_map) if wanted.label_map else None,
        field=wanted.field or None,
        add_examples=wanted.add_examples,
        replace=wanted.replace,
    )


def tell_imported(document: Document, found: Imported) -> None:
    """Say what came in; what was left out is shown in a notice."""
    said = tr("Labels added: {0}, changed: {1}, known already: {2}, new examples: {3}").format(
        found.added, found.changed, found.unchanged, len(found.examples)
    )
    document.told.emit(said)
    if found.problems:
        lines = "\n".join(f"{one.where}: {one.what}" for one in found.problems)
        title = tr("{0} entries were left out").format(len(found.problems))
        window = document.parent()
        Notice(tr("Import labels"), title, said, lines, window if isinstance(window, QWidget) else None).open()


def ask_to_settle(document: Document, version: PolicyVersion, raters: Sequence[str], parent: QWidget) -> Settled | None:
    """Ask by which rule, and settle the examples of the policy by it."""
    people = [row.code for row in document.inputs.rows(Person)]
    asked = SettleQuestion(raters, people, parent)
    if not asked.exec():
        return None
    names = parted(asked.raters.text())
    return settle_by(document, version, str(asked.rule.currentData()), names, asked.at_least.value())


def settle_by(
    document: Document, version: PolicyVersion, rule: str, raters: Sequence[str], at_least: int
) -> Settled | None:
    """Settle the examples of a policy as these raters agree, as one edit; None when it was refused."""
    inputs = document.inputs
    examples = inputs.children(Example, "policy", version.policy)
    try:
        found = settle(inputs, version, examples, rule, raters=raters, at_least=at_least)
    except LaunchpadError as error:
        document.refused.emit(error)
        return None
    policy = inputs.get(Policy, version.policy).code or NOTHING
    if document.edit(found.changes, tr("Settle labels of {0}").format(policy)):
        said = tr("Settled: {0}, as before: {1}, decided otherwise before: {2}, open: {3}")
        open_ = len({one.example for one in found.open})
        document.told.emit(said.format(len(found.settled), len(found.unchanged), len(found.kept), open_))
    return found

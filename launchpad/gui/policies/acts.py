"""What the buttons above the tabs do with a policy: ask what is needed, then write one edit or one file."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QSettings, Qt
from PySide6.QtWidgets import QFileDialog, QWidget

from launchpad.changes import Change
from launchpad.edits.policies import new_draft, new_policy, release, retire
from launchpad.edits.policy_starters import start_policy
from launchpad.errors import LaunchpadError
from launchpad.gui.document import Document
from launchpad.gui.jobs import Job, Progress
from launchpad.gui.policies.questions import ReleaseQuestion, StarterQuestion, VersionQuestion, next_name
from launchpad.gui.policies.study import Study, tr
from launchpad.records import Policy, PolicyVersion, RiskArea


def begin_policy(document: Document, slug: str, area: str = "") -> bool:
    """Add a bundled policy with the draft of its first version; whether it was added."""
    inputs = document.inputs
    try:
        about = inputs.find(RiskArea, area) if area else None
        proposal = start_policy(inputs, slug, about)
    except LaunchpadError as error:
        document.refused.emit(error)
        return False
    return document.edit(proposal.changes, tr("Start from policy {0}").format(slug), content=proposal.content)


def ask_to_begin(document: Document, parent: QWidget) -> bool:
    """Ask which policy to begin with, and add it; whether one was added."""
    asked = StarterQuestion(document.inputs, parent=parent)
    if not asked.exec():
        return False
    slug, area = str(asked.starter.currentData() or ""), str(asked.area.currentData() or "")
    return begin_policy(document, slug, area) if slug else begin_empty(document, asked, area)


def begin_empty(document: Document, asked: StarterQuestion, area: str) -> bool:
    """Add a policy without a clause; whether it was added."""
    code, name = asked.code.text().strip(), asked.name.text().strip()

    def changes() -> list[Change]:
        about = document.inputs.find(RiskArea, area).id if area else None
        return new_policy(document.inputs, code=code, name=name, area=about)

    return document.act(changes, tr("New policy {0}").format(code))


def ask_for_version(document: Document, version: PolicyVersion, parent: QWidget) -> str | None:
    """Ask what the next version is called, and draft it; its name when it was drafted."""
    inputs = document.inputs
    known = [row.version for row in inputs.children(PolicyVersion, "policy", version.policy)]
    asked = VersionQuestion(inputs.address(version), next_name(version, known), parent)
    if not asked.exec():
        return None
    name, changelog = asked.version.text().strip(), asked.changelog.text().strip() or None
    words = tr("Draft {0} from {1}").format(name, inputs.address(version))
    made = document.act(lambda: new_draft(document.inputs, version, name, changelog=changelog), words)
    return name if made else None


def ask_to_release(document: Document, version: PolicyVersion, study: Study, parent: QWidget) -> bool:
    """Ask from which day a draft is in force, and release it; whether it was released."""
    address = document.inputs.address(version)
    asked = ReleaseQuestion(address, study.findings, parent)
    if not asked.exec():
        return False
    day = asked.day_.date().toString(Qt.DateFormat.ISODate)
    return document.act(lambda: release(document.inputs, version, day), tr("Release {0}").format(address))


def retire_version(document: Document, version: PolicyVersion) -> bool:
    """Take a released version out of force; whether it was."""
    words = tr("Retire {0}").format(document.inputs.address(version))
    return document.act(lambda: retire(document.inputs, version), words)


def ask_where_to_pack(document: Document, version: PolicyVersion, parent: QWidget) -> Path | None:
    """Ask for the zip to write a pack to."""
    policy = document.inputs.get(Policy, version.policy)
    folder = Path(str(QSettings().value("folder", str(Path.home()))))
    start = folder / f"{policy.code}-{version.version}.zip"
    chosen, _ = QFileDialog.getSaveFileName(parent, tr("Export the policy pack"), str(start), tr("Pack (*.zip)"))
    if not chosen:
        return None
    path = Path(chosen)
    return path if path.suffix.casefold() == ".zip" else path.with_name(path.name + ".zip")


def write_pack(document: Document, version: PolicyVersion, path: Path) -> Job:
    """Write a released version as a pack, in the background; its hash over all is said in the status line."""
    inputs, doing = document.inputs, tr("Writing the policy pack")

    def work(progress: Progress) -> object:
        import json

        from launchpad.export.safe import put
        from launchpad.policies.pack import MANIFEST, pack_files, pack_zip

        progress(0.0, doing)
        files = pack_files(inputs, version)
        progress(0.7, doing)
        put(path, pack_zip(files))
        return json.loads(files[MANIFEST])["whole"]

    def done(whole: str) -> None:
        document.told.emit(tr("Wrote {0}. Hash over all: {1}").format(path.name, whole))

    return document.begin(doing, work, done)

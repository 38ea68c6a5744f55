"""What is compiled from a version, as texts: prompts, the guideline for people, the brief for data, the public rule."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from launchpad.errors import ExportError, LaunchpadError
from launchpad.gui import words
from launchpad.gui.policies.study import Study, tr
from launchpad.records import Inputs, PolicyVersion

if TYPE_CHECKING:
    from launchpad.policies.documents import Document

PROMPT_ENDINGS = (".txt", ".json")
DOCUMENT_ENDINGS = (".md", ".html", ".docx")
DOCUMENTS = ("guideline", "brief", "public")


@dataclass(frozen=True, slots=True)
class Rendering:
    """One compiled form: its text for people, how long it is, what it can be saved as; `refused` says why not."""

    name: str
    text: str
    length: str
    endings: tuple[str, ...]
    refused: str = ""
    document: Document | None = None


def titles() -> Mapping[str, str]:
    """What each form is called, in the order of the list."""
    return {
        "chat": tr("Classifier prompt: chat model"),
        "gpt_oss_safeguard": tr("Classifier prompt: gpt-oss-safeguard"),
        "llama_guard": tr("Classifier prompt: Llama Guard"),
        "guideline": tr("Guideline for people"),
        "brief": tr("Data-collection brief"),
        "public": tr("Public rule"),
    }


def rendered(inputs: Inputs, version: PolicyVersion, study: Study, name: str) -> Rendering:
    """One form of a version; what cannot be compiled says why."""
    if name not in DOCUMENTS:
        prompt = study.prompts.get(name)
        if prompt is None:
            return Rendering(name, "", "", (), tr("No clause forbids anything yet. A prompt needs one that does."))
        length = tr("about {0} tokens without an item").format(words.number(study.tokens[name]))
        return Rendering(name, prompt.text, length, PROMPT_ENDINGS)
    from launchpad.policies.documents import as_markdown

    try:
        document = _document(inputs, version, study, name)
    except LaunchpadError as error:
        return Rendering(name, "", "", (), str(error))
    text = as_markdown(document)
    count = words.number(len(re.findall(r"\w+", text)))
    return Rendering(name, text, tr("{0} words").format(count), DOCUMENT_ENDINGS, document=document)


def _document(inputs: Inputs, version: PolicyVersion, study: Study, name: str) -> Document:
    from launchpad.policies.compile_brief import brief_document, collection_brief
    from launchpad.policies.compile_guideline import guideline
    from launchpad.policies.compile_public import public_rule

    if name == "brief":
        return brief_document(collection_brief(inputs, version))
    return guideline(study.book) if name == "guideline" else public_rule(study.book)


def saved_as(shown: Rendering, study: Study, ending: str) -> bytes:
    """A form as a file of this ending; raises ExportError for another one."""
    from launchpad.policies.compile_prompts import prompt_json
    from launchpad.policies.documents import FORMS

    if ending not in shown.endings:
        raise ExportError(
            tr("{0} is not written as {1}.").format(titles()[shown.name], ending or tr("a file without an ending")),
            tr("Give the file one of these endings: {0}.").format(", ".join(shown.endings)),
        )
    if shown.document is not None:
        return FORMS[ending](shown.document)
    prompt = study.prompts[shown.name]
    return (prompt.text if ending == ".txt" else prompt_json(prompt)).encode()


def save(path: Path, shown: Rendering, study: Study) -> None:
    """Write a form to a file, as its name ends; raises ExportError when that cannot be done."""
    from launchpad.export.safe import put

    put(path, saved_as(shown, study, path.suffix.casefold()))

"""What is worked out of a version in the background: what is compiled from it, how long that is, what is wrong."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from launchpad.gui import words
from launchpad.gui.jobs import Progress
from launchpad.records import Inputs, PolicyVersion

if TYPE_CHECKING:
    from launchpad.policies.compile_prompts import Prompt
    from launchpad.policies.findings import Finding
    from launchpad.policies.rulebook import Rulebook

SHORT = {"chat": "chat", "gpt_oss_safeguard": "gpt-oss-safeguard", "llama_guard": "Llama Guard"}


@dataclass(frozen=True, slots=True)
class Study:
    """A version at one state of the file: its rules, its prompts (none while nothing is forbidden), its findings."""

    version: int
    head: str
    book: Rulebook
    prompts: Mapping[str, Prompt]
    tokens: Mapping[str, int]
    findings: tuple[Finding, ...]

    def of(self, record: str) -> tuple[Finding, ...]:
        """The findings about a record, named `table address`."""
        return tuple(one for one in self.findings if one.record == record)


def studied(inputs: Inputs, version: PolicyVersion, progress: Progress | None = None) -> Study:
    """Everything the screen says of a version that is more than its rows."""
    from launchpad.policies.compile_prompts import PROMPTS, compile_prompt
    from launchpad.policies.lint import lint
    from launchpad.policies.rulebook import rulebook

    tell = progress or _silent
    tell(0.0, tr("Reading the policy"))
    book = rulebook(inputs, version)
    tell(0.4, tr("Compiling the policy"))
    forbids = bool(book.of_kind("violates"))
    prompts = {name: compile_prompt(book, name) for name in PROMPTS} if forbids else {}
    tokens = {name: prompt.tokens for name, prompt in prompts.items()}
    tell(0.7, tr("Checking the policy"))
    return Study(version.id, inputs.head, book, prompts, tokens, lint(inputs, version))


def tr(said: str) -> str:
    """Words of the policies screen in the person's language."""
    return QCoreApplication.translate("policies", said)


def told_tokens(tokens: Mapping[str, int], more: int = 0) -> str:
    """About how long the prompts are, with what is being typed; nothing while nothing is compiled."""
    if not tokens:
        return ""
    parts = (f"{words.number(count + more)} {SHORT[name]}" for name, count in tokens.items())
    return tr("About {0} tokens").format(" · ".join(parts))


def told_findings(found: Sequence[object]) -> str:
    """How many findings there are."""
    if not found:
        return tr("Nothing found by the check")
    return tr("1 finding") if len(found) == 1 else tr("{0} findings").format(words.number(len(found)))


def _silent(_share: float, _doing: str) -> None:
    """Progress that nobody watches."""

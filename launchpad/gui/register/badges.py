"""What a line of the tree says: the words of its cells, its badges, and its tooltip."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication

from launchpad.gui import theme, words
from launchpad.gui.register.forest import Forest, Node
from launchpad.records.taxonomy import AREA_CLASSES, AREA_STATUS, HANDLING


def tr(text: str) -> str:
    """Words of the tree in the person's language."""
    return QCoreApplication.translate("register", text)


@dataclass(frozen=True, slots=True)
class Badge:
    """Short words beside a name, with their tone; `icon` stands for them where the name needs the room."""

    words: str
    tone: theme.Tone
    icon: str = ""


def _status(node: Node) -> str:
    word = words.translate("records", AREA_STATUS.get(node.status, node.status))
    if node.status != "deprecated":
        return word
    if not node.heirs:
        return tr("{0}, no successor").format(word)
    return tr("{0}, see {1}").format(word, ", ".join(f"{code} {name}".strip() for code, name in node.heirs))


TEXTS: Mapping[str, Callable[[Node], str]] = {
    "name": lambda node: node.name,
    "code": lambda node: node.code,
    "area_class": lambda node: words.translate("records", AREA_CLASSES.get(node.area_class, node.area_class)),
    "status": _status,
    "scenarios": lambda node: words.number(node.under) if node.under else "",
    "handling": lambda node: words.translate("records", HANDLING.get(node.handling, node.handling)),
}


def badges(forest: Forest, node: Node, under: int | None) -> tuple[Badge, ...]:
    """The badges of an area where it stands under another (None: anywhere): successor, draft, places, handling."""
    found: list[Badge] = []
    if node.status == "deprecated":
        heirs = ", ".join(code for code, _ in node.heirs)
        found.append(Badge(tr("→ {0}").format(heirs) if heirs else tr("deprecated"), "muted"))
    elif node.status == "draft":
        found.append(Badge(tr("draft"), "info"))
    others = [forest.nodes[key].code for key in node.parents if key in forest.nodes and key != under]
    if under is None:
        others = others[1:]
    if others:
        found.append(Badge(tr("also {0}").format(", ".join(others)), "info"))
    if node.key in forest.circular:
        found.append(Badge(tr("circle"), "bad"))
    if node.handling != "open":
        found.append(_handling(node))
    return tuple(found)


def explained(forest: Forest, node: Node) -> str:
    """A line in full, for its tooltip."""
    parents = [f"{forest.nodes[key].code} {forest.nodes[key].name}" for key in node.parents if key in forest.nodes]
    lines = [f"{node.code}  {node.name}", _status(node), TEXTS["handling"](node)]
    if parents:
        lines.append(tr("Under {0}").format("; ".join(parents)))
    if node.under:
        lines.append(tr("Scenarios: {0}, of its own {1}").format(node.under, node.own))
    if node.key in forest.circular:
        lines.append(tr("It lies on or under a circle of parents: move it out of it."))
    return "\n".join(lines)


def _handling(node: Node) -> Badge:
    word = words.translate("records", HANDLING[node.handling]).lower()
    return Badge(word, "bad", "lock") if node.handling == "restricted" else Badge(word, "warn", "warning")

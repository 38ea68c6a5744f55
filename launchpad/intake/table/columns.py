"""Which column of a table holds what: a mapping given by a person, or guessed from the headers."""

import json
import re
from collections.abc import Mapping as Dictionary
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Literal

from launchpad.errors import InvalidValueError
from launchpad.intake import jsons
from launchpad.intake.source import look
from launchpad.intake.table.cells import Cell, Mark, words
from launchpad.intake.values import as_list, as_object

Kind = Literal["results", "wide", "samples", "none"]

# Headers as people write them, in lower case without punctuation; of two fields the first named wins.
SYNONYMS: Dictionary[str, tuple[str, ...]] = {
    "task": (
        "task",
        "evaluation",
        "eval",
        "benchmark",
        "test",
        "suite",
        "data set",
        "dataset",
        "bewertung",
        "aufgabe",
    ),
    "task_version": ("task version", "benchmark version", "version"),
    "model": ("model", "model name", "system", "sut", "modell", "modèle", "modelo"),
    "scorer": ("scorer", "judge", "grader", "detector", "evaluator"),
    "metric": ("metric", "measure", "metrik", "métrique", "métrica"),
    "variant": ("variant", "filter", "reducer"),
    "group": (
        *(
            "group",
            "category",
            "subgroup",
            "hazard",
            "hazard category",
            "risk area",
            "risk category",
            "topic",
        ),
        *("gruppe", "kategorie", "catégorie", "categoría"),
    ),
    "value": ("value", "score", "result", "rate", "wert", "ergebnis", "valeur", "valor"),
    "unit": ("unit", "scale", "einheit"),
    "n": ("n", "n samples", "samples", "sample size", "items", "n items", "n scored", "prompts", "anzahl"),
    "count": ("count", "n correct", "correct", "hits", "successes", "x"),
    "k": ("k", "failures", "n failures", "fails", "failed", "violations"),
    "n_total": ("n total", "total", "total samples"),
    "n_unscored": ("n unscored", "unscored"),
    "n_errors": ("n errors", "errors"),
    "stderr": ("stderr", "std error", "std err", "standard error", "se", "standardfehler"),
    "stderr_clustered": ("stderr clustered", "clustered stderr", "clustered standard error", "cluster se"),
    "low": ("low", "lower", "ci low", "ci lower", "lower bound", "ci 95 low", "95 ci low"),
    "high": ("high", "upper", "ci high", "ci upper", "upper bound", "ci 95 high", "95 ci high"),
    "level": ("level", "confidence level", "confidence"),
    "clusters": ("clusters", "n clusters"),
    "threshold": ("threshold", "limit", "target", "schwelle", "schwellenwert", "seuil"),
    "passed": ("passed", "pass", "met"),
    "higher_is_better": ("higher is better", "higher better", "polarity", "direction"),
    "source": ("source", "reference", "url", "citation", "quelle"),
    "date": ("date", "run date", "datum", "fecha"),
    "harness": ("harness", "tool", "framework"),
    "sample": ("id", "sample", "sample id", "item", "item id", "prompt id", "question id", "example id"),
    "outcome": ("outcome", "label", "verdict", "judgement", "judgment", "final label"),
    "cluster": ("cluster", "cluster id"),
}
LABELS = ("task", "metric", "group", "model")
KINDS: tuple[Kind, ...] = ("results", "wide", "samples", "none")
ROWS: Dictionary[str, Kind | Literal[""]] = {"": "", **{kind: kind for kind in KINDS}}
MARKS: Dictionary[str, Mark | Literal[""]] = {"": "", ".": ".", ",": ","}
_PERCENT = re.compile(r"%|\bper ?cent\b|\bpercentage\b|\bpct\b|\bprozent\b", re.IGNORECASE)
MAX_MAPPING = 1024**2


@dataclass(frozen=True, slots=True)
class Mapping:
    """Which header holds which field, and values that hold for all rows.

    In a wide table each column of `models` holds the values of the model its header names, or each
    column of `metrics` those of a metric. `rows` says what a row is where the columns leave it
    open ("none": the sheet holds no results), `decimal` what 1,000 and 1.000 mean; empty means
    as the table itself shows.
    """

    columns: Dictionary[str, str] = field(default_factory=dict[str, str])
    constants: Dictionary[str, str] = field(default_factory=dict[str, str])
    models: tuple[str, ...] = ()
    metrics: tuple[str, ...] = ()
    rows: Kind | Literal[""] = ""
    decimal: Mark | Literal[""] = ""

    def __post_init__(self) -> None:
        """Refuse fields that do not exist."""
        for name in (*self.columns, *self.constants):
            if name not in SYNONYMS:
                raise InvalidValueError(
                    f"A mapping names the field {name!r}, which does not exist.",
                    f"The fields are: {', '.join(SYNONYMS)}.",
                )

    @classmethod
    def from_file(cls, path: Path) -> "Mapping":
        """The mapping in a JSON file, as `from_text`."""
        source = look(path)
        if source.size > MAX_MAPPING:
            raise InvalidValueError(f"{path} is too large to be a mapping.", "Give a JSON file of columns.")
        with path.open("rb") as file:
            return cls.from_text(file.read(MAX_MAPPING), str(path))

    @classmethod
    def from_text(cls, text: str | bytes, name: str) -> "Mapping":
        """The mapping in a JSON text that people know by this name.

        {"columns": {field: header}, "constants": {field: value}, "models": [header], "metrics":
        [header], "rows": "results" | "wide" | "samples" | "none", "decimal": "." | ","}, each optional.
        """
        pieces = [text.encode(errors="replace") if isinstance(text, str) else text]
        written = as_object(jsons.load(pieces, name, lambda _: None))
        rows, decimal = str(written.get("rows") or ""), str(written.get("decimal") or "")
        known = {"columns", "constants", "models", "metrics", "rows", "decimal"}
        if not written or written.keys() - known or rows not in ROWS or decimal not in MARKS:
            example = '{"columns": {"task": "Evaluation", "value": "Score"}, "constants": {"model": "acme"}}'
            raise InvalidValueError(f"{name} is no mapping of columns.", f"An example: {example}")
        return cls(
            columns=_texts(written.get("columns")),
            constants=_texts(written.get("constants")),
            models=tuple(str(header) for header in as_list(written.get("models"))),
            metrics=tuple(str(header) for header in as_list(written.get("metrics"))),
            rows=ROWS[rows],
            decimal=MARKS[decimal],
        )

    def to_json(self) -> str:
        """The text that `from_file` reads."""
        written = {name: value for name, value in asdict(self).items() if value}
        return json.dumps(written, ensure_ascii=False, indent=2)

    @property
    def wide(self) -> tuple[str, ...]:
        """The headers of the columns that each hold a value of their own."""
        return self.models or self.metrics

    @property
    def kind(self) -> Kind | None:
        """What a row is: a result, several results side by side, a single sample; None when unclear."""
        if self.rows:
            return self.rows
        known = self.columns.keys()
        if self.wide:
            return "wide" if (known | self.constants.keys()) & set(LABELS) else None
        if "sample" in known and known & {"outcome", "value"} and not known & {"n", "metric", "stderr"}:
            return "samples"
        has_value = "value" in known or {"count", "n"} <= known or {"k", "n"} <= known
        return "results" if has_value and known & set(LABELS) else None


def guess(headers: Sequence[Cell]) -> Mapping:
    """The fields the headers name; columns not recognised are left out."""
    found: dict[str, str] = {}
    for cell in headers:
        header = words(cell)
        name = FIELD_OF.get(plain(header)) if header else None
        if header is not None and name is not None:
            found.setdefault(name, header)
    return Mapping(columns=found)


def plain(header: str) -> str:
    """The header in lower case without punctuation, brackets and percent, as synonyms are written."""
    bare = _PERCENT.sub(" ", header.replace("_", " "))
    return " ".join(re.sub(r"[^\w]+", " ", bare).casefold().split())


def in_percent(header: str) -> bool:
    """Whether a header says that the numbers below it are percentages."""
    return _PERCENT.search(header.replace("_", " ")) is not None


def _texts(value: object) -> dict[str, str]:
    return {key: str(text) for key, text in as_object(value).items()}


FIELD_OF: Dictionary[str, str] = {header: name for name, headers in reversed(SYNONYMS.items()) for header in headers}

"""The published JSON Schemas by name: answers of the command line, the project, and the files it takes and gives."""

import json
from collections.abc import Callable, Mapping
from functools import partial
from types import MappingProxyType
from typing import Any

from launchpad import paths
from launchpad.errors import UnknownRecordError
from launchpad.export.schema import project_schema
from launchpad.results.answers import Explained, Refused, Score
from launchpad.results.answers_aftermath import Watched
from launchpad.results.answers_evidence import Agreed, Criteria, Imported
from launchpad.results.answers_planning import Compared, Exported, Planned, Weighed
from launchpad.results.answers_workbook import Updated
from launchpad.results.decisions import DecisionRecord
from launchpad.results.shapes import schema_of

Schema = dict[str, Any]


def schema(name: str) -> Schema:
    """The schema of that name (draft 2020-12); raises UnknownRecordError with the names there are."""
    if name not in SCHEMAS:
        raise UnknownRecordError(f"There is no schema called {name!r}.", f"There are: {', '.join(SCHEMAS)}.")
    return SCHEMAS[name][1]()


def titles() -> Mapping[str, str]:
    """What each published schema is of, by its name."""
    return {name: title for name, (title, _) in SCHEMAS.items()}


def _bundled(folder: str, name: str) -> Schema:
    """A schema that is published as it lies among the resources."""
    return json.loads((paths.resources() / folder / name).read_text(encoding="utf-8"))


def _decision(title: str) -> Schema:
    """The decision record as `decide --json` has it: its rows, whether it is decided, and the gates that are open."""
    made = schema_of(DecisionRecord, title)
    record = made["$defs"]["DecisionRecord"]
    record["properties"] |= {
        "decided": {"type": "boolean"},
        "open_gates": {"type": "array", "items": {"type": "string"}},
    }
    record["required"] += ["decided", "open_gates"]
    return made


def _answer(name: str, declared: object, title: str) -> tuple[str, tuple[str, Callable[[], Schema]]]:
    return name, (title, partial(schema_of, declared, title))


SCHEMAS: Mapping[str, tuple[str, Callable[[], Schema]]] = MappingProxyType(
    {
        "project": ("launchpad export PROJECT OUT.json", project_schema),
        **dict(
            (
                _answer("import", Imported, "launchpad import --json"),
                _answer("criteria", Criteria, "launchpad criteria --json"),
                _answer("score", Score, "launchpad score --json"),
                _answer("explain", Explained, "launchpad score --explain CODE --json"),
                _answer("weigh", Weighed, "launchpad weigh --json"),
                _answer("plan", Planned, "launchpad plan --json"),
                _answer("compare", Compared, "launchpad plan --compare PLAN --json"),
                _answer("watch", Watched, "launchpad watch --json"),
                _answer("agreement", Agreed, "launchpad policy agreement --json"),
                _answer("export", Exported, "launchpad export --json"),
                _answer("update", Updated, "launchpad update --json"),
                _answer("error", Refused, "any command with --json that was refused (exit code 3)"),
            )
        ),
        "decision": ("launchpad decide PROJECT --json", partial(_decision, "launchpad decide PROJECT --json")),
        "policy-pack": ("policy.json in a policy pack", partial(_bundled, "policies", "policy.schema.json")),
        "taxonomy": ("a taxonomy as JSON or YAML", partial(_bundled, "taxonomies", "taxonomy.schema.json")),
    }
)

"""One class per thing that can go wrong and that a person can act on.

Every message says what happened and which thing it happened to; `hint` says what to do.
Anything that is not a `LaunchpadError` is a bug and travels to the exception hook.
"""


class LaunchpadError(Exception):
    """Something a person can act on: `message` (what, which thing) and `hint` (what to do)."""

    kind = "error"

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message} {self.hint}".strip()


class ProjectFileError(LaunchpadError):
    """The project file is missing, empty, foreign, newer, damaged or cannot be written."""

    kind = "project_file"


class ConflictError(LaunchpadError):
    """Someone changed the row after it was read; `present` is the row as it is now, or None."""

    kind = "conflict"

    def __init__(self, message: str, hint: str = "", present: dict[str, object] | None = None) -> None:
        super().__init__(message, hint)
        self.present = present


class InvalidValueError(LaunchpadError):
    """A value does not fit its field: wrong type, out of range, not among the choices."""

    kind = "invalid_value"


class UnknownRecordError(LaunchpadError):
    """No record has this code, or the table or field does not exist."""

    kind = "unknown_record"


class ImportRefusedError(LaunchpadError):
    """An evidence file or table cannot be read as anything this program knows."""

    kind = "import_refused"


class ScoringError(LaunchpadError):
    """The inputs cannot be scored as they stand; the message names the record."""

    kind = "scoring"


class InfeasiblePlanError(LaunchpadError):
    """No plan satisfies every lock and limit; the message names what is in the way."""

    kind = "infeasible_plan"


class ExportError(LaunchpadError):
    """The export could not be written; whatever lay at the target is unchanged."""

    kind = "export"


class CancelledError(LaunchpadError):
    """The person stopped the work; nothing was written."""

    kind = "cancelled"

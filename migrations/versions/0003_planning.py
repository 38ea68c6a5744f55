"""What planning keeps: locks on dates and teams, what lets work in, core indices, prices and possible plans."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

Column = sa.Column[object]


def upgrade() -> None:
    """Add columns to plans, their items, what they leave out, and locks; and two tables."""
    _add("plan", *_texts("basis alternative_to"), *_numbers("score"))
    _add("plan_item", *_wholes("slack_days"), *_numbers("core_index core_error"))
    _add("left_out", *_texts("enters_freeze"), *_flags("estimated"))
    _add("left_out", *_numbers("effort enters_effort enters_gain core_index"))
    _add_to_locks()
    _create_points()


def _add(table: str, *columns: Column) -> None:
    for column in columns:
        op.add_column(table, column)


def _add_to_locks() -> None:
    """Make the table anew: SQLite adds no key to one that stands, and nothing refers to locks."""
    rows = op.get_bind().execute(sa.text("SELECT * FROM lock ORDER BY id")).mappings().all()
    op.drop_table("lock")
    lock = op.create_table(
        "lock",
        _key(),
        *_texts("kind", required=True),
        *_texts("start reason"),
        _reference("launch", "launch", required=True),
        _reference("mitigation", "mitigation", required=True),
        _reference("variant", "mitigation_variant"),
        _reference("team", "team"),
    )
    op.bulk_insert(lock, [{**row} for row in rows])


def _key() -> Column:
    return sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, primary_key=True)


def _texts(names: str, *, required: bool = False) -> list[Column]:
    return [sa.Column(name, sa.Text(), nullable=not required) for name in names.split()]


def _wholes(names: str, *, required: bool = False) -> list[Column]:
    return [sa.Column(name, sa.BigInteger(), nullable=not required) for name in names.split()]


def _numbers(names: str, *, required: bool = False) -> list[Column]:
    return [sa.Column(name, sa.Float(), nullable=not required) for name in names.split()]


def _flags(names: str, *, required: bool = False) -> list[Column]:
    return [sa.Column(name, sa.Boolean(), nullable=not required) for name in names.split()]


def _reference(name: str, table: str, *, required: bool = False) -> Column:
    target = sa.ForeignKey(f"{table}.id", ondelete="RESTRICT")
    # Removing a row looks for its children; launches are few, so theirs are scanned instead.
    return sa.Column(name, sa.BigInteger(), target, nullable=not required, index=table != "launch")


def _create_points() -> None:
    op.create_table(
        "team_price",
        _key(),
        _reference("launch", "launch", required=True),
        _reference("plan", "plan", required=True),
        _reference("team", "team", required=True),
        *_numbers("residual_per_day", required=True),
        *_numbers("gap"),
    )
    op.create_table(
        "plan_point",
        _key(),
        *_texts("kind", required=True),
        *_texts("launch_date"),
        _reference("launch", "launch", required=True),
        _reference("plan", "plan", required=True),
        *_wholes("place", required=True),
        *_wholes("gates_met gates"),
        *_numbers("objective technical reputational over_refusal effort_days", required=True),
        *_numbers("gap technical_weight most_days most_refusal"),
    )

"""Decisions: roles, determinations, signatures, conditions, waivers, dissent and forecasts; sealed weights."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

Column = sa.Column[object]


def upgrade() -> None:
    """Add columns to people, weight sets and policy runs, and nine tables."""
    op.add_column("person", sa.Column("public_key", sa.Text()))
    for name in ("sealed_at", "seal"):
        op.add_column("weight_set", sa.Column(name, sa.Text()))
    op.add_column("policy_run", sa.Column("way", sa.Text()))
    op.add_column("run_answer", sa.Column("request_sha256", sa.Text()))
    _create_decisions()
    _create_judgements()


def _key() -> Column:
    return sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, primary_key=True)


def _texts(names: str, *, required: bool = False) -> list[Column]:
    return [sa.Column(name, sa.Text(), nullable=not required) for name in names.split()]


def _numbers(names: str, *, required: bool = False) -> list[Column]:
    return [sa.Column(name, sa.Float(), nullable=not required) for name in names.split()]


def _flags(names: str, *, required: bool = False) -> list[Column]:
    return [sa.Column(name, sa.Boolean(), nullable=not required) for name in names.split()]


def _reference(name: str, table: str, *, required: bool = False) -> Column:
    target = sa.ForeignKey(f"{table}.id", ondelete="RESTRICT")
    # Removing a row looks for its children; launches are few, so theirs are scanned instead.
    return sa.Column(name, sa.BigInteger(), target, nullable=not required, index=table != "launch")


def _create_decisions() -> None:
    op.create_table(
        "decision_role",
        _key(),
        *_texts("role", required=True),
        *_texts("note"),
        _reference("launch", "launch", required=True),
        _reference("person", "person", required=True),
    )
    op.create_table(
        "determination",
        _key(),
        *_texts("code determined computed reason", required=True),
        *_texts("made_at os_user host head rests_on withdraws"),
        _reference("launch", "launch", required=True),
        _reference("gate", "gate", required=True),
        _reference("person", "person", required=True),
    )
    op.create_table(
        "decision",
        _key(),
        *_texts("code outcome statement", required=True),
        *_texts("stage plan made_at head rests_on withdraws reason"),
        _reference("launch", "launch", required=True),
        _reference("person", "person", required=True),
    )
    op.create_table(
        "sign_off",
        _key(),
        *_texts("code role", required=True),
        *_texts("note signed_at os_user host head rests_on parts public_key signature"),
        *_texts("withdraws reason"),
        _reference("launch", "launch", required=True),
        _reference("decision", "decision", required=True),
        _reference("person", "person", required=True),
    )
    op.create_table(
        "condition",
        _key(),
        *_texts("code said due status", required=True),
        *_texts("closed_on closed_because"),
        _reference("launch", "launch", required=True),
        _reference("decision", "decision", required=True),
        _reference("owner", "person", required=True),
    )


def _create_judgements() -> None:
    op.create_table(
        "waiver",
        _key(),
        *_texts("code reason granted_on expires", required=True),
        *_texts("made_at head withdraws"),
        _reference("launch", "launch", required=True),
        _reference("gate", "gate", required=True),
        _reference("person", "person", required=True),
        *_flags("withdrawn", required=True),
    )
    op.create_table(
        "dissent",
        _key(),
        *_texts("code said", required=True),
        *_texts("made_at head withdraws"),
        _reference("launch", "launch", required=True),
        _reference("decision", "decision", required=True),
        _reference("person", "person", required=True),
    )
    op.create_table(
        "forecast_question",
        _key(),
        *_texts("code question settles_on", required=True),
        *_texts("settled_because"),
        _reference("launch", "launch", required=True),
        _reference("scenario", "scenario"),
        *_flags("happened"),
    )
    op.create_table(
        "forecast",
        _key(),
        *_texts("sha256", required=True),
        *_texts("made_at salt opened_at"),
        _reference("launch", "launch", required=True),
        _reference("question", "forecast_question", required=True),
        _reference("person", "person", required=True),
        *_numbers("probability"),
    )

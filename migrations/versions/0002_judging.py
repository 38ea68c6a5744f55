"""What judging and watching need: sample text and tags, table mappings, link rules, criteria, incidents."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

Column = sa.Column[object]


def upgrade() -> None:
    """Add two columns to results, and nine tables."""
    op.add_column("eval_result", sa.Column("texts", sa.Text()))
    op.add_column("eval_result", sa.Column("tags", sa.Text()))
    _create_evidence()
    _create_judgements()
    _create_aftermath()


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


def _create_evidence() -> None:
    op.create_table(
        "table_mapping",
        _key(),
        *_texts("code name header headers mapping", required=True),
    )
    op.create_table(
        "link_rule",
        _key(),
        *_texts("code name role snapshot surface language", required=True),
        *_texts("harness task scorer metric category tag basis"),
        _reference("risk_area", "risk_area"),
        _reference("scenario", "scenario"),
        _reference("variant", "mitigation_variant"),
        *_numbers("relevance", required=True),
    )
    op.create_table(
        "success_criterion",
        _key(),
        *_texts("code name direction", required=True),
        *_texts("category locale template sealed_at seal basis"),
        _reference("launch", "launch", required=True),
        _reference("evaluation", "evaluation", required=True),
        *_wholes("least_n"),
        *_numbers("threshold confidence", required=True),
    )


def _create_judgements() -> None:
    op.create_table(
        "expert_estimate",
        _key(),
        *_texts("quantity", required=True),
        *_texts("given_on basis"),
        _reference("launch", "launch", required=True),
        _reference("scenario", "scenario", required=True),
        _reference("expert", "person", required=True),
        *_wholes("hits asked"),
        *_numbers("low median high weight", required=True),
    )
    op.create_table(
        "criterion",
        _key(),
        *_texts("code name measure", required=True),
        *_texts("between basis"),
        _reference("launch", "launch", required=True),
        *_numbers("worst best"),
    )
    op.create_table(
        "swing_weight",
        _key(),
        *_texts("basis"),
        _reference("launch", "launch", required=True),
        _reference("weight_set", "weight_set", required=True),
        _reference("criterion", "criterion", required=True),
        _reference("compared_with", "criterion"),
        *_wholes("rank"),
        *_numbers("swing times"),
    )


def _create_aftermath() -> None:
    op.create_table(
        "incident",
        _key(),
        *_texts("code happened in_place", required=True),
        *_texts("source note"),
        _reference("launch", "launch", required=True),
        _reference("scenario", "scenario", required=True),
        *_wholes("events", required=True),
        *_numbers("harm"),
        *_flags("public", required=True),
    )
    op.create_table(
        "reading",
        _key(),
        *_texts("code starts in_place", required=True),
        *_texts("source note"),
        _reference("launch", "launch", required=True),
        _reference("scenario", "scenario", required=True),
        *_wholes("days", required=True),
        *_wholes("opportunities violations alerts"),
    )
    op.create_table(
        "trigger",
        _key(),
        *_texts("code measure", required=True),
        *_texts("decided_on basis"),
        _reference("launch", "launch", required=True),
        _reference("gate", "gate", required=True),
        _reference("scenario", "scenario", required=True),
        *_wholes("window_days", required=True),
        *_numbers("threshold", required=True),
    )

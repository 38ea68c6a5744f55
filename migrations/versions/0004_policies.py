"""Taxonomies and policies: releases and crosswalks, clauses, examples and labels, runs and feedback."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

Column = sa.Column[object]


def upgrade() -> None:
    """Add columns to releases and risk areas, and seventeen tables."""
    for name in ("verification", "released_on", "previous", "snapshot"):
        op.add_column("taxonomy_release", sa.Column(name, sa.Text()))
    op.add_column("risk_area", sa.Column("owner", sa.Text()))
    _create_taxonomy()
    _create_policies()
    _create_labels()
    _create_runs()


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


def _create_taxonomy() -> None:
    op.create_table(
        "area_parent",
        _key(),
        _reference("area", "risk_area", required=True),
        _reference("parent", "risk_area", required=True),
    )
    op.create_table(
        "area_facet",
        _key(),
        *_texts("facet value", required=True),
        _reference("area", "risk_area", required=True),
    )
    op.create_table(
        "crosswalk_link",
        _key(),
        *_texts("taxonomy concept relation justification", required=True),
        *_texts("version concept_name asserted_on source note"),
        _reference("area", "risk_area", required=True),
        _reference("asserted_by", "person"),
        *_numbers("confidence"),
        *_flags("reviewed", required=True),
    )
    op.create_table(
        "area_change",
        _key(),
        *_texts("kind reason carried", required=True),
        *_texts("others"),
        _reference("release", "taxonomy_release", required=True),
        _reference("area", "risk_area", required=True),
        *_wholes("place", required=True),
    )
    op.create_table(
        "unknown_risk",
        _key(),
        *_texts("code name status", required=True),
        *_texts("description source found_on reason"),
        _reference("area", "risk_area"),
    )


def _create_policies() -> None:
    op.create_table(
        "policy",
        _key(),
        *_texts("code name", required=True),
        *_texts("purpose"),
        _reference("area", "risk_area"),
        _reference("owner", "person"),
    )
    op.create_table(
        "policy_version",
        _key(),
        *_texts("version status", required=True),
        *_texts("effective_from supersedes changelog scope sha256"),
        _reference("policy", "policy", required=True),
    )
    op.create_table(
        "clause",
        _key(),
        *_texts("code kind rule authority", required=True),
        *_texts("rationale escalate_when"),
        _reference("version", "policy_version", required=True),
        _reference("area", "risk_area"),
        *_wholes("severity precedence place"),
    )
    op.create_table(
        "clause_response",
        _key(),
        *_texts("style force", required=True),
        *_texts("note"),
        _reference("clause", "clause", required=True),
        *_wholes("severity"),
    )


def _create_labels() -> None:
    op.create_table(
        "gold_set",
        _key(),
        *_texts("code name", required=True),
        *_texts("source note"),
        _reference("policy", "policy", required=True),
    )
    op.create_table(
        "example",
        _key(),
        *_texts("code", required=True),
        *_texts("clause side pair_of split request response language persona attack slice"),
        *_texts("source"),
        _reference("area", "risk_area"),
        _reference("policy", "policy"),
        _reference("gold_set", "gold_set"),
        *_wholes("severity"),
        *_flags("near_line", required=True),
    )
    op.create_table(
        "label",
        _key(),
        *_texts("rater", required=True),
        *_texts("request_risk violation style clause defensible given_at note"),
        _reference("example", "example", required=True),
        _reference("policy_version", "policy_version"),
        *_wholes("severity"),
        *_flags("gold", required=True),
    )
    op.create_table(
        "label_map",
        _key(),
        *_texts("code version name", required=True),
        *_texts("source"),
    )
    op.create_table(
        "label_map_entry",
        _key(),
        *_texts("theirs", required=True),
        *_texts("ours"),
        _reference("label_map", "label_map", required=True),
    )


def _create_runs() -> None:
    op.create_table(
        "policy_run",
        _key(),
        *_texts("code rendering host model prompt_sha256 status", required=True),
        *_texts("parameters started finished note"),
        _reference("policy_version", "policy_version", required=True),
        _reference("gold_set", "gold_set", required=True),
        *_wholes("votes", required=True),
        *_numbers("threshold"),
    )
    op.create_table(
        "run_answer",
        _key(),
        *_texts("outcome", required=True),
        *_texts("label_given clause raw asked_at error"),
        _reference("run", "policy_run", required=True),
        _reference("example", "example", required=True),
        *_wholes("vote", required=True),
        *_numbers("score latency_ms"),
    )
    op.create_table(
        "feedback",
        _key(),
        *_texts("code source kind said triage status", required=True),
        *_texts("clause given_on resolution resolved_in changed_clause"),
        _reference("policy", "policy", required=True),
        _reference("example", "example"),
        _reference("retest", "policy_run"),
    )

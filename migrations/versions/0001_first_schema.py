"""The first schema: a project, its taxonomy, evidence, mitigations, launches and plans, and its journal."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

Column = sa.Column[object]


def upgrade() -> None:
    """Create every table."""
    _create_machinery()
    _create_project_and_people()
    _create_taxonomy()
    _create_evidence()
    _create_mitigations()
    _create_launches()
    _create_consequences()
    _create_links()
    _create_plans()


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


def _estimate(name: str, *, required: bool = False) -> list[Column]:
    points = _numbers(f"{name}_low {name}_median {name}_high", required=required)
    return [*points, *_texts(f"{name}_kind", required=required)]


def _reference(name: str, table: str, *, required: bool = False) -> Column:
    target = sa.ForeignKey(f"{table}.id", ondelete="RESTRICT")
    # Removing a row looks for its children; launches are few, so theirs are scanned instead.
    return sa.Column(name, sa.BigInteger(), target, nullable=not required, index=table != "launch")


def _create_machinery() -> None:
    op.create_table(
        "journal",
        sa.Column("number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), primary_key=True),
        sa.Column("uuid", sa.Text(), nullable=False, unique=True),
        *_texts("parents author at label reason", required=True),
        *_texts("batch undoes"),
        *_texts("changes", required=True),
        sa.Column("sha256", sa.Text(), nullable=False, unique=True),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "checkpoint",
        _key(),
        *_texts("sha256", required=True),
        sa.Column("block", sa.LargeBinary(), nullable=False),
    )
    op.create_table(
        "content",
        sa.Column("sha256", sa.Text(), primary_key=True),
        sa.Column("bytes", sa.LargeBinary(), nullable=False),
    )


def _create_project_and_people() -> None:
    op.create_table("project", _key(), *_texts("name harm_unit", required=True), *_texts("uuid created"))
    op.create_table(
        "coefficient",
        _key(),
        *_texts("code name", required=True),
        *_texts("basis"),
        *_numbers("value", required=True),
    )
    op.create_table("team", _key(), *_texts("code name weekdays", required=True))
    op.create_table("person", _key(), *_texts("code", required=True), *_texts("name roles"), _reference("team", "team"))
    op.create_table(
        "capacity",
        _key(),
        *_texts("starts basis"),
        _reference("team", "team", required=True),
        *_numbers("days_per_week committed", required=True),
    )
    op.create_table(
        "day_off",
        _key(),
        *_texts("day", required=True),
        *_texts("reason"),
        _reference("team", "team", required=True),
    )


def _create_taxonomy() -> None:
    op.create_table(
        "taxonomy_release",
        _key(),
        *_texts("code name version status", required=True),
        *_texts("source licence"),
    )
    op.create_table(
        "risk_area",
        _key(),
        *_texts("code name area_class handling status", required=True),
        *_texts("plain research prompt includes excludes severity_guide capability"),
        *_texts("introduced_in"),
        _reference("release", "taxonomy_release", required=True),
        _reference("parent", "risk_area"),
        _reference("replaced_by", "risk_area"),
    )
    op.create_table(
        "actor_profile",
        _key(),
        *_texts("code name intent", required=True),
        *_texts("skill budget weeks"),
        *_wholes("tries", required=True),
    )


def _create_evidence() -> None:
    op.create_table(
        "evaluation",
        _key(),
        *_texts("code name polarity kind", required=True),
        *_texts("harness suite task scorer metric language earliest_start source"),
        *_wholes("waiting_days", required=True),
        *_wholes("candidate_n"),
    )
    op.create_table(
        "evaluation_effort",
        _key(),
        _reference("evaluation", "evaluation", required=True),
        _reference("team", "team", required=True),
        *_numbers("fixed per_100", required=True),
    )
    op.create_table(
        "eval_result",
        _key(),
        *_texts("code model arm unit elicitation in_place status harness", required=True),
        *_texts("snapshot variant part reported_method surface language run_date"),
        *_texts("harness_version run_id task_version file_name file_sha256 identity outcomes"),
        *_texts("source note"),
        _reference("evaluation", "evaluation", required=True),
        _reference("control", "eval_result"),
        *_wholes("tries", required=True),
        *_wholes("n count n_total n_unscored n_errors clusters"),
        *_numbers("value stderr stderr_clustered reported_low reported_high reported_level"),
        *_numbers("threshold judge_sensitivity judge_specificity"),
        *_flags("part_total superseded", required=True),
        *_flags("passed"),
    )


def _create_mitigations() -> None:
    op.create_table(
        "mitigation",
        _key(),
        *_texts("code name kind", required=True),
        *_texts("family description"),
        _reference("owner", "person"),
    )
    op.create_table(
        "mitigation_variant",
        _key(),
        *_texts("code name", required=True),
        *_texts("earliest_start"),
        _reference("mitigation", "mitigation", required=True),
        _reference("verified_by", "evaluation"),
        *_wholes("waiting_days", required=True),
        *_flags("splittable", required=True),
    )
    op.create_table(
        "effort",
        _key(),
        *_texts("basis"),
        _reference("variant", "mitigation_variant", required=True),
        _reference("team", "team", required=True),
        *_numbers("people", required=True),
        *_estimate("days", required=True),
    )
    op.create_table(
        "dependency",
        _key(),
        *_texts("kind", required=True),
        *_texts("reason"),
        _reference("mitigation", "mitigation", required=True),
        _reference("needs", "mitigation", required=True),
    )
    op.create_table("exclusion_group", _key(), *_texts("code name", required=True), *_texts("reason"))
    op.create_table(
        "exclusion_member",
        _key(),
        _reference("exclusion_group", "exclusion_group", required=True),
        _reference("mitigation", "mitigation", required=True),
    )


def _create_launches() -> None:
    op.create_table(
        "launch",
        _key(),
        *_texts("code name model launch_date freeze_date as_of release_kind status", required=True),
        *_texts("snapshot regions weight_set current_plan"),
        _reference("baseline", "launch"),
        *_wholes("buffer_days horizon_days seed", required=True),
    )
    op.create_table(
        "surface",
        _key(),
        *_texts("code name kind", required=True),
        *_texts("modalities languages basis"),
        _reference("launch", "launch", required=True),
        *_numbers("users requests_per_day"),
    )
    op.create_table(
        "scenario",
        _key(),
        *_texts("code name", required=True),
        *_texts("pathway harm review_trigger copied_from"),
        _reference("launch", "launch", required=True),
        _reference("risk_area", "risk_area", required=True),
        _reference("surface", "surface"),
        _reference("actor", "actor_profile"),
        _reference("owner", "person"),
        *_flags("catastrophic over_refusal", required=True),
    )
    op.create_table(
        "exposure",
        _key(),
        *_texts("unit", required=True),
        *_texts("basis"),
        _reference("launch", "launch", required=True),
        _reference("scenario", "scenario", required=True),
        *_wholes("start_day", required=True),
        *_wholes("end_day"),
        *_numbers("rollout", required=True),
        *_estimate("opportunities", required=True),
        *_estimate("propensity"),
    )


def _create_consequences() -> None:
    op.create_table(
        "severity",
        _key(),
        *_texts("reversibility", required=True),
        *_texts("basis"),
        _reference("launch", "launch", required=True),
        _reference("scenario", "scenario", required=True),
        *_wholes("level", required=True),
        *_flags("vulnerable", required=True),
        *_estimate("harm_units"),
        *_estimate("realised"),
        *_estimate("net_new"),
    )
    op.create_table(
        "publicity",
        _key(),
        *_texts("attribution", required=True),
        *_texts("disclosure disclosed_on attribution_reason basis"),
        _reference("launch", "launch", required=True),
        _reference("scenario", "scenario", required=True),
        *_numbers("reach salience history prior_negative promise_gap response_readiness", required=True),
        *_flags("disclosed", required=True),
        *_estimate("visible", required=True),
    )
    op.create_table(
        "tolerance",
        _key(),
        *_texts("code name measure", required=True),
        *_texts("sealed_at seal basis"),
        _reference("launch", "launch", required=True),
        _reference("scenario", "scenario"),
        _reference("surface", "surface"),
        *_numbers("limit", required=True),
        *_numbers("probability"),
    )
    op.create_table(
        "weight_set",
        _key(),
        *_texts("code name", required=True),
        *_texts("whose"),
        _reference("launch", "launch", required=True),
        *_numbers("technical reputational", required=True),
    )


def _create_links() -> None:
    op.create_table(
        "effect",
        _key(),
        *_texts("stage per evidence_level", required=True),
        *_texts("basis"),
        _reference("launch", "launch", required=True),
        _reference("variant", "mitigation_variant", required=True),
        _reference("scenario", "scenario", required=True),
        *_numbers("degraded variance_frequency variance_days", required=True),
        *_estimate("coverage", required=True),
        *_estimate("intended", required=True),
    )
    op.create_table(
        "standing",
        _key(),
        *_texts("status", required=True),
        *_texts("started finished note"),
        _reference("launch", "launch", required=True),
        _reference("variant", "mitigation_variant", required=True),
        *_numbers("remaining_days actual_days"),
    )
    op.create_table(
        "side_effect",
        _key(),
        *_texts("capability_suite basis"),
        _reference("launch", "launch", required=True),
        _reference("variant", "mitigation_variant", required=True),
        _reference("surface", "surface"),
        *_numbers("latency_ms capability run_cost true_positive_rate false_positive_rate"),
        *_estimate("false_refusal"),
    )
    op.create_table(
        "evidence_link",
        _key(),
        *_texts("role snapshot surface language", required=True),
        *_texts("reason"),
        _reference("launch", "launch", required=True),
        _reference("result", "eval_result", required=True),
        _reference("scenario", "scenario"),
        _reference("effect", "effect"),
        _reference("side_effect", "side_effect"),
        *_numbers("relevance", required=True),
    )
    op.create_table(
        "gate",
        _key(),
        *_texts("code name kind", required=True),
        *_texts("stage sealed_at seal basis"),
        _reference("launch", "launch", required=True),
        _reference("scenario", "scenario"),
        _reference("evaluation", "evaluation"),
        _reference("verified_by", "evaluation"),
        *_numbers("threshold margin confidence", required=True),
    )


def _create_plans() -> None:
    op.create_table(
        "plan",
        _key(),
        *_texts("code name", required=True),
        *_texts("made input_hash note"),
        _reference("launch", "launch", required=True),
        *_wholes("seed", required=True),
        *_numbers("objective bound gap seconds"),
    )
    op.create_table(
        "plan_item",
        _key(),
        *_texts("start finish", required=True),
        *_texts("reason"),
        _reference("launch", "launch", required=True),
        _reference("plan", "plan", required=True),
        _reference("variant", "mitigation_variant"),
        _reference("evaluation", "evaluation"),
        *_wholes("rank"),
        *_numbers("gain gain_per_day p_ready"),
    )
    op.create_table(
        "plan_work",
        _key(),
        *_texts("start finish", required=True),
        _reference("launch", "launch", required=True),
        _reference("item", "plan_item", required=True),
        _reference("team", "team", required=True),
        *_numbers("days", required=True),
    )
    op.create_table(
        "left_out",
        _key(),
        *_texts("reason", required=True),
        *_texts("displaces"),
        _reference("launch", "launch", required=True),
        _reference("plan", "plan", required=True),
        _reference("mitigation", "mitigation", required=True),
        *_numbers("loss"),
    )
    op.create_table(
        "lock",
        _key(),
        *_texts("kind", required=True),
        *_texts("reason"),
        _reference("launch", "launch", required=True),
        _reference("mitigation", "mitigation", required=True),
        _reference("variant", "mitigation_variant"),
    )

"""paths, trials, sheets, goals and tokens"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "training_trial",
        sa.Column("public_id", sa.String(length=32), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_training_trial")),
        sa.UniqueConstraint("public_id", name=op.f("uq_training_trial_public_id")),
    )
    op.create_table(
        "announcement",
        sa.Column("public_id", sa.String(length=32), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("process", "product", name="kind", native_enum=False, create_constraint=True, length=24),
            nullable=False,
        ),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column(
            "audience",
            sa.Enum("agents", "graders", "both", name="audience", native_enum=False, create_constraint=True, length=24),
            nullable=False,
        ),
        sa.Column("team_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_announcement_by_id")),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_announcement_team_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_announcement")),
        sa.UniqueConstraint("public_id", name=op.f("uq_announcement_public_id")),
    )
    op.create_table(
        "api_token",
        sa.Column("public_id", sa.String(length=32), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("label", sa.String(length=200), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_api_token_by_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_api_token_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_token")),
        sa.UniqueConstraint("public_id", name=op.f("uq_api_token_public_id")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_api_token_token_hash")),
    )
    with op.batch_alter_table("api_token", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_api_token_person_id"), ["person_id"], unique=False)

    op.create_table(
        "dated_target",
        sa.Column("public_id", sa.String(length=32), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("all", "workflow", "policy", name="kind", native_enum=False, create_constraint=True, length=24),
            nullable=False,
        ),
        sa.Column("key", sa.String(length=400), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("share", sa.Double(), nullable=False),
        sa.Column("by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("share > 0 AND share < 1", name=op.f("ck_dated_target_share_inside")),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_dated_target_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dated_target")),
        sa.UniqueConstraint("kind", "key", "from_on", name=op.f("uq_dated_target_kind_key_from_on")),
        sa.UniqueConstraint("public_id", name=op.f("uq_dated_target_public_id")),
    )
    op.create_table(
        "earlier_sheet",
        sa.Column("public_id", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("columns", sa.JSON(), nullable=False),
        sa.Column("blank", sa.JSON(), nullable=False),
        sa.Column("undated", sa.JSON(), nullable=False),
        sa.Column("by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("plan_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("check_asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_earlier_sheet_by_id")),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_earlier_sheet_plan_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_earlier_sheet")),
        sa.UniqueConstraint("public_id", name=op.f("uq_earlier_sheet_public_id")),
    )
    with op.batch_alter_table("earlier_sheet", schema=None) as batch_op:
        batch_op.create_index(
            "uq_earlier_sheet_plan",
            ["plan_id"],
            unique=True,
            sqlite_where=sa.text("plan_id IS NOT NULL"),
            postgresql_where=sa.text("plan_id IS NOT NULL"),
        )

    op.create_table(
        "mapping_value",
        sa.Column("mapping_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("field", sa.String(length=100), nullable=False),
        sa.Column("theirs", sa.String(length=300), nullable=False),
        sa.Column("ours", sa.String(length=400), nullable=False),
        sa.Column("is_writing", sa.Boolean(), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["mapping_id"], ["mapping.id"], name=op.f("fk_mapping_value_mapping_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mapping_value")),
        sa.UniqueConstraint(
            "mapping_id",
            "field",
            "theirs",
            "is_writing",
            name=op.f("uq_mapping_value_mapping_id_field_theirs_is_writing"),
        ),
    )
    op.create_table(
        "page_opening",
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("reader_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("what", sa.String(length=40), nullable=False),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column("times", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_page_opening_person_id")),
        sa.ForeignKeyConstraint(["reader_id"], ["person.id"], name=op.f("fk_page_opening_reader_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_page_opening")),
        sa.UniqueConstraint(
            "person_id",
            "reader_id",
            "what",
            "opened_on",
            name=op.f("uq_page_opening_person_id_reader_id_what_opened_on"),
        ),
    )
    with op.batch_alter_table("page_opening", schema=None) as batch_op:
        batch_op.create_index("ix_page_opening_opened_on", ["opened_on"], unique=False)
        batch_op.create_index(batch_op.f("ix_page_opening_reader_id"), ["reader_id"], unique=False)

    op.create_table(
        "report_wish",
        sa.Column("public_id", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("named", sa.Boolean(), nullable=False),
        sa.Column("own", sa.JSON(), nullable=False),
        sa.Column(
            "every",
            sa.Enum("once", "week", "month", name="every", native_enum=False, create_constraint=True, length=24),
            nullable=False,
        ),
        sa.Column("day", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("hour", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("zone", sa.String(length=64), nullable=False),
        sa.Column("days_from", sa.Date(), nullable=True),
        sa.Column("days_to", sa.Date(), nullable=True),
        sa.Column(
            "state",
            sa.Enum("live", "ended", name="state", native_enum=False, create_constraint=True, length=24),
            nullable=False,
        ),
        sa.Column("last_due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_report_wish_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_wish")),
        sa.UniqueConstraint("public_id", name=op.f("uq_report_wish_public_id")),
    )
    op.create_table(
        "training_path",
        sa.Column("public_id", sa.String(length=32), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "onboarding",
                "policy",
                "process",
                "other",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("why", sa.String(length=500), nullable=False),
        sa.Column("by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("team_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("starters_from", sa.Date(), nullable=True),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_training_path_by_id")),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_training_path_team_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_training_path")),
        sa.UniqueConstraint("public_id", name=op.f("uq_training_path_public_id")),
    )
    op.create_table(
        "trend_event",
        sa.Column("public_id", sa.String(length=32), nullable=False),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.Column("said", sa.String(length=200), nullable=False),
        sa.Column("by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_trend_event_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_trend_event")),
        sa.UniqueConstraint("public_id", name=op.f("uq_trend_event_public_id")),
    )
    op.create_table(
        "trial_place",
        sa.Column("public_id", sa.String(length=32), nullable=False),
        sa.Column("trial_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("signal_ref", sa.String(length=32), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "arm",
            sa.Enum("now", "later", name="arm", native_enum=False, create_constraint=True, length=24),
            nullable=False,
        ),
        sa.Column("sections", sa.JSON(), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("left_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("left_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("left_because", sa.String(length=500), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["left_by_id"], ["person.id"], name=op.f("fk_trial_place_left_by_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_trial_place_person_id")),
        sa.ForeignKeyConstraint(["trial_id"], ["training_trial.id"], name=op.f("fk_trial_place_trial_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_trial_place")),
        sa.UniqueConstraint("public_id", name=op.f("uq_trial_place_public_id")),
        sa.UniqueConstraint("signal_ref", name=op.f("uq_trial_place_signal_ref")),
        sa.UniqueConstraint("trial_id", "person_id", name=op.f("uq_trial_place_trial_id_person_id")),
    )
    with op.batch_alter_table("trial_place", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_trial_place_person_id"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_trial_place_trial_id"), ["trial_id"], unique=False)

    op.create_table(
        "announcement_read",
        sa.Column("announcement_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["announcement_id"], ["announcement.id"], name=op.f("fk_announcement_read_announcement_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_announcement_read_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_announcement_read")),
        sa.UniqueConstraint(
            "announcement_id", "person_id", name=op.f("uq_announcement_read_announcement_id_person_id")
        ),
    )
    with op.batch_alter_table("announcement_read", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_announcement_read_person_id"), ["person_id"], unique=False)

    op.create_table(
        "path_step",
        sa.Column("path_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("no", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("sections", sa.JSON(), nullable=False),
        sa.Column("days", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["path_id"], ["training_path.id"], name=op.f("fk_path_step_path_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_path_step")),
        sa.UniqueConstraint("path_id", "no", name=op.f("uq_path_step_path_id_no")),
    )
    op.create_table(
        "report_recipient",
        sa.Column("wish_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_report_recipient_person_id")),
        sa.ForeignKeyConstraint(["wish_id"], ["report_wish.id"], name=op.f("fk_report_recipient_wish_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_recipient")),
        sa.UniqueConstraint("wish_id", "person_id", name=op.f("uq_report_recipient_wish_id_person_id")),
    )
    op.create_table(
        "sheet",
        sa.Column("public_id", sa.String(length=32), nullable=False),
        sa.Column("token", sa.String(length=64), nullable=False),
        sa.Column("beside", sa.String(length=64), nullable=True),
        sa.Column("file_name", sa.String(length=300), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("cases", "events", name="kind", native_enum=False, create_constraint=True, length=24),
            nullable=False,
        ),
        sa.Column("source", sa.String(length=100), nullable=False),
        sa.Column("mapping_name", sa.String(length=100), nullable=True),
        sa.Column("job_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_sheet_by_id")),
        sa.ForeignKeyConstraint(["job_id"], ["job.id"], name=op.f("fk_sheet_job_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sheet")),
        sa.UniqueConstraint("public_id", name=op.f("uq_sheet_public_id")),
    )
    with op.batch_alter_table("sheet", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sheet_ended_at"), ["ended_at"], unique=False)

    op.create_table(
        "report_reader",
        sa.Column("copy_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["copy_id"], ["report_copy.id"], name=op.f("fk_report_reader_copy_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_report_reader_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_reader")),
        sa.UniqueConstraint("copy_id", "person_id", name=op.f("uq_report_reader_copy_id_person_id")),
    )
    with op.batch_alter_table("report_reader", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_report_reader_person_id"), ["person_id"], unique=False)

    op.create_table(
        "difference_sheet",
        sa.Column("draft_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "changes",
                "keys",
                "lost",
                "stand_ins",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("first", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("total", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("rows", sa.JSON(), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["draft_id"], ["policy_draft.id"], name=op.f("fk_difference_sheet_draft_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_difference_sheet")),
        sa.UniqueConstraint("draft_id", "kind", "first", name=op.f("uq_difference_sheet_draft_id_kind_first")),
    )
    op.create_table(
        "path_place",
        sa.Column("path_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("step", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "state",
            sa.Enum("open", "done", "ended", name="state", native_enum=False, create_constraint=True, length=24),
            nullable=False,
        ),
        sa.Column("joined_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("assignment_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["assignment_id"], ["assignment.id"], name=op.f("fk_path_place_assignment_id")),
        sa.ForeignKeyConstraint(["path_id"], ["training_path.id"], name=op.f("fk_path_place_path_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_path_place_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_path_place")),
        sa.UniqueConstraint("path_id", "person_id", name=op.f("uq_path_place_path_id_person_id")),
    )
    with op.batch_alter_table("path_place", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_path_place_person_id"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_path_place_state"), ["state"], unique=False)

    op.create_table(
        "question_voice",
        sa.Column("question_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column(
            "origin_kind",
            sa.Enum(
                "hand",
                "result",
                "reveal",
                "item",
                name="voice_origin",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("origin_ref", sa.String(length=200), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_question_voice_person_id")),
        sa.ForeignKeyConstraint(["question_id"], ["policy_question.id"], name=op.f("fk_question_voice_question_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question_voice")),
    )
    with op.batch_alter_table("question_voice", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_question_voice_person_id"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_question_voice_question_id"), ["question_id"], unique=False)

    op.create_table(
        "earlier_result",
        sa.Column("sheet_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("case_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("case_ref", sa.String(length=200), nullable=True),
        sa.Column("agent", sa.String(length=200), nullable=True),
        sa.Column("decision", sa.Text(), nullable=False),
        sa.Column("qa", sa.Text(), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["closed_case.id"], name=op.f("fk_earlier_result_case_id")),
        sa.ForeignKeyConstraint(["sheet_id"], ["earlier_sheet.id"], name=op.f("fk_earlier_result_sheet_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_earlier_result")),
    )
    with op.batch_alter_table("earlier_result", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_earlier_result_case_id"), ["case_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_earlier_result_sheet_id"), ["sheet_id"], unique=False)

    op.create_table(
        "today_answer",
        sa.Column("task_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("section_key", sa.String(length=400), nullable=False),
        sa.Column("then_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("now_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "answer",
            sa.Enum(
                "same", "other", "cannot_tell", name="answer", native_enum=False, create_constraint=True, length=24
            ),
            nullable=False,
        ),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["now_id"], ["policy_version.id"], name=op.f("fk_today_answer_now_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_today_answer_person_id")),
        sa.ForeignKeyConstraint(["task_id"], ["task.id"], name=op.f("fk_today_answer_task_id")),
        sa.ForeignKeyConstraint(["then_id"], ["policy_version.id"], name=op.f("fk_today_answer_then_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_today_answer")),
        sa.UniqueConstraint("task_id", name=op.f("uq_today_answer_task_id")),
    )
    with op.batch_alter_table("today_answer", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_today_answer_person_id"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_today_answer_section_key"), ["section_key"], unique=False)

    with op.batch_alter_table("certificate", schema=None) as batch_op:
        batch_op.add_column(sa.Column("ended_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("ended_because", sa.String(length=300), server_default="", nullable=False))

    with op.batch_alter_table("coaching_note", schema=None) as batch_op:
        batch_op.add_column(sa.Column("check_on", sa.Date(), nullable=True))
        batch_op.create_index(batch_op.f("ix_coaching_note_check_on"), ["check_on"], unique=False)

    with op.batch_alter_table("draw", schema=None) as batch_op:
        batch_op.add_column(sa.Column("agents_lost_at", sa.DateTime(timezone=True), nullable=True))

    with op.batch_alter_table("effect", schema=None) as batch_op:
        batch_op.add_column(sa.Column("ref", sa.Text(), nullable=True))

    with op.batch_alter_table("frame_state", schema=None) as batch_op:
        batch_op.add_column(sa.Column("apart", sa.JSON(), nullable=True))

    with op.batch_alter_table("report_copy", schema=None) as batch_op:
        batch_op.add_column(sa.Column("wish_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True))
        batch_op.add_column(sa.Column("changes", sa.JSON(), nullable=True))
        batch_op.add_column(sa.Column("compared_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.create_foreign_key(batch_op.f("fk_report_copy_wish_id"), "report_wish", ["wish_id"], ["id"])


def downgrade() -> None:
    with op.batch_alter_table("report_copy", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_report_copy_wish_id"), type_="foreignkey")
        batch_op.drop_column("compared_at")
        batch_op.drop_column("changes")
        batch_op.drop_column("wish_id")

    with op.batch_alter_table("frame_state", schema=None) as batch_op:
        batch_op.drop_column("apart")

    with op.batch_alter_table("effect", schema=None) as batch_op:
        batch_op.drop_column("ref")

    with op.batch_alter_table("draw", schema=None) as batch_op:
        batch_op.drop_column("agents_lost_at")

    with op.batch_alter_table("coaching_note", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_coaching_note_check_on"))
        batch_op.drop_column("check_on")

    with op.batch_alter_table("certificate", schema=None) as batch_op:
        batch_op.drop_column("ended_because")
        batch_op.drop_column("ended_on")

    with op.batch_alter_table("today_answer", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_today_answer_section_key"))
        batch_op.drop_index(batch_op.f("ix_today_answer_person_id"))

    op.drop_table("today_answer")
    with op.batch_alter_table("earlier_result", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_earlier_result_sheet_id"))
        batch_op.drop_index(batch_op.f("ix_earlier_result_case_id"))

    op.drop_table("earlier_result")
    with op.batch_alter_table("question_voice", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_question_voice_question_id"))
        batch_op.drop_index(batch_op.f("ix_question_voice_person_id"))

    op.drop_table("question_voice")
    with op.batch_alter_table("path_place", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_path_place_state"))
        batch_op.drop_index(batch_op.f("ix_path_place_person_id"))

    op.drop_table("path_place")
    op.drop_table("difference_sheet")
    with op.batch_alter_table("report_reader", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_report_reader_person_id"))

    op.drop_table("report_reader")
    with op.batch_alter_table("sheet", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sheet_ended_at"))

    op.drop_table("sheet")
    op.drop_table("report_recipient")
    op.drop_table("path_step")
    with op.batch_alter_table("announcement_read", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_announcement_read_person_id"))

    op.drop_table("announcement_read")
    with op.batch_alter_table("trial_place", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_trial_place_trial_id"))
        batch_op.drop_index(batch_op.f("ix_trial_place_person_id"))

    op.drop_table("trial_place")
    op.drop_table("trend_event")
    op.drop_table("training_path")
    op.drop_table("report_wish")
    with op.batch_alter_table("page_opening", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_page_opening_reader_id"))
        batch_op.drop_index("ix_page_opening_opened_on")

    op.drop_table("page_opening")
    op.drop_table("mapping_value")
    with op.batch_alter_table("earlier_sheet", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_earlier_sheet_plan",
            sqlite_where=sa.text("plan_id IS NOT NULL"),
            postgresql_where=sa.text("plan_id IS NOT NULL"),
        )

    op.drop_table("earlier_sheet")
    op.drop_table("dated_target")
    with op.batch_alter_table("api_token", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_api_token_person_id"))

    op.drop_table("api_token")
    op.drop_table("announcement")
    op.drop_table("training_trial")

"""looks kept, kept sheets, events of imports and severity"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "look_part",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("closed_day", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("looks", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("grades", sa.LargeBinary(), nullable=False),
        sa.Column("records", sa.LargeBinary(), nullable=False),
        sa.Column("counts", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_look_part")),
    )
    with op.batch_alter_table("look_part", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_look_part_closed_day"), ["closed_day"], unique=False)

    op.create_table(
        "looks_kept",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("merges", sa.Text(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_looks_kept_one")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_looks_kept")),
    )
    op.create_table(
        "business_sheet",
        sa.Column("public_id", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("days_from", sa.Date(), nullable=False),
        sa.Column("days_to", sa.Date(), nullable=False),
        sa.Column("money", sa.String(length=8), nullable=False),
        sa.Column("asked", sa.JSON(), nullable=False),
        sa.Column("assumed", sa.JSON(), nullable=False),
        sa.Column("put_in", sa.JSON(), nullable=False),
        sa.Column("came_out", sa.JSON(), nullable=False),
        sa.Column("saved", sa.JSON(), nullable=False),
        sa.Column("balance", sa.JSON(), nullable=True),
        sa.Column("by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_business_sheet_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_business_sheet")),
        sa.UniqueConstraint("public_id", name=op.f("uq_business_sheet_public_id")),
    )
    with op.batch_alter_table("consensus", schema=None) as batch_op:
        batch_op.add_column(sa.Column("severity", sa.String(length=24), nullable=True))

    with op.batch_alter_table("import_run", schema=None) as batch_op:
        batch_op.add_column(sa.Column("kind", sa.String(length=24), server_default="cases", nullable=False))


def downgrade() -> None:
    with op.batch_alter_table("import_run", schema=None) as batch_op:
        batch_op.drop_column("kind")

    with op.batch_alter_table("consensus", schema=None) as batch_op:
        batch_op.drop_column("severity")

    op.drop_table("business_sheet")
    op.drop_table("looks_kept")
    with op.batch_alter_table("look_part", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_look_part_closed_day"))

    op.drop_table("look_part")

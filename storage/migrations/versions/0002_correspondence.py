"""What following a case over many letters needs to remember."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def _row_id() -> sa.types.TypeEngine[int]:
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "authentications",
        sa.Column("letter_sha256", sa.Text(), nullable=False),
        sa.Column("host", sa.Text(), nullable=False),
        sa.Column("spf", sa.Text(), nullable=False),
        sa.Column("dkim", sa.Text(), nullable=False),
        sa.Column("dmarc", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["letter_sha256"], ["letters.sha256"], name=op.f("fk_authentications_letter_sha256")),
        sa.PrimaryKeyConstraint("letter_sha256", name=op.f("pk_authentications")),
    )
    op.create_table(
        "bounces",
        sa.Column("id", _row_id(), nullable=False),
        sa.Column("letter_sha256", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("outgoing_id", _row_id(), nullable=True),
        sa.Column("permanent", sa.Boolean(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lifted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lifted_by", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["letter_sha256"], ["letters.sha256"], name=op.f("fk_bounces_letter_sha256")),
        sa.ForeignKeyConstraint(["outgoing_id"], ["outgoing.id"], name=op.f("fk_bounces_outgoing_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bounces")),
        sa.UniqueConstraint("letter_sha256", "address", name=op.f("uq_bounces_letter_sha256_address")),
    )
    op.create_index(op.f("ix_bounces_address"), "bounces", ["address"], unique=False)
    op.create_table(
        "deferrals",
        sa.Column("letter_sha256", sa.Text(), nullable=False),
        sa.Column("campaign", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("outgoing_id", _row_id(), nullable=True),
        sa.ForeignKeyConstraint(["letter_sha256"], ["letters.sha256"], name=op.f("fk_deferrals_letter_sha256")),
        sa.ForeignKeyConstraint(["outgoing_id"], ["outgoing.id"], name=op.f("fk_deferrals_outgoing_id")),
        sa.PrimaryKeyConstraint("letter_sha256", name=op.f("pk_deferrals")),
    )
    op.create_index(op.f("ix_deferrals_outgoing_id_address"), "deferrals", ["outgoing_id", "address"], unique=False)

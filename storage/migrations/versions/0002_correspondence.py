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
    op.create_table(
        "campaign_ends",
        sa.Column("campaign", sa.Text(), nullable=False),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("campaign", name=op.f("pk_campaign_ends")),
    )
    op.create_table(
        "former_numbers",
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("case_id", _row_id(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_former_numbers_case_id")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_former_numbers")),
    )
    op.create_table(
        "merged_cases",
        sa.Column("case_id", _row_id(), nullable=False),
        sa.Column("into_id", _row_id(), nullable=False),
        sa.Column("letters", sa.JSON(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_merged_cases_case_id")),
        sa.ForeignKeyConstraint(["into_id"], ["cases.id"], name=op.f("fk_merged_cases_into_id")),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_merged_cases")),
    )
    op.create_table(
        "orders",
        sa.Column("id", _row_id(), nullable=False),
        sa.Column("campaign", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("said", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("letter_sha256", sa.Text(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("terms", sa.JSON(), nullable=True),
        sa.Column("before", sa.JSON(), nullable=True),
        sa.Column("answer_id", _row_id(), nullable=True),
        sa.ForeignKeyConstraint(["answer_id"], ["outgoing.id"], name=op.f("fk_orders_answer_id")),
        sa.ForeignKeyConstraint(["letter_sha256"], ["letters.sha256"], name=op.f("fk_orders_letter_sha256")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_orders")),
    )
    op.create_index(op.f("ix_orders_answer_id"), "orders", ["answer_id"], unique=False)
    op.create_index(op.f("ix_orders_letter_sha256"), "orders", ["letter_sha256"], unique=False)
    op.create_table(
        "order_cases",
        sa.Column("order_id", _row_id(), nullable=False),
        sa.Column("case_id", _row_id(), nullable=False),
        sa.Column("decision_id", _row_id(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_order_cases_case_id")),
        sa.ForeignKeyConstraint(["decision_id"], ["decisions.id"], name=op.f("fk_order_cases_decision_id")),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_order_cases_order_id")),
        sa.PrimaryKeyConstraint("order_id", "case_id", name=op.f("pk_order_cases")),
    )
    op.create_index(op.f("ix_order_cases_case_id"), "order_cases", ["case_id"], unique=False)
    op.create_index(op.f("ix_order_cases_decision_id"), "order_cases", ["decision_id"], unique=False)
    op.create_table(
        "sign_ins",
        sa.Column("secret_sha256", sa.Text(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("secret_sha256", name=op.f("pk_sign_ins")),
    )
    op.create_index("ix_letters_received", "letters", ["received_at", "sha256"], unique=False)
    op.create_index(op.f("ix_sign_ins_address_created_at"), "sign_ins", ["address", "created_at"], unique=False)

"""Who took an order back."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def _row_id() -> sa.types.TypeEngine[int]:
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "undone_orders",
        sa.Column("order_id", _row_id(), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("letter_sha256", sa.Text(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["letter_sha256"], ["letters.sha256"], name=op.f("fk_undone_orders_letter_sha256")),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_undone_orders_order_id")),
        sa.PrimaryKeyConstraint("order_id", name=op.f("pk_undone_orders")),
    )

"""Who took an order back; who has a duty; letters too old for their server to show; on PostgreSQL texts sorted alike everywhere."""

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
    op.create_table(
        "leases",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("holder", sa.Text(), nullable=False),
        sa.Column("host", sa.Text(), nullable=False),
        sa.Column("pid", sa.BigInteger(), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_leases")),
    )
    op.create_table(
        "out_of_window",
        sa.Column("sighting_id", _row_id(), nullable=False),
        sa.ForeignKeyConstraint(["sighting_id"], ["sightings.id"], name=op.f("fk_out_of_window_sighting_id")),
        sa.PrimaryKeyConstraint("sighting_id", name=op.f("pk_out_of_window")),
    )
    # Last, so that it finds every table above.
    if op.get_bind().dialect.name == "postgresql":
        op.execute(_SORT_BY_CODE_POINTS)


_SORT_BY_CODE_POINTS = """
DO $$ DECLARE each record; BEGIN
    FOR each IN SELECT table_name, column_name FROM information_schema.columns
            WHERE table_schema = current_schema() AND data_type = 'text' AND collation_name IS DISTINCT FROM 'C' LOOP
        EXECUTE format('ALTER TABLE %I ALTER COLUMN %I TYPE text COLLATE "C"', each.table_name, each.column_name);
    END LOOP;
END $$
"""

"""The first tables."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def _row_id() -> sa.types.TypeEngine[int]:
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "cases",
        sa.Column("id", _row_id(), nullable=False),
        sa.Column("campaign", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("contact", sa.Text(), nullable=False),
        sa.Column("phone", sa.Text(), nullable=False),
        sa.Column("category", sa.Text(), nullable=True),
        sa.Column("level", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("verdict", sa.Text(), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sender_address", sa.Text(), nullable=False),
        sa.Column("test", sa.Boolean(), nullable=False),
        sa.Column("current_revision_id", _row_id(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cases")),
        sa.UniqueConstraint("number", name=op.f("uq_cases_number")),
    )
    op.create_index(op.f("ix_cases_campaign_state"), "cases", ["campaign", "state"], unique=False)
    op.create_index(op.f("ix_cases_sender_address"), "cases", ["sender_address"], unique=False)
    op.create_index(op.f("ix_cases_state_due_at"), "cases", ["state", "due_at"], unique=False)
    op.create_table(
        "counters",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_counters")),
    )
    op.create_table(
        "events",
        sa.Column("id", _row_id(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("desk", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_events")),
    )
    op.create_index(op.f("ix_events_at"), "events", ["at"], unique=False)
    op.create_table(
        "folders",
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("folder", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("uidvalidity", sa.BigInteger(), nullable=False),
        sa.Column("uidnext", sa.BigInteger(), nullable=True),
        sa.Column("messages", sa.BigInteger(), nullable=False),
        sa.Column("modseq", sa.BigInteger(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("looked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("listed_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("account", "folder", name=op.f("pk_folders")),
    )
    op.create_table(
        "hand_answers",
        sa.Column("message_id", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("message_id", name=op.f("pk_hand_answers")),
    )
    op.create_table(
        "heartbeats",
        sa.Column("desk", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("busy_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("desk", name=op.f("pk_heartbeats")),
    )
    op.create_table(
        "marks",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("value", sa.JSON(), nullable=True),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_marks")),
    )
    op.create_table(
        "outgoing",
        sa.Column("id", _row_id(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("campaign", sa.Text(), nullable=True),
        sa.Column("to_address", sa.Text(), nullable=False),
        sa.Column("sender_address", sa.Text(), nullable=False),
        sa.Column("message_id", sa.Text(), nullable=False),
        sa.Column("token", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("raw", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("unknown_events", sa.Integer(), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_error", sa.Text(), nullable=False),
        sa.Column("last_code", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("handed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outgoing")),
        sa.UniqueConstraint("message_id", name=op.f("uq_outgoing_message_id")),
        sa.UniqueConstraint("token", name=op.f("uq_outgoing_token")),
    )
    op.create_index(
        op.f("ix_outgoing_campaign_kind_created_at"), "outgoing", ["campaign", "kind", "created_at"], unique=False
    )
    op.create_index("ix_outgoing_due", "outgoing", ["state", "priority", "created_at", "id"], unique=False)
    op.create_table(
        "readings",
        sa.Column("file_sha256", sa.Text(), nullable=False),
        sa.Column("reader", sa.Text(), nullable=False),
        sa.Column("limits_key", sa.Text(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("problem", sa.Text(), nullable=True),
        sa.Column("seconds", sa.Float(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("file_sha256", "reader", "limits_key", name=op.f("pk_readings")),
    )
    op.create_table(
        "case_addresses",
        sa.Column("case_id", _row_id(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_case_addresses_case_id")),
        sa.PrimaryKeyConstraint("case_id", "address", name=op.f("pk_case_addresses")),
    )
    op.create_index(op.f("ix_case_addresses_address"), "case_addresses", ["address"], unique=False)
    op.create_table(
        "letters",
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("internal_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("stored_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("ignored", sa.Text(), nullable=True),
        sa.Column("message_id", sa.Text(), nullable=True),
        sa.Column("from_address", sa.Text(), nullable=True),
        sa.Column("from_name", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("folder_role", sa.Text(), nullable=False),
        sa.Column("campaign", sa.Text(), nullable=True),
        sa.Column("case_id", _row_id(), nullable=True),
        sa.Column("answered", sa.Text(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("attempted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("traceback", sa.Text(), nullable=True),
        sa.Column("evidence", sa.JSON(), nullable=True),
        sa.Column("test", sa.Boolean(), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_letters_case_id")),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_letters")),
    )
    op.create_index(op.f("ix_letters_campaign"), "letters", ["campaign"], unique=False)
    op.create_index(op.f("ix_letters_case_id"), "letters", ["case_id"], unique=False)
    op.create_index(op.f("ix_letters_from_address"), "letters", ["from_address"], unique=False)
    op.create_index(op.f("ix_letters_message_id"), "letters", ["message_id"], unique=False)
    op.create_index(op.f("ix_letters_outcome_received_at"), "letters", ["outcome", "received_at"], unique=False)
    op.create_table(
        "outgoing_cases",
        sa.Column("outgoing_id", _row_id(), nullable=False),
        sa.Column("case_id", _row_id(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_outgoing_cases_case_id")),
        sa.ForeignKeyConstraint(["outgoing_id"], ["outgoing.id"], name=op.f("fk_outgoing_cases_outgoing_id")),
        sa.PrimaryKeyConstraint("outgoing_id", "case_id", name=op.f("pk_outgoing_cases")),
    )
    op.create_index(op.f("ix_outgoing_cases_case_id"), "outgoing_cases", ["case_id"], unique=False)
    op.create_table(
        "revisions",
        sa.Column("id", _row_id(), nullable=False),
        sa.Column("case_id", _row_id(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("content_key", sa.Text(), nullable=False),
        sa.Column("summary", sa.JSON(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_revisions_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_revisions")),
        sa.UniqueConstraint("case_id", "ordinal", name=op.f("uq_revisions_case_id_ordinal")),
    )
    op.create_index(op.f("ix_revisions_content_key"), "revisions", ["content_key"], unique=False)
    op.create_table(
        "case_letters",
        sa.Column("case_id", _row_id(), nullable=False),
        sa.Column("letter_sha256", sa.Text(), nullable=False),
        sa.Column("joined_by", sa.Text(), nullable=False),
        sa.Column("leads", sa.JSON(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_case_letters_case_id")),
        sa.ForeignKeyConstraint(["letter_sha256"], ["letters.sha256"], name=op.f("fk_case_letters_letter_sha256")),
        sa.PrimaryKeyConstraint("case_id", "letter_sha256", name=op.f("pk_case_letters")),
    )
    op.create_index(op.f("ix_case_letters_letter_sha256"), "case_letters", ["letter_sha256"], unique=False)
    op.create_table(
        "sketch_values",
        sa.Column("case_id", _row_id(), nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_sketch_values_case_id")),
        sa.PrimaryKeyConstraint("case_id", "value", name=op.f("pk_sketch_values")),
    )
    op.create_index(op.f("ix_sketch_values_value"), "sketch_values", ["value"], unique=False)
    op.create_table(
        "decisions",
        sa.Column("id", _row_id(), nullable=False),
        sa.Column("case_id", _row_id(), nullable=False),
        sa.Column("revision_id", _row_id(), nullable=True),
        sa.Column("rule", sa.Text(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_decisions_case_id")),
        sa.ForeignKeyConstraint(["revision_id"], ["revisions.id"], name=op.f("fk_decisions_revision_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decisions")),
    )
    op.create_index(op.f("ix_decisions_case_id"), "decisions", ["case_id"], unique=False)
    op.create_table(
        "files",
        sa.Column("id", _row_id(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False),
        sa.Column("letter_sha256", sa.Text(), nullable=False),
        sa.Column("parent_id", _row_id(), nullable=True),
        sa.Column("locator", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("folder", sa.Text(), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("format", sa.Text(), nullable=False),
        sa.Column("content_id", sa.Text(), nullable=True),
        sa.Column("shown", sa.JSON(), nullable=True),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("repeats", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["letter_sha256"], ["letters.sha256"], name=op.f("fk_files_letter_sha256")),
        sa.ForeignKeyConstraint(["parent_id"], ["files.id"], name=op.f("fk_files_parent_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_files")),
    )
    op.create_index(op.f("ix_files_letter_sha256"), "files", ["letter_sha256"], unique=False)
    op.create_index(op.f("ix_files_parent_id"), "files", ["parent_id"], unique=False)
    op.create_index(op.f("ix_files_sha256"), "files", ["sha256"], unique=False)
    op.create_table(
        "judgements",
        sa.Column("id", _row_id(), nullable=False),
        sa.Column("revision_id", _row_id(), nullable=False),
        sa.Column("verdict", sa.Text(), nullable=False),
        sa.Column("findings", sa.JSON(), nullable=False),
        sa.Column("settled", sa.JSON(), nullable=False),
        sa.Column("waived", sa.JSON(), nullable=False),
        sa.Column("rules_hash", sa.Text(), nullable=False),
        sa.Column("code_version", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["revision_id"], ["revisions.id"], name=op.f("fk_judgements_revision_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_judgements")),
    )
    op.create_index(op.f("ix_judgements_revision_id"), "judgements", ["revision_id"], unique=False)
    op.create_table(
        "outgoing_letters",
        sa.Column("outgoing_id", _row_id(), nullable=False),
        sa.Column("letter_sha256", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["letter_sha256"], ["letters.sha256"], name=op.f("fk_outgoing_letters_letter_sha256")),
        sa.ForeignKeyConstraint(["outgoing_id"], ["outgoing.id"], name=op.f("fk_outgoing_letters_outgoing_id")),
        sa.PrimaryKeyConstraint("outgoing_id", "letter_sha256", name=op.f("pk_outgoing_letters")),
        sa.UniqueConstraint("letter_sha256", "kind", name=op.f("uq_outgoing_letters_letter_sha256_kind")),
    )
    op.create_table(
        "sightings",
        sa.Column("id", _row_id(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("folder", sa.Text(), nullable=False),
        sa.Column("folder_role", sa.Text(), nullable=False),
        sa.Column("uidvalidity", sa.BigInteger(), nullable=False),
        sa.Column("uid", sa.BigInteger(), nullable=False),
        sa.Column("first_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("gone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("internal_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False),
        sa.Column("fingerprint", sa.Text(), nullable=False),
        sa.Column("letter_sha256", sa.Text(), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["letter_sha256"], ["letters.sha256"], name=op.f("fk_sightings_letter_sha256")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sightings")),
        sa.UniqueConstraint(
            "account", "folder", "uidvalidity", "uid", name=op.f("uq_sightings_account_folder_uidvalidity_uid")
        ),
    )
    op.create_index(op.f("ix_sightings_account_fingerprint"), "sightings", ["account", "fingerprint"], unique=False)
    op.create_index("ix_sightings_live", "sightings", ["account", "folder", "uidvalidity", "gone_at", "uid"], unique=False)
    waits_for_body = sa.text("letter_sha256 IS NULL AND outcome IS NULL AND gone_at IS NULL")
    op.create_index(
        "ix_sightings_uncollected",
        "sightings",
        ["account", "folder", "uidvalidity", "gone_at", "uid"],
        unique=False,
        sqlite_where=waits_for_body,
        postgresql_where=waits_for_body,
    )
    # ### end Alembic commands ###

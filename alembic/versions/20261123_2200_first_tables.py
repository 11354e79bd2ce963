"""the first tables of the district"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "accounts",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("openid", sa.String(length=64), nullable=False),
        sa.Column("followed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("wait", sa.LargeBinary(), nullable=True),
        sa.Column("typed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("typed_spent", sa.Integer(), nullable=False),
        sa.Column("tapped_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tapped_spent", sa.Integer(), nullable=False),
        sa.Column("refused", sa.String(length=64), nullable=True),
        sa.Column("wrong_codes", sa.Integer(), nullable=False),
        sa.Column("wrong_codes_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accounts")),
        sa.UniqueConstraint("openid", name=op.f("uq_accounts_openid")),
    )
    op.create_table(
        "audit",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(length=64), nullable=False),
        sa.Column("action", sa.String(length=40), nullable=False),
        sa.Column("object", sa.String(length=120), nullable=False),
        sa.Column("detail", sa.String(length=400), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit")),
    )
    op.create_index("ix_audit_at", "audit", ["at"], unique=False)
    op.create_table(
        "calendar_days",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("is_workday", sa.Boolean(), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("source", sa.String(length=120), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_calendar_days")),
    )
    op.create_table(
        "cluster_signals",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("rule", sa.String(length=24), nullable=False),
        sa.Column("place", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("syndrome", sa.String(length=20), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("people", sa.JSON(), nullable=False),
        sa.Column("basis", sa.JSON(), nullable=False),
        sa.Column("raised_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cluster_signals")),
    )
    op.create_index("ix_cluster_signals_place_rule", "cluster_signals", ["place", "rule"], unique=False)
    op.create_table(
        "early_failures",
        sa.Column("msgid", sa.String(length=40), nullable=False),
        sa.Column("error", sa.String(length=40), nullable=False),
        sa.Column("heard_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("msgid", name=op.f("pk_early_failures")),
    )
    op.create_table(
        "inbox",
        sa.Column("key", sa.LargeBinary(length=16), nullable=False),
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("state IN ('done','parked')", name=op.f("ck_inbox_state")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_inbox")),
    )
    op.create_index(op.f("ix_inbox_account_id"), "inbox", ["account_id"], unique=False)
    op.create_index(
        "ix_inbox_parked",
        "inbox",
        ["received_at"],
        unique=False,
        sqlite_where=sa.text("state = 'parked'"),
        postgresql_where=sa.text("state = 'parked'"),
    )
    op.create_index("ix_inbox_received_at", "inbox", ["received_at"], unique=False)
    op.create_table(
        "job_cursors",
        sa.Column("job", sa.String(length=40), nullable=False),
        sa.Column("planned_to", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("job", name=op.f("pk_job_cursors")),
    )
    op.create_table(
        "key_regions",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("code", sa.String(length=12), nullable=False),
        sa.Column("from_date", sa.Date(), nullable=False),
        sa.Column("to_date", sa.Date(), nullable=True),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("added_by", sa.String(length=64), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_key_regions")),
    )
    op.create_table(
        "occurrences",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("job", sa.String(length=40), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("planned_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("ordered_by", sa.String(length=64), nullable=False),
        sa.Column("approved_by", sa.String(length=64), nullable=True),
        sa.Column("owed", sa.Integer(), nullable=False),
        sa.Column("detail", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_occurrences")),
        sa.UniqueConstraint("job", "due_at", name=op.f("uq_occurrences_job_due_at")),
    )
    op.create_table(
        "platform_tokens",
        sa.Column("app_id", sa.String(length=64), nullable=False),
        sa.Column("token", sa.LargeBinary(), nullable=True),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("refresher", sa.String(length=40), nullable=True),
        sa.Column("refreshing_until", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("app_id", name=op.f("pk_platform_tokens")),
    )
    op.create_table(
        "quota_days",
        sa.Column("interface", sa.String(length=64), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("used", sa.Integer(), nullable=False),
        sa.Column("closed", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("interface", "day", name=op.f("pk_quota_days")),
    )
    op.create_table(
        "sending_stops",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("stopped_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("stopped_by", sa.String(length=64), nullable=False),
        sa.Column("scope", sa.String(length=8), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by", sa.String(length=64), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sending_stops")),
    )
    op.create_table(
        "unit_days",
        sa.Column("unit_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("report_date", sa.Date(), nullable=False),
        sa.Column("slot", sa.String(length=4), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("reported", sa.Integer(), nullable=False),
        sa.Column("on_time", sa.Integer(), nullable=False),
        sa.Column("fever", sa.Integer(), nullable=False),
        sa.Column("symptomatic", sa.Integer(), nullable=False),
        sa.Column("cough", sa.Integer(), nullable=False),
        sa.Column("digestive", sa.Integer(), nullable=False),
        sa.Column("rash", sa.Integer(), nullable=False),
        sa.Column("other_symptom", sa.Integer(), nullable=False),
        sa.Column("other_city", sa.Integer(), nullable=False),
        sa.Column("other_province", sa.Integer(), nullable=False),
        sa.Column("abroad", sa.Integer(), nullable=False),
        sa.Column("in_key_region", sa.Integer(), nullable=False),
        sa.Column("exempt", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("unit_id", "report_date", "slot", "kind", name=op.f("pk_unit_days")),
    )
    op.create_index("ix_unit_days_report_date", "unit_days", ["report_date"], unique=False)
    op.create_table(
        "units",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("parent_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("path", sa.String(length=200), nullable=False),
        sa.Column("school_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("grade_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("school_kind", sa.String(length=24), nullable=True),
        sa.Column("campus", sa.String(length=64), nullable=True),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.CheckConstraint("kind IN ('district','school','grade','class_unit')", name=op.f("ck_units_kind")),
        sa.ForeignKeyConstraint(["parent_id"], ["units.id"], name=op.f("fk_units_parent_id_units")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_units")),
        sa.UniqueConstraint("path", name=op.f("uq_units_path")),
    )
    op.create_index("ix_units_parent_id", "units", ["parent_id"], unique=False)
    op.create_index("ix_units_school_id", "units", ["school_id"], unique=False)
    op.create_table(
        "versions",
        sa.Column("name", sa.String(length=32), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_versions")),
    )
    op.create_table(
        "account_devices",
        sa.Column("device", sa.LargeBinary(), nullable=False),
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("paired_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("how", sa.String(length=8), nullable=False),
        sa.Column("code", sa.String(length=6), nullable=True),
        sa.Column("code_until", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_account_devices_account_id_accounts"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("device", "account_id", name=op.f("pk_account_devices")),
    )
    op.create_table(
        "calendar_modes",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("unit_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("mode", sa.String(length=24), nullable=False),
        sa.Column("from_date", sa.Date(), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("set_by", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_calendar_modes_unit_id_units")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_modes")),
    )
    op.create_index("ix_calendar_modes_unit_id_from_date", "calendar_modes", ["unit_id", "from_date"], unique=False)
    op.create_table(
        "opt_outs",
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_opt_outs_account_id_accounts"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("account_id", "kind", name=op.f("pk_opt_outs")),
    )
    op.create_table(
        "outbox",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("key", sa.String(length=160), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("lane", sa.Integer(), nullable=False),
        sa.Column("occurrence_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("relation", sa.String(length=8), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.Column("owed", sa.JSON(), nullable=True),
        sa.Column("moment", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("tried", sa.String(length=48), nullable=False),
        sa.Column("why", sa.String(length=120), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("claimed_by", sa.String(length=64), nullable=True),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("errcode", sa.Integer(), nullable=True),
        sa.Column("error", sa.String(length=200), nullable=False),
        sa.Column("retryable", sa.Boolean(), nullable=False),
        sa.Column("msgid", sa.String(length=40), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state IN ('queued','sending','sent','dropped','expired','failed','unknown','held')",
            name=op.f("ck_outbox_state"),
        ),
        sa.ForeignKeyConstraint(
            ["occurrence_id"], ["occurrences.id"], name=op.f("fk_outbox_occurrence_id_occurrences")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
        sa.UniqueConstraint("key", name=op.f("uq_outbox_key")),
    )
    op.create_index("ix_outbox_account_id", "outbox", ["account_id"], unique=False)
    op.create_index(
        "ix_outbox_again",
        "outbox",
        ["due_at"],
        unique=False,
        sqlite_where=sa.text("state = 'failed' AND retryable"),
        postgresql_where=sa.text("state = 'failed' AND retryable"),
    )
    op.create_index("ix_outbox_created_at", "outbox", ["created_at"], unique=False)
    op.create_index(
        "ix_outbox_doubtful",
        "outbox",
        ["state"],
        unique=False,
        sqlite_where=sa.text("state IN ('held','unknown')"),
        postgresql_where=sa.text("state IN ('held','unknown')"),
    )
    op.create_index(
        "ix_outbox_in_flight",
        "outbox",
        ["account_id"],
        unique=False,
        sqlite_where=sa.text("state = 'sending'"),
        postgresql_where=sa.text("state = 'sending'"),
    )
    op.create_index("ix_outbox_msgid", "outbox", ["msgid"], unique=False)
    op.create_index("ix_outbox_occurrence", "outbox", ["occurrence_id", "state", "lane", "due_at", "id"], unique=False)
    op.create_index(
        "ix_outbox_queued",
        "outbox",
        ["lane", "due_at", "id"],
        unique=False,
        sqlite_where=sa.text("state = 'queued'"),
        postgresql_where=sa.text("state = 'queued'"),
    )
    op.create_table(
        "persons",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("sex", sa.String(length=4), nullable=True),
        sa.Column("phone", sa.LargeBinary(), nullable=True),
        sa.Column("phone_index", sa.LargeBinary(), nullable=True),
        sa.Column("unit_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("school_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("joined_on", sa.Date(), nullable=False),
        sa.Column("left_on", sa.Date(), nullable=True),
        sa.CheckConstraint("kind IN ('student','staff')", name=op.f("ck_persons_kind")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_persons_unit_id_units")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_persons")),
        sa.UniqueConstraint("kind", "number", name=op.f("uq_persons_kind_number")),
    )
    op.create_index("ix_persons_phone_index", "persons", ["phone_index"], unique=False)
    op.create_index("ix_persons_unit_id", "persons", ["unit_id"], unique=False)
    op.create_table(
        "report_versions",
        sa.Column("unit_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("report_date", sa.Date(), nullable=False),
        sa.Column("slot", sa.String(length=4), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("is_zero", sa.Boolean(), nullable=False),
        sa.Column("zero_kind", sa.String(length=12), nullable=False),
        sa.Column("figures", sa.JSON(), nullable=True),
        sa.Column("by_person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("capacity", sa.String(length=32), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=True),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_report_versions_unit_id_units")),
        sa.PrimaryKeyConstraint("unit_id", "report_date", "slot", "version", name=op.f("pk_report_versions")),
    )
    op.create_table(
        "reports",
        sa.Column("unit_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("report_date", sa.Date(), nullable=False),
        sa.Column("slot", sa.String(length=4), nullable=False),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("is_zero", sa.Boolean(), nullable=False),
        sa.Column("zero_kind", sa.String(length=12), nullable=False),
        sa.Column("figures", sa.JSON(), nullable=True),
        sa.Column("first_filed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("confirmed_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("capacity", sa.String(length=32), nullable=False),
        sa.Column("accepted_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("on_time", sa.Boolean(), nullable=True),
        sa.Column("reason", sa.String(length=64), nullable=True),
        sa.Column("remark", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint(
            "status IN ('draft','submitted','accepted','returned','missing','locked','amended')",
            name=op.f("ck_reports_status"),
        ),
        sa.CheckConstraint("zero_kind IN ('','full','qualified')", name=op.f("ck_reports_zero_kind")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_reports_unit_id_units")),
        sa.PrimaryKeyConstraint("unit_id", "report_date", "slot", name=op.f("pk_reports")),
    )
    op.create_index("ix_reports_report_date", "reports", ["report_date"], unique=False)
    op.create_table(
        "subscription_grants",
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("template_id", sa.String(length=64), nullable=False),
        sa.Column("remaining", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_subscription_grants_account_id_accounts"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("account_id", "template_id", name=op.f("pk_subscription_grants")),
    )
    op.create_table(
        "absences",
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("report_date", sa.Date(), nullable=False),
        sa.Column("unit_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("reason", sa.LargeBinary(), nullable=True),
        sa.Column("symptoms", sa.LargeBinary(), nullable=True),
        sa.Column("onset", sa.Date(), nullable=True),
        sa.Column("entered_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("followed_up_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("returned_on", sa.Date(), nullable=True),
        sa.CheckConstraint("kind IN ('sick','personal','isolation','unexplained')", name=op.f("ck_absences_kind")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["persons.id"], name=op.f("fk_absences_person_id_persons"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("person_id", "report_date", name=op.f("pk_absences")),
    )
    op.create_index("ix_absences_report_date", "absences", ["report_date"], unique=False)
    op.create_index("ix_absences_unit_id_report_date", "absences", ["unit_id", "report_date"], unique=False)
    op.create_table(
        "alerts",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("report_date", sa.Date(), nullable=False),
        sa.Column("code", sa.String(length=4), nullable=False),
        sa.Column("level", sa.String(length=8), nullable=False),
        sa.Column("unit_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("facts", sa.LargeBinary(), nullable=False),
        sa.Column("raised_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("told", sa.String(length=400), nullable=False),
        sa.Column("acknowledged_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("acknowledged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("clock_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("steps_done", sa.Integer(), nullable=False),
        sa.Column("owner_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("reportable", sa.Boolean(), nullable=True),
        sa.Column("judged_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("judged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.String(length=32), nullable=True),
        sa.Column("outcome_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("outcome_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("note", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["persons.id"], name=op.f("fk_alerts_person_id_persons"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alerts")),
    )
    op.create_index("ix_alerts_report_date", "alerts", ["report_date"], unique=False)
    op.create_index(
        "ix_alerts_unanswered",
        "alerts",
        ["clock_from"],
        unique=False,
        sqlite_where=sa.text("acknowledged_at IS NULL AND outcome IS NULL"),
        postgresql_where=sa.text("acknowledged_at IS NULL AND outcome IS NULL"),
    )
    op.create_index("ix_alerts_unit_id_report_date", "alerts", ["unit_id", "report_date"], unique=False)
    op.create_index("uq_alerts_person_id_report_date_code", "alerts", ["person_id", "report_date", "code"], unique=True)
    op.create_table(
        "binding_codes",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("code", sa.LargeBinary(), nullable=False),
        sa.Column("code_index", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["persons.id"], name=op.f("fk_binding_codes_person_id_persons"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_binding_codes")),
        sa.UniqueConstraint("code_index", name=op.f("uq_binding_codes_code_index")),
    )
    op.create_index("ix_binding_codes_person_id", "binding_codes", ["person_id"], unique=False)
    op.create_table(
        "bindings",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("relation", sa.String(length=8), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("bound_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("consent_version", sa.String(length=32), nullable=False),
        sa.Column("consented_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("end_reason", sa.String(length=32), nullable=True),
        sa.CheckConstraint("relation IN ('guardian','self')", name=op.f("ck_bindings_relation")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_bindings_account_id_accounts"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["persons.id"], name=op.f("fk_bindings_person_id_persons"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bindings")),
    )
    op.create_index("ix_bindings_person_id", "bindings", ["person_id"], unique=False)
    op.create_index(
        "uq_bindings_open",
        "bindings",
        ["account_id", "person_id"],
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_table(
        "campaigns",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("title", sa.String(length=64), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("strength", sa.String(length=8), nullable=False),
        sa.Column("question", sa.String(length=120), nullable=False),
        sa.Column("choices", sa.JSON(), nullable=False),
        sa.Column("roles", sa.JSON(), nullable=False),
        sa.Column("unit_ids", sa.JSON(), nullable=False),
        sa.Column("school_kinds", sa.JSON(), nullable=False),
        sa.Column("video", sa.String(length=80), nullable=False),
        sa.Column("video_seconds", sa.Integer(), nullable=False),
        sa.Column("poster", sa.String(length=80), nullable=False),
        sa.Column("link", sa.String(length=400), nullable=False),
        sa.Column("media_id", sa.String(length=160), nullable=False),
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("dated", sa.Date(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("deadline", sa.DateTime(timezone=True), nullable=True),
        sa.Column("repeats", sa.String(length=8), nullable=False),
        sa.Column("repeats_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("series_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("unit_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("author_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("made_by", sa.String(length=64), nullable=False),
        sa.Column("approved_by", sa.String(length=64), nullable=False),
        sa.Column("replaces_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("reason", sa.String(length=120), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("kind IN ('video','notice','study','example')", name=op.f("ck_campaigns_kind")),
        sa.CheckConstraint("repeats IN ('','weekly')", name=op.f("ck_campaigns_repeats")),
        sa.CheckConstraint(
            "state IN ('draft','waiting','open','withdrawn','replaced','closed')", name=op.f("ck_campaigns_state")
        ),
        sa.CheckConstraint("strength IN ('read','confirm','sign','answer')", name=op.f("ck_campaigns_strength")),
        sa.ForeignKeyConstraint(
            ["author_id"], ["persons.id"], name=op.f("fk_campaigns_author_id_persons"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["replaces_id"], ["campaigns.id"], name=op.f("fk_campaigns_replaces_id_campaigns")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_campaigns_unit_id_units")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaigns")),
        sa.UniqueConstraint("series_id", "at", name=op.f("uq_campaigns_series_id_at")),
    )
    op.create_index("ix_campaigns_state", "campaigns", ["state"], unique=False)
    op.create_table(
        "check_ins",
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("report_date", sa.Date(), nullable=False),
        sa.Column("slot", sa.String(length=4), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("health", sa.LargeBinary(), nullable=True),
        sa.Column("raw", sa.LargeBinary(), nullable=True),
        sa.Column("reporter", sa.String(length=32), nullable=False),
        sa.Column("reporter_account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("reporter_person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("msg_id", sa.BigInteger(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("revision >= 1", name=op.f("ck_check_ins_revision")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["persons.id"], name=op.f("fk_check_ins_person_id_persons"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("person_id", "report_date", "slot", "revision", name=op.f("pk_check_ins")),
    )
    op.create_index(op.f("ix_check_ins_reporter_account_id"), "check_ins", ["reporter_account_id"], unique=False)
    op.create_table(
        "enrolments",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("unit_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("from_date", sa.Date(), nullable=False),
        sa.Column("to_date", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["persons.id"], name=op.f("fk_enrolments_person_id_persons"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_enrolments_unit_id_units")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enrolments")),
        sa.UniqueConstraint("person_id", "from_date", name=op.f("uq_enrolments_person_id_from_date")),
    )
    op.create_index("ix_enrolments_unit_id_from_date", "enrolments", ["unit_id", "from_date"], unique=False)
    op.create_table(
        "onsets",
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("syndrome", sa.String(length=20), nullable=False),
        sa.Column("onset_on", sa.Date(), nullable=False),
        sa.Column("last_seen_on", sa.Date(), nullable=False),
        sa.Column("unit_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("school_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["persons.id"], name=op.f("fk_onsets_person_id_persons"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("person_id", "syndrome", "onset_on", name=op.f("pk_onsets")),
    )
    op.create_index("ix_onsets_school_id_onset_on", "onsets", ["school_id", "onset_on"], unique=False)
    op.create_table(
        "person_days",
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("report_date", sa.Date(), nullable=False),
        sa.Column("slot", sa.String(length=4), nullable=False),
        sa.Column("unit_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("result", sa.String(length=12), nullable=False),
        sa.Column("marks", sa.String(length=200), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("revisions", sa.Integer(), nullable=False),
        sa.Column("newest_sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("newest_msg_id", sa.BigInteger(), nullable=False),
        sa.Column("first_sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("result IN ('normal','fever','symptomatic','')", name=op.f("ck_person_days_result")),
        sa.CheckConstraint("state IN ('reported','late','backfill','exempt')", name=op.f("ck_person_days_state")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["persons.id"], name=op.f("fk_person_days_person_id_persons"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("person_id", "report_date", "slot", name=op.f("pk_person_days")),
    )
    op.create_index(
        "ix_person_days_abnormal",
        "person_days",
        ["report_date", "unit_id"],
        unique=False,
        sqlite_where=sa.text("result IN ('fever','symptomatic')"),
        postgresql_where=sa.text("result IN ('fever','symptomatic')"),
    )
    op.create_index("ix_person_days_unit_id_report_date", "person_days", ["unit_id", "report_date"], unique=False)
    op.create_table(
        "posts",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("role", sa.String(length=32), nullable=False),
        sa.Column("unit_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("title", sa.String(length=32), nullable=False),
        sa.Column("from_date", sa.Date(), nullable=False),
        sa.Column("to_date", sa.Date(), nullable=True),
        sa.Column("delegated_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["persons.id"], name=op.f("fk_posts_person_id_persons"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_posts_unit_id_units")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_posts")),
        sa.UniqueConstraint(
            "person_id", "role", "unit_id", "from_date", name=op.f("uq_posts_person_id_role_unit_id_from_date")
        ),
    )
    op.create_index("ix_posts_unit_id_role", "posts", ["unit_id", "role"], unique=False)
    op.create_table(
        "teacher_threads",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("unit_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_teacher_threads_account_id_accounts"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["persons.id"], name=op.f("fk_teacher_threads_person_id_persons"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_teacher_threads_unit_id_units")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_teacher_threads")),
    )
    op.create_index("ix_teacher_threads_unit_id", "teacher_threads", ["unit_id"], unique=False)
    op.create_table(
        "campaign_answers",
        sa.Column("campaign_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("answer", sa.LargeBinary(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["campaign_id"],
            ["campaigns.id"],
            name=op.f("fk_campaign_answers_campaign_id_campaigns"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["persons.id"], name=op.f("fk_campaign_answers_person_id_persons"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("campaign_id", "person_id", name=op.f("pk_campaign_answers")),
    )
    op.create_table(
        "receipts",
        sa.Column("campaign_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("role", sa.String(length=8), nullable=False),
        sa.Column("unit_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("delivered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("watched_seconds", sa.Integer(), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("how", sa.String(length=12), nullable=False),
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.CheckConstraint("(confirmed_at IS NULL) = (how = '')", name=op.f("ck_receipts_confirmed_how")),
        sa.CheckConstraint(
            "how IN ('','watched','declared','text','received','confirmed','signed','answered','household')",
            name=op.f("ck_receipts_how"),
        ),
        sa.CheckConstraint("role IN ('student','guardian','staff')", name=op.f("ck_receipts_role")),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaigns.id"], name=op.f("fk_receipts_campaign_id_campaigns"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["persons.id"], name=op.f("fk_receipts_person_id_persons"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_receipts_unit_id_units")),
        sa.PrimaryKeyConstraint("campaign_id", "person_id", "role", name=op.f("pk_receipts")),
    )
    op.create_index("ix_receipts_person_id", "receipts", ["person_id"], unique=False)
    op.create_table(
        "signatures",
        sa.Column("campaign_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("drawn", sa.LargeBinary(), nullable=True),
        sa.Column("typed", sa.LargeBinary(), nullable=True),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaigns.id"], name=op.f("fk_signatures_campaign_id_campaigns"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("campaign_id", "account_id", name=op.f("pk_signatures")),
    )
    op.create_table(
        "watch_sessions",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("campaign_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("base_seconds", sa.Integer(), nullable=False),
        sa.Column("reached_seconds", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaigns.id"], name=op.f("fk_watch_sessions_campaign_id_campaigns"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_watch_sessions")),
    )
    op.create_index(
        "ix_watch_sessions_campaign_id_account_id", "watch_sessions", ["campaign_id", "account_id"], unique=False
    )


def downgrade() -> None:
    op.drop_index("ix_watch_sessions_campaign_id_account_id", table_name="watch_sessions")
    op.drop_table("watch_sessions")
    op.drop_table("signatures")
    op.drop_index("ix_receipts_person_id", table_name="receipts")
    op.drop_table("receipts")
    op.drop_table("campaign_answers")
    op.drop_index("ix_teacher_threads_unit_id", table_name="teacher_threads")
    op.drop_table("teacher_threads")
    op.drop_index("ix_posts_unit_id_role", table_name="posts")
    op.drop_table("posts")
    op.drop_index("ix_person_days_unit_id_report_date", table_name="person_days")
    op.drop_index(
        "ix_person_days_abnormal",
        table_name="person_days",
        sqlite_where=sa.text("result IN ('fever','symptomatic')"),
        postgresql_where=sa.text("result IN ('fever','symptomatic')"),
    )
    op.drop_table("person_days")
    op.drop_index("ix_onsets_school_id_onset_on", table_name="onsets")
    op.drop_table("onsets")
    op.drop_index("ix_enrolments_unit_id_from_date", table_name="enrolments")
    op.drop_table("enrolments")
    op.drop_index(op.f("ix_check_ins_reporter_account_id"), table_name="check_ins")
    op.drop_table("check_ins")
    op.drop_index("ix_campaigns_state", table_name="campaigns")
    op.drop_table("campaigns")
    op.drop_index(
        "uq_bindings_open",
        table_name="bindings",
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.drop_index("ix_bindings_person_id", table_name="bindings")
    op.drop_table("bindings")
    op.drop_index("ix_binding_codes_person_id", table_name="binding_codes")
    op.drop_table("binding_codes")
    op.drop_index("uq_alerts_person_id_report_date_code", table_name="alerts")
    op.drop_index("ix_alerts_unit_id_report_date", table_name="alerts")
    op.drop_index(
        "ix_alerts_unanswered",
        table_name="alerts",
        sqlite_where=sa.text("acknowledged_at IS NULL AND outcome IS NULL"),
        postgresql_where=sa.text("acknowledged_at IS NULL AND outcome IS NULL"),
    )
    op.drop_index("ix_alerts_report_date", table_name="alerts")
    op.drop_table("alerts")
    op.drop_index("ix_absences_unit_id_report_date", table_name="absences")
    op.drop_index("ix_absences_report_date", table_name="absences")
    op.drop_table("absences")
    op.drop_table("subscription_grants")
    op.drop_index("ix_reports_report_date", table_name="reports")
    op.drop_table("reports")
    op.drop_table("report_versions")
    op.drop_index("ix_persons_unit_id", table_name="persons")
    op.drop_index("ix_persons_phone_index", table_name="persons")
    op.drop_table("persons")
    op.drop_index(
        "ix_outbox_queued",
        table_name="outbox",
        sqlite_where=sa.text("state = 'queued'"),
        postgresql_where=sa.text("state = 'queued'"),
    )
    op.drop_index("ix_outbox_occurrence", table_name="outbox")
    op.drop_index("ix_outbox_msgid", table_name="outbox")
    op.drop_index(
        "ix_outbox_in_flight",
        table_name="outbox",
        sqlite_where=sa.text("state = 'sending'"),
        postgresql_where=sa.text("state = 'sending'"),
    )
    op.drop_index(
        "ix_outbox_doubtful",
        table_name="outbox",
        sqlite_where=sa.text("state IN ('held','unknown')"),
        postgresql_where=sa.text("state IN ('held','unknown')"),
    )
    op.drop_index("ix_outbox_created_at", table_name="outbox")
    op.drop_index(
        "ix_outbox_again",
        table_name="outbox",
        sqlite_where=sa.text("state = 'failed' AND retryable"),
        postgresql_where=sa.text("state = 'failed' AND retryable"),
    )
    op.drop_index("ix_outbox_account_id", table_name="outbox")
    op.drop_table("outbox")
    op.drop_table("opt_outs")
    op.drop_index("ix_calendar_modes_unit_id_from_date", table_name="calendar_modes")
    op.drop_table("calendar_modes")
    op.drop_table("account_devices")
    op.drop_table("versions")
    op.drop_index("ix_units_school_id", table_name="units")
    op.drop_index("ix_units_parent_id", table_name="units")
    op.drop_table("units")
    op.drop_index("ix_unit_days_report_date", table_name="unit_days")
    op.drop_table("unit_days")
    op.drop_table("sending_stops")
    op.drop_table("quota_days")
    op.drop_table("platform_tokens")
    op.drop_table("occurrences")
    op.drop_table("key_regions")
    op.drop_table("job_cursors")
    op.drop_index("ix_inbox_received_at", table_name="inbox")
    op.drop_index(
        "ix_inbox_parked",
        table_name="inbox",
        sqlite_where=sa.text("state = 'parked'"),
        postgresql_where=sa.text("state = 'parked'"),
    )
    op.drop_index(op.f("ix_inbox_account_id"), table_name="inbox")
    op.drop_table("inbox")
    op.drop_table("early_failures")
    op.drop_index("ix_cluster_signals_place_rule", table_name="cluster_signals")
    op.drop_table("cluster_signals")
    op.drop_table("calendar_days")
    op.drop_index("ix_audit_at", table_name="audit")
    op.drop_table("audit")
    op.drop_table("accounts")

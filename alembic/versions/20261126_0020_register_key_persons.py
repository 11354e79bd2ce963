"""Journeys, declarations, key persons with their contacts and decisions, and enquiries after absent people."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "20261126_0020"
down_revision = "20261126_0015"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "absence_followups",
        sa.Column("id", KEY, nullable=False),
        sa.Column("person_id", KEY, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_person_id", KEY, nullable=True),
        sa.Column("outcome", sa.String(length=16), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["persons.id"], name=op.f("fk_absence_followups_person_id_persons"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_absence_followups")),
    )
    with op.batch_alter_table("absence_followups") as batch_op:
        batch_op.create_index("ix_absence_followups_person_id_day", ["person_id", "day"], unique=False)

    op.create_table(
        "declarations",
        sa.Column("id", KEY, nullable=False),
        sa.Column("person_id", KEY, nullable=False),
        sa.Column("declared_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("declared_by", sa.String(length=32), nullable=False),
        sa.Column("account_id", KEY, nullable=True),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("is_complete", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["persons.id"], name=op.f("fk_declarations_person_id_persons"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_declarations")),
    )
    with op.batch_alter_table("declarations") as batch_op:
        batch_op.create_index("ix_declarations_person_id_declared_at", ["person_id", "declared_at"], unique=False)

    op.create_table(
        "journeys",
        sa.Column("id", KEY, nullable=False),
        sa.Column("person_id", KEY, nullable=False),
        sa.Column("unit_id", KEY, nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("place", sa.LargeBinary(), nullable=False),
        sa.Column("place_index", sa.LargeBinary(), nullable=False),
        sa.Column("province_index", sa.LargeBinary(), nullable=True),
        sa.Column("city_index", sa.LargeBinary(), nullable=True),
        sa.Column("county_index", sa.LargeBinary(), nullable=True),
        sa.Column("far", sa.String(length=16), nullable=False),
        sa.Column("left_on", sa.Date(), nullable=True),
        sa.Column("returned_on", sa.Date(), nullable=True),
        sa.Column("planned_return", sa.Date(), nullable=True),
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=True),
        sa.Column("source", sa.String(length=24), nullable=False),
        sa.Column("said_on", sa.Date(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("region_id", KEY, nullable=True),
        sa.CheckConstraint("kind IN ('own','household','plan')", name=op.f("ck_journeys_kind")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["persons.id"], name=op.f("fk_journeys_person_id_persons"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_journeys")),
    )
    with op.batch_alter_table("journeys") as batch_op:
        batch_op.create_index("ix_journeys_city_index", ["city_index"], unique=False)
        batch_op.create_index("ix_journeys_county_index", ["county_index"], unique=False)
        batch_op.create_index("ix_journeys_first_on_last_on", ["first_on", "last_on"], unique=False)
        batch_op.create_index("ix_journeys_person_id", ["person_id"], unique=False)
        batch_op.create_index("ix_journeys_province_index", ["province_index"], unique=False)

    op.create_table(
        "key_persons",
        sa.Column("id", KEY, nullable=False),
        sa.Column("person_id", KEY, nullable=False),
        sa.Column("unit_id", KEY, nullable=False),
        sa.Column("school_id", KEY, nullable=True),
        sa.Column("category", sa.String(length=16), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.LargeBinary(), nullable=False),
        sa.Column("source", sa.String(length=24), nullable=False),
        sa.Column("since", sa.Date(), nullable=True),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("waived_days", sa.Integer(), nullable=False),
        sa.Column("is_held", sa.Boolean(), nullable=False),
        sa.Column("approved_by", KEY, nullable=True),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("registered_on", sa.Date(), nullable=False),
        sa.Column("registered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("registered_by", KEY, nullable=True),
        sa.Column("keeper_id", KEY, nullable=True),
        sa.Column("next_contact_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_contact_on", sa.Date(), nullable=True),
        sa.Column("escalated_on", sa.Date(), nullable=True),
        sa.Column("proposal", sa.String(length=24), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by", KEY, nullable=True),
        sa.Column("note", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint(
            "state IN ('registered','in_contact','returning','observing','due_for_release','released','transferred')",
            name=op.f("ck_key_persons_state"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["persons.id"], name=op.f("fk_key_persons_person_id_persons"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_key_persons")),
    )
    with op.batch_alter_table("key_persons") as batch_op:
        batch_op.create_index("ix_key_persons_registered_on_ended_on", ["registered_on", "ended_on"], unique=False)
        batch_op.create_index("ix_key_persons_unit_id", ["unit_id"], unique=False)
        batch_op.create_index(
            "uq_key_persons_open",
            ["person_id", "category"],
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )

    op.create_table(
        "key_contacts",
        sa.Column("id", KEY, nullable=False),
        sa.Column("key_person_id", KEY, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("outcome", sa.String(length=16), nullable=False),
        sa.Column("by_person_id", KEY, nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("note", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(
            ["key_person_id"],
            ["key_persons.id"],
            name=op.f("fk_key_contacts_key_person_id_key_persons"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_key_contacts")),
    )
    with op.batch_alter_table("key_contacts") as batch_op:
        batch_op.create_index("ix_key_contacts_key_person_id_day", ["key_person_id", "day"], unique=False)

    op.create_table(
        "key_decisions",
        sa.Column("id", KEY, nullable=False),
        sa.Column("key_person_id", KEY, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("deed", sa.String(length=16), nullable=False),
        sa.Column("actor", sa.String(length=64), nullable=False),
        sa.Column("rule", sa.String(length=24), nullable=False),
        sa.Column("region_id", KEY, nullable=True),
        sa.Column("regions_version", sa.Integer(), nullable=True),
        sa.Column("detail", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(
            ["key_person_id"],
            ["key_persons.id"],
            name=op.f("fk_key_decisions_key_person_id_key_persons"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_key_decisions")),
    )
    with op.batch_alter_table("key_decisions") as batch_op:
        batch_op.create_index("ix_key_decisions_key_person_id", ["key_person_id"], unique=False)

    with op.batch_alter_table("absences") as batch_op:
        batch_op.add_column(sa.Column("entered_role", sa.String(length=24), nullable=True))
        batch_op.add_column(sa.Column("expected_return", sa.Date(), nullable=True))


def downgrade() -> None:

    with op.batch_alter_table("absences") as batch_op:
        batch_op.drop_column("expected_return")
        batch_op.drop_column("entered_role")

    with op.batch_alter_table("key_decisions") as batch_op:
        batch_op.drop_index("ix_key_decisions_key_person_id")

    op.drop_table("key_decisions")
    with op.batch_alter_table("key_contacts") as batch_op:
        batch_op.drop_index("ix_key_contacts_key_person_id_day")

    op.drop_table("key_contacts")
    with op.batch_alter_table("key_persons") as batch_op:
        batch_op.drop_index(
            "uq_key_persons_open",
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )
        batch_op.drop_index("ix_key_persons_unit_id")
        batch_op.drop_index("ix_key_persons_registered_on_ended_on")

    op.drop_table("key_persons")
    with op.batch_alter_table("journeys") as batch_op:
        batch_op.drop_index("ix_journeys_province_index")
        batch_op.drop_index("ix_journeys_person_id")
        batch_op.drop_index("ix_journeys_first_on_last_on")
        batch_op.drop_index("ix_journeys_county_index")
        batch_op.drop_index("ix_journeys_city_index")

    op.drop_table("journeys")
    with op.batch_alter_table("declarations") as batch_op:
        batch_op.drop_index("ix_declarations_person_id_declared_at")

    op.drop_table("declarations")
    with op.batch_alter_table("absence_followups") as batch_op:
        batch_op.drop_index("ix_absence_followups_person_id_day")

    op.drop_table("absence_followups")

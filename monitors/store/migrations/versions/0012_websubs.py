"""WebSub: hubs that sources name, and what was asked of them."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

Id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("sources", sa.Column("hub", sa.Text(), nullable=True))
    op.add_column("sources", sa.Column("topic", sa.Text(), nullable=True))
    op.add_column("sources", sa.Column("pushed_until", sa.BigInteger(), nullable=True))
    op.create_table(
        "websubs",
        sa.Column("source_id", Id, nullable=False),
        sa.Column("hub", sa.Text(), nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("callback", sa.Text(), nullable=False),
        sa.Column("secret", sa.Text(), nullable=False),
        sa.Column("pending", sa.Text(), nullable=True),
        sa.Column("lease_until", sa.BigInteger(), nullable=True),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("error", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["source_id"], ["sources.id"], name=op.f("fk_websubs_source_id_sources"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("source_id", name=op.f("pk_websubs")),
        sa.UniqueConstraint("callback", name=op.f("uq_websubs_callback")),
    )
    op.create_index(op.f("ix_websubs_due_at"), "websubs", ["due_at"])

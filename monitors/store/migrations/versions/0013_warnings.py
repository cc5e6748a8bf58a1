"""Warnings of spikes: how readily a chat wants them, the latest of each tracker, and pictures of notices."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

Id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("deliveries", sa.Column("picture", sa.LargeBinary(), nullable=True))
    op.add_column("chats", sa.Column("sensitivity", sa.Text(), nullable=False, server_default="middle"))
    op.create_table(
        "warnings",
        sa.Column("tracker_id", Id, nullable=False),
        sa.Column("sensitivity", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("start", sa.BigInteger(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("usual", sa.Float(), nullable=False),
        sa.Column("hours", sa.Integer(), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["tracker_id"], ["trackers.id"], name=op.f("fk_warnings_tracker_id_trackers"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("tracker_id", "sensitivity", "kind", name=op.f("pk_warnings")),
    )

"""Notices: deliveries of messages that are written already, and of no alert."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("deliveries") as table:  # SQLite changes a column by making the table anew
        table.alter_column("alert_id", existing_type=sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True)
        table.add_column(sa.Column("html", sa.Text(), nullable=True))
        table.add_column(sa.Column("rows", sa.JSON(), nullable=True))

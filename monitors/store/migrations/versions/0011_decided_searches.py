"""Searches that were turned off stay so: off is another thing than not decided yet."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("searches", sa.Column("enabled", sa.Boolean(), nullable=False, server_default=sa.true()))

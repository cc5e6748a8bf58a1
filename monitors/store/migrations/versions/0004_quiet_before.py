"""Searches whose terms change: what the terms they take up bring from before is no news."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("sources", sa.Column("quiet_before", sa.BigInteger(), nullable=True))

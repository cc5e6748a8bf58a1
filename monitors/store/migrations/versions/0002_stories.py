"""Stories: which articles tell the same, and messages that are edited when more outlets tell it."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

Id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("articles", sa.Column("story_id", Id, nullable=True))
    op.create_index("ix_articles_story_id", "articles", ["story_id"])
    op.add_column("deliveries", sa.Column("kind", sa.Text(), nullable=False, server_default="mention"))
    op.add_column("deliveries", sa.Column("edit_due_at", sa.BigInteger(), nullable=True))
    op.add_column("deliveries", sa.Column("edited_at", sa.BigInteger(), nullable=True))
    op.create_index("ix_deliveries_editing", "deliveries", ["edit_due_at"], sqlite_where=sa.text("edit_due_at IS NOT NULL"))

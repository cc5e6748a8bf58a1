"""What chats say of sentiment: their own label of a mention beside the model's, and their own words of a tracker."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("mentions", sa.Column("model_label", sa.Text(), nullable=True))
    op.add_column("mentions", sa.Column("labelled_at", sa.BigInteger(), nullable=True))
    op.create_index(
        "ix_mentions_labelled", "mentions", ["tracker_id", "labelled_at"], sqlite_where=sa.text("labelled_at IS NOT NULL")
    )
    op.add_column("trackers", sa.Column("words", sa.JSON(), nullable=True))

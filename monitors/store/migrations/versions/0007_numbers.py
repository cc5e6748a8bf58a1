"""Numbers: mentions keep what reach and voices are counted by, and one index has all that numbers need."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from monitors import reach
from monitors.model import Item, Metrics

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

Id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
COLUMNS = {"source_id": Id, "story_id": Id, "publisher": sa.BigInteger(), "reach": sa.Integer(), "response": sa.Integer()}
METRICS = ("views", "likes", "reposts", "replies", "followers")
STORED = (
    f"SELECT id, source_id, story_id, url, outlet, author, author_url, {', '.join(METRICS)} FROM articles "
    "WHERE EXISTS (SELECT 1 FROM mentions WHERE article_id = articles.id)"
)
KEPT = (
    "UPDATE mentions SET source_id = :source, story_id = :story, publisher = :publisher, voice = :voice, reach = :reach, "
    "response = :response WHERE article_id = :id"
)
NUMBERED = ("label", "source_id", "story_id", "publisher", "voice", "reach", "response", "article_id")


def upgrade() -> None:
    for name, kind in COLUMNS.items():
        op.add_column("mentions", sa.Column(name, kind, nullable=False, server_default="0"))
    op.add_column("mentions", sa.Column("voice", sa.BigInteger(), nullable=True))
    connection = op.get_bind()
    if kept := [_kept(row) for row in connection.execute(sa.text(STORED))]:
        connection.execute(sa.text(KEPT), kept)
    op.drop_index("ix_mentions_tracker_id_dated_at", "mentions")
    op.create_index("ix_mentions_numbers", "mentions", ["tracker_id", "dated_at", *NUMBERED])


def _kept(row: sa.Row[Any]) -> dict[str, Any]:
    metrics = Metrics(**{name: getattr(row, name) for name in METRICS})
    item = Item("", row.url, "", "", row.author, outlet=row.outlet, author_url=row.author_url, metrics=metrics)
    voice = reach.voice_of(item)
    return {
        "id": row.id,
        "source": row.source_id,
        "story": row.story_id or row.id,
        "publisher": reach.key(reach.publisher_of(item)),
        "voice": reach.key(voice) if voice else None,
        "reach": reach.readings(item),
        "response": reach.response(item),
    }

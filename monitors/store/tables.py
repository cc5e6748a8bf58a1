"""The schema of what monitors/ remembers (SQLAlchemy Core); migrations/ builds it step by step.

What lives here: tables and their keys. What does not: queries (one file a topic beside this one), how
times are kept (times.py), and the tables of chats and deliveries, which bot/ adds to the same `metadata`.
"""

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    text,
    true,
)

from monitors.store.times import UtcTime

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# SQLite counts rows by itself only for INTEGER; PostgreSQL wants the wide type.
Id = BigInteger().with_variant(Integer, "sqlite")

sources = Table(
    "sources",
    metadata,
    Column("id", Id, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("address", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("language", Text),
    Column("active", Boolean, nullable=False),
    Column("paused_at", UtcTime),
    Column("fulltext", Boolean),
    Column("pushed_until", UtcTime),
    Column("created_at", UtcTime, nullable=False),
    Column("next_poll_at", UtcTime, nullable=False),
    Column("interval", Float, nullable=False),
    Column("etag", Text),
    Column("last_modified", Text),
    Column("body_hash", LargeBinary),
    Column("cursor", Text),
    Column("failures", Integer, nullable=False),
    Column("failing_since", UtcTime),
    Column("error", Text),
    Column("last_success_at", UtcTime),
    Column("last_item_at", UtcTime),
    Column("items_per_day", Float),
    Column("moved_to", Text),
    Column("moved_seen", Integer, nullable=False),
    Column("ttl", Integer),
    Column("skip_hours", Integer, nullable=False),
    Column("quiet_before", UtcTime),
    Column("hub", Text),
    Column("topic", Text),
    UniqueConstraint("kind", "address"),
    Index(None, "active", "next_poll_at"),
)

# Sources of whose failing the admins were told; `grouped` ones in one message with others.
ailments = Table(
    "ailments",
    metadata,
    Column("source_id", Id, ForeignKey("sources.id", ondelete="CASCADE"), primary_key=True),
    Column("since", UtcTime, nullable=False),
    Column("told_at", UtcTime, nullable=False),
    Column("grouped", Boolean, nullable=False),
)

# Times in which no source could be reached, as the admins were told.
outages = Table(
    "outages",
    metadata,
    Column("id", Id, primary_key=True),
    Column("began_at", UtcTime, nullable=False),
    Column("told_at", UtcTime, nullable=False),
    Column("ended_at", UtcTime),
)

# Which kinds of search follow the trackers' terms; of a kind without a row nobody has decided yet, and it is off.
searches = Table(
    "searches",
    metadata,
    Column("kind", Text, primary_key=True),
    Column("enabled", Boolean, nullable=False, server_default=true()),
)

# What we have asked of WebSub hubs; `due_at` is when something is to be asked next.
websubs = Table(
    "websubs",
    metadata,
    Column("source_id", Id, ForeignKey("sources.id", ondelete="CASCADE"), primary_key=True),
    Column("hub", Text, nullable=False),
    Column("topic", Text, nullable=False),
    Column("callback", Text, nullable=False, unique=True),
    Column("secret", Text, nullable=False),
    Column("pending", Text),
    Column("lease_until", UtcTime),
    Column("due_at", UtcTime, nullable=False),
    Column("failures", Integer, nullable=False),
    Column("error", Text),
    Index(None, "due_at"),
)

trackers = Table(
    "trackers",
    metadata,
    Column("id", Id, primary_key=True),
    Column("owner", Text, nullable=False),
    Column("label", Text, nullable=False),
    Column("query", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("words", JSON),
    Index(None, "owner"),
)

# `guid_key` identifies an item of its source, `url_key` a page across sources (identity.py). `story_id` is the id of the first article that told the same;
# articles that mention nobody have none. `dated_at` is the moment an article counts for in numbers; `published_at` is what its publisher says. Its folded text is in `articles_fts`, row for row: an
# FTS5 table, which SQLAlchemy does not know and migrations/ creates.
articles = Table(
    "articles",
    metadata,
    Column("id", Id, primary_key=True),
    Column("source_id", Id, ForeignKey("sources.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("guid_key", LargeBinary, nullable=False, unique=True),
    Column("url_key", LargeBinary),
    Column("content_key", LargeBinary, nullable=False),
    Column("story_id", Id, index=True),
    Column("url", Text),
    Column("title", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("author", Text),
    Column("author_url", Text),
    Column("outlet", Text),
    Column("language", Text),
    Column("origin", Text),
    Column("published_at", UtcTime),
    Column("seen_at", UtcTime, nullable=False),
    Column("dated_at", UtcTime, nullable=False),
    Column("edited_at", UtcTime),
    Column("views", Integer),
    Column("likes", Integer),
    Column("reposts", Integer),
    Column("replies", Integer),
    Column("followers", Integer),
    Column("stars", Integer),
    Index(None, "url_key", unique=True),
    Index(None, "dated_at"),
    Index(None, "seen_at"),
)

# A press release whose reprints are looked for until `closes_at`; articles up to `seen_article_id` were looked at.
releases = Table(
    "releases",
    metadata,
    Column("id", Id, primary_key=True),
    Column("owner", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("url", Text),
    Column("created_at", UtcTime, nullable=False),
    Column("closes_at", UtcTime, nullable=False),
    Column("reported_at", UtcTime),
    Column("seen_article_id", Id, nullable=False),
    Index(None, "owner"),
    Index("ix_releases_running", "closes_at", sqlite_where=text("reported_at IS NULL")),
)

# A reprint outlives its article, which retention takes where it mentions nobody.
reprints = Table(
    "reprints",
    metadata,
    Column("release_id", Id, ForeignKey("releases.id", ondelete="CASCADE"), primary_key=True),
    Column("article_id", Id, primary_key=True),
    Column("outlet", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("url", Text),
    Column("dated_at", UtcTime, nullable=False),
    Column("kept", Float, nullable=False),
    Column("same_headline", Boolean, nullable=False),
)

# The articles whose pages are read beside what their source says. `due_at` is NULL when that is settled; `outcome` is then
# "read" or why not, as schedule.describe writes errors. `read_at` is when the page was last asked for.
page_reads = Table(
    "page_reads",
    metadata,
    Column("article_id", Id, ForeignKey("articles.id", ondelete="CASCADE"), primary_key=True),
    Column("host", Text, nullable=False),
    Column("matched", Boolean, nullable=False),
    Column("due_at", UtcTime),
    Column("attempts", Integer, nullable=False),
    Column("read_at", UtcTime),
    Column("outcome", Text),
    Index("ix_page_reads_waiting", "matched", "article_id", sqlite_where=text("due_at IS NOT NULL")),
    Index(None, "read_at"),
)

# Whole days of the owner's, since ≤ t < until. The tracker finds its hashtags.
campaigns = Table(
    "campaigns",
    metadata,
    Column("id", Id, primary_key=True),
    Column("owner", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("tags", Text, nullable=False),
    Column("tracker_id", Id, ForeignKey("trackers.id", ondelete="SET NULL")),
    Column("since", UtcTime, nullable=False),
    Column("until", UtcTime, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Index(None, "owner"),
)

alerts = Table(
    "alerts",
    metadata,
    Column("id", Id, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("article_id", Id, ForeignKey("articles.id", ondelete="CASCADE"), nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("fanned_out_at", UtcTime),
    Index(None, "article_id"),
    Index(
        "ix_alerts_waiting",
        "id",
        sqlite_where=text("fanned_out_at IS NULL"),
    ),
)

# `alert_id` is the alert that tells of this mention; NULL for what was found quietly (a backlog, the archive). Where its chat
# said at `labelled_at` what it says, `label` is the chat's and `model_label` the model's (judgements.py).
# NUMBERED are, with the label, its article's (publisher, voice, reach, response: by reach.py), kept here too so that numbers of a hundred
# thousand mentions come from one index alone.
NUMBERED = ("label", "source_id", "story_id", "publisher", "voice", "reach", "response", "article_id")

mentions = Table(
    "mentions",
    metadata,
    Column("id", Id, primary_key=True),
    Column("article_id", Id, ForeignKey("articles.id", ondelete="CASCADE"), nullable=False),
    Column("tracker_id", Id, ForeignKey("trackers.id", ondelete="CASCADE"), nullable=False),
    Column("alert_id", Id, ForeignKey("alerts.id", ondelete="SET NULL")),
    Column("spans", JSON, nullable=False),
    Column("label", Text, nullable=False),
    Column("score", Float, nullable=False),
    Column("certain", Boolean, nullable=False),
    Column("evidence", JSON, nullable=False),
    Column("dated_at", UtcTime, nullable=False),
    Column("source_id", Id, nullable=False, server_default="0"),
    Column("story_id", Id, nullable=False, server_default="0"),
    Column("publisher", BigInteger, nullable=False, server_default="0"),
    Column("voice", BigInteger),
    Column("reach", Integer, nullable=False, server_default="0"),
    Column("response", Integer, nullable=False, server_default="0"),
    Column("model_label", Text),
    Column("labelled_at", UtcTime),
    UniqueConstraint("article_id", "tracker_id"),
    Index("ix_mentions_numbers", "tracker_id", "dated_at", *NUMBERED),
    Index(None, "alert_id"),
    Index("ix_mentions_labelled", "tracker_id", "labelled_at", sqlite_where=text("labelled_at IS NOT NULL")),
)

# The latest warning of a spike, by tracker, sensitivity and kind (monitors/spikes.py).
warnings = Table(
    "warnings",
    metadata,
    Column("tracker_id", Id, ForeignKey("trackers.id", ondelete="CASCADE"), primary_key=True),
    Column("sensitivity", Text, primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("start", UtcTime, nullable=False),
    Column("total", Integer, nullable=False),
    Column("usual", Float, nullable=False),
    Column("hours", Integer, nullable=False),
    Column("since", UtcTime, nullable=False),
)

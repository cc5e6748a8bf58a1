"""The first schema: sources, articles and mentions, trackers, alerts and deliveries, chats and members."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

Id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table('chats',
    sa.Column('platform', sa.Text(), nullable=False),
    sa.Column('chat_id', sa.BigInteger(), nullable=False),
    sa.Column('title', sa.Text(), nullable=False),
    sa.Column('language', sa.Text(), nullable=False),
    sa.Column('allowed', sa.Boolean(), nullable=False),
    sa.Column('pending', sa.Text(), nullable=True),
    sa.Column('disabled_at', sa.BigInteger(), nullable=True),
    sa.Column('created_at', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('platform', 'chat_id', name=op.f('pk_chats'))
    )
    op.create_table('members',
    sa.Column('platform', sa.Text(), nullable=False),
    sa.Column('user_id', sa.BigInteger(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('joined_at', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('platform', 'user_id', name=op.f('pk_members'))
    )
    op.create_table('searches',
    sa.Column('kind', sa.Text(), nullable=False),
    sa.PrimaryKeyConstraint('kind', name=op.f('pk_searches'))
    )
    op.create_table('sources',
    sa.Column('id', Id, nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('address', sa.Text(), nullable=False),
    sa.Column('title', sa.Text(), nullable=False),
    sa.Column('language', sa.Text(), nullable=True),
    sa.Column('active', sa.Boolean(), nullable=False),
    sa.Column('created_at', sa.BigInteger(), nullable=False),
    sa.Column('next_poll_at', sa.BigInteger(), nullable=False),
    sa.Column('interval', sa.Float(), nullable=False),
    sa.Column('etag', sa.Text(), nullable=True),
    sa.Column('last_modified', sa.Text(), nullable=True),
    sa.Column('body_hash', sa.LargeBinary(), nullable=True),
    sa.Column('cursor', sa.Text(), nullable=True),
    sa.Column('failures', sa.Integer(), nullable=False),
    sa.Column('failing_since', sa.BigInteger(), nullable=True),
    sa.Column('error', sa.Text(), nullable=True),
    sa.Column('last_success_at', sa.BigInteger(), nullable=True),
    sa.Column('last_item_at', sa.BigInteger(), nullable=True),
    sa.Column('items_per_day', sa.Float(), nullable=True),
    sa.Column('moved_to', sa.Text(), nullable=True),
    sa.Column('moved_seen', sa.Integer(), nullable=False),
    sa.Column('ttl', sa.Integer(), nullable=True),
    sa.Column('skip_hours', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sources')),
    sa.UniqueConstraint('kind', 'address', name=op.f('uq_sources_kind_address'))
    )
    op.create_index(op.f('ix_sources_active_next_poll_at'), 'sources', ['active', 'next_poll_at'], unique=False)
    op.create_table('trackers',
    sa.Column('id', Id, nullable=False),
    sa.Column('owner', sa.Text(), nullable=False),
    sa.Column('label', sa.Text(), nullable=False),
    sa.Column('query', sa.Text(), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('created_at', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_trackers'))
    )
    op.create_index(op.f('ix_trackers_owner'), 'trackers', ['owner'], unique=False)
    op.create_table('articles',
    sa.Column('id', Id, nullable=False),
    sa.Column('source_id', Id, nullable=False),
    sa.Column('guid_key', sa.LargeBinary(), nullable=False),
    sa.Column('url_key', sa.LargeBinary(), nullable=True),
    sa.Column('content_key', sa.LargeBinary(), nullable=False),
    sa.Column('url', sa.Text(), nullable=True),
    sa.Column('title', sa.Text(), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('author', sa.Text(), nullable=True),
    sa.Column('author_url', sa.Text(), nullable=True),
    sa.Column('outlet', sa.Text(), nullable=True),
    sa.Column('language', sa.Text(), nullable=True),
    sa.Column('origin', sa.Text(), nullable=True),
    sa.Column('published_at', sa.BigInteger(), nullable=True),
    sa.Column('seen_at', sa.BigInteger(), nullable=False),
    sa.Column('dated_at', sa.BigInteger(), nullable=False),
    sa.Column('edited_at', sa.BigInteger(), nullable=True),
    sa.Column('views', sa.Integer(), nullable=True),
    sa.Column('likes', sa.Integer(), nullable=True),
    sa.Column('reposts', sa.Integer(), nullable=True),
    sa.Column('replies', sa.Integer(), nullable=True),
    sa.Column('followers', sa.Integer(), nullable=True),
    sa.Column('stars', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['source_id'], ['sources.id'], name=op.f('fk_articles_source_id_sources'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_articles')),
    sa.UniqueConstraint('guid_key', name=op.f('uq_articles_guid_key'))
    )
    op.create_index(op.f('ix_articles_dated_at'), 'articles', ['dated_at'], unique=False)
    op.create_index(op.f('ix_articles_seen_at'), 'articles', ['seen_at'], unique=False)
    op.create_index(op.f('ix_articles_source_id'), 'articles', ['source_id'], unique=False)
    op.create_index(op.f('ix_articles_url_key'), 'articles', ['url_key'], unique=True)
    op.create_table('subscriptions',
    sa.Column('platform', sa.Text(), nullable=False),
    sa.Column('chat_id', sa.BigInteger(), nullable=False),
    sa.Column('tracker_id', Id, nullable=False),
    sa.ForeignKeyConstraint(['platform', 'chat_id'], ['chats.platform', 'chats.chat_id'], name=op.f('fk_subscriptions_platform_chats'), onupdate='CASCADE', ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['tracker_id'], ['trackers.id'], name=op.f('fk_subscriptions_tracker_id_trackers'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('platform', 'chat_id', 'tracker_id', name=op.f('pk_subscriptions'))
    )
    op.create_index(op.f('ix_subscriptions_tracker_id'), 'subscriptions', ['tracker_id'], unique=False)
    op.create_table('alerts',
    sa.Column('id', Id, nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('article_id', Id, nullable=False),
    sa.Column('created_at', sa.BigInteger(), nullable=False),
    sa.Column('fanned_out_at', sa.BigInteger(), nullable=True),
    sa.ForeignKeyConstraint(['article_id'], ['articles.id'], name=op.f('fk_alerts_article_id_articles'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_alerts'))
    )
    op.create_index(op.f('ix_alerts_article_id'), 'alerts', ['article_id'], unique=False)
    op.create_index('ix_alerts_waiting', 'alerts', ['id'], unique=False, sqlite_where=sa.text('fanned_out_at IS NULL'))
    op.create_table('deliveries',
    sa.Column('id', Id, nullable=False),
    sa.Column('platform', sa.Text(), nullable=False),
    sa.Column('chat_id', sa.BigInteger(), nullable=False),
    sa.Column('alert_id', Id, nullable=False),
    sa.Column('due_at', sa.BigInteger(), nullable=False),
    sa.Column('claimed_until', sa.BigInteger(), nullable=True),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('sent_at', sa.BigInteger(), nullable=True),
    sa.Column('message_id', sa.BigInteger(), nullable=True),
    sa.Column('failure', sa.Text(), nullable=True),
    sa.ForeignKeyConstraint(['alert_id'], ['alerts.id'], name=op.f('fk_deliveries_alert_id_alerts'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['platform', 'chat_id'], ['chats.platform', 'chats.chat_id'], name=op.f('fk_deliveries_platform_chats'), onupdate='CASCADE', ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_deliveries')),
    sa.UniqueConstraint('alert_id', 'platform', 'chat_id', name=op.f('uq_deliveries_alert_id_platform_chat_id'))
    )
    op.create_index(op.f('ix_deliveries_platform_chat_id_message_id'), 'deliveries', ['platform', 'chat_id', 'message_id'], unique=False)
    op.create_index(op.f('ix_deliveries_sent_at'), 'deliveries', ['sent_at'], unique=False)
    op.create_index('ix_deliveries_waiting', 'deliveries', ['due_at'], unique=False, sqlite_where=sa.text('sent_at IS NULL AND failure IS NULL'))
    op.create_table('mentions',
    sa.Column('id', Id, nullable=False),
    sa.Column('article_id', Id, nullable=False),
    sa.Column('tracker_id', Id, nullable=False),
    sa.Column('alert_id', Id, nullable=True),
    sa.Column('spans', sa.JSON(), nullable=False),
    sa.Column('label', sa.Text(), nullable=False),
    sa.Column('score', sa.Float(), nullable=False),
    sa.Column('certain', sa.Boolean(), nullable=False),
    sa.Column('evidence', sa.JSON(), nullable=False),
    sa.Column('dated_at', sa.BigInteger(), nullable=False),
    sa.ForeignKeyConstraint(['alert_id'], ['alerts.id'], name=op.f('fk_mentions_alert_id_alerts'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['article_id'], ['articles.id'], name=op.f('fk_mentions_article_id_articles'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['tracker_id'], ['trackers.id'], name=op.f('fk_mentions_tracker_id_trackers'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_mentions')),
    sa.UniqueConstraint('article_id', 'tracker_id', name=op.f('uq_mentions_article_id_tracker_id'))
    )
    op.create_index(op.f('ix_mentions_alert_id'), 'mentions', ['alert_id'], unique=False)
    op.create_index(op.f('ix_mentions_tracker_id_dated_at'), 'mentions', ['tracker_id', 'dated_at'], unique=False)
    op.execute("CREATE VIRTUAL TABLE articles_fts USING fts5(folded, tokenize = 'unicode61 remove_diacritics 0')")

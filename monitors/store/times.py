"""Times as columns keep them: whole milliseconds since 1970 UTC.

What lives here: turning one into the other. What does not: which columns are times (tables.py).
"""

from datetime import UTC, datetime, timedelta

from sqlalchemy import BigInteger, Dialect, TypeDecorator

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MILLISECOND = timedelta(milliseconds=1)


def milliseconds(time: datetime | None) -> int | None:
    """An aware time as UtcTime keeps it."""
    return None if time is None else (time - EPOCH) // MILLISECOND


class UtcTime(TypeDecorator[datetime]):
    """An aware datetime, kept as whole milliseconds since 1970 UTC: sorts, subtracts and groups in any SQL."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        """Aware datetime → milliseconds."""
        return milliseconds(value)

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:
        """Milliseconds → aware datetime, UTC."""
        return None if value is None else EPOCH + timedelta(milliseconds=value)

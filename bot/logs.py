"""Structured logs: one event a line, as JSON or for a console, with no secret in them."""

import logging
import re
import sys
from typing import Literal

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

# A bot's token wherever it stands (Bot API URLs hold it), and the user and password of a URL.
TOKEN = re.compile(r"\d{5,}:[A-Za-z0-9_-]{20,}")
CREDENTIALS = re.compile(r"(?<=://)[^/@\s]+@")
# Libraries that log the URL of every request, tokens and all.
TALKATIVE = ("httpx", "httpcore", "telegram", "aiohttp", "asyncio", "alembic", "hpack")


def redact(text: str) -> str:
    """The text without secrets."""
    return CREDENTIALS.sub("***@", TOKEN.sub("***", text))


def configure(style: Literal["console", "json"], level: str) -> None:
    """Sets up structlog and the standard library's logging; both write to standard error."""
    number = logging.getLevelNamesMapping()[level.upper()]
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        _redacted,
    ]
    last: Processor = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if style == "json"
        else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    )
    structlog.configure(
        processors=[*shared, last],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(processors=[*shared, last], foreign_pre_chain=shared))
    logging.basicConfig(handlers=[handler], level=number, force=True)
    for name in TALKATIVE:
        logging.getLogger(name).setLevel(logging.WARNING)


def _redacted(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    return {key: redact(value) if isinstance(value, str) else value for key, value in event.items()}

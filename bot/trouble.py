"""What is wrong with a source, in plain words, and what to do about it: a stored error ("http_status 503") → texts.

What lives here: choosing the words. What does not: the errors (monitors/errors.py), how a source is shown (commands/).
"""

from bot.chats import ChatLanguage
from bot.texts import Html, text
from monitors.errors import HttpStatus

REFUSALS = frozenset({"400", "403"})  # statuses that mean little beside the words that a network sends with them


def why(error: str, language: ChatLanguage) -> Html:
    """What went wrong."""
    reason, _, detail = error.partition(" ")
    if reason == HttpStatus.reason and " " in detail:
        status, _, said = detail.partition(" ")
        return text("source_error.http_status_said", language, detail=status, said=said)
    return _first([f"source_error.{reason}"], language, detail) or text("source_error.unknown", language, detail=error)


def advice(error: str, language: ChatLanguage) -> Html:
    """What its admin may do about it: by the status where there is one, by its class, by the reason."""
    reason, _, detail = error.partition(" ")
    keys = [f"source_advice.{reason}", "source_advice.unknown"]
    if reason == HttpStatus.reason:
        status, _, said = detail.partition(" ")
        keys = [f"source_advice.{status}", f"source_advice.{status[:1]}xx", *keys]
        if said and status in REFUSALS:
            keys.insert(0, "source_advice.refused_in_words")
    found = _first(keys, language, detail)
    assert found is not None  # noqa: S101 - "unknown" is there
    return found


def _first(keys: list[str], language: ChatLanguage, detail: str) -> Html | None:
    """The text of the first of these keys that there is."""
    for key in keys:
        try:
            return text(key, language, detail=detail)
        except KeyError:
            continue
    return None

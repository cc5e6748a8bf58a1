"""The kind "mastodon": a hashtag on an instance, its public timeline, or an account; addresses as in mastodon_statuses.py.

The cursor is the id of the newest status, for an account "its id:that". A poll reads the newest page, in which edits and
numbers of the last statuses are seen, and goes back by max_id, as the network's Link header does, until one reaches the
cursor. An account is looked up once: its timeline is asked for by id.
Methods: docs.joinmastodon.org/methods/timelines, …/methods/accounts.
"""

from dataclasses import replace
from urllib.parse import quote, urlencode, urlsplit

from monitors.errors import NotTheAnswer
from monitors.kinds import Body, Family, Page, Request
from monitors.model import Item
from monitors.sources.answer import Answer, complaint, read, wanted
from monitors.sources.entries import TITLE, shortened
from monitors.sources.markup import one_line
from monitors.sources.mastodon_statuses import (
    Timeline,
    before_gap,
    items,
    newest,
    recognised,
    timeline,
    with_token,
)

_LIMIT = 40  # statuses a page, the most that there are
_LOOKUP = "/api/v1/accounts/lookup"


class Mastodon:
    """See monitors.kinds.SourceKind."""

    kind = "mastodon"
    family: Family = "place"
    needs = ()
    pace = 0.0  # instances are many; each allows 300 requests in five minutes

    def recognise(self, text: str) -> str | None:
        """#tag@instance, @instance, *@instance, @user@instance, or a page of an instance."""
        return recognised(text)

    def request(self, address: str, cursor: str | None) -> Request:
        """The newest page; of an account at first who it is."""
        place = timeline(address)
        account, _ = _bookmark(place, cursor)
        if place.is_account and not account:
            return _request(place, f"{_LOOKUP}?{urlencode({'acct': place.what[1:]})}")
        return _request(place, _path(place, account))

    def parse(self, body: Body, address: str, cursor: str | None) -> Page:
        """The statuses of a page, or the account that was looked up."""
        place, answer = timeline(address), read(body)
        if urlsplit(body.url).path == _LOOKUP:
            return _looked_up(place, answer)
        account, since = _bookmark(place, cursor)
        statuses = list(wanted(answer))
        last, before = newest(statuses, since), before_gap(statuses, since)
        found = items(statuses, place.instance)
        return Page(
            items=tuple(map(_told_by_itself, found)) if place.is_account else found,
            title=None if place.is_account else address,
            cursor=(f"{account}:{last}" if account else last) or None,
            more=_request(place, _path(place, account, before)) if before else None,
            homepage=place.page,
        )

    def repair(self, body: Body, address: str, cursor: str | None) -> Page:
        """JSON is read or it is not."""
        return self.parse(body, address, cursor)

    def link(self, address: str) -> str:
        """The timeline's page."""
        return timeline(address).page


def _told_by_itself(item: Item) -> Item:
    """An account is the outlet of what it says, and of nothing that it boosts."""
    return item if item.origin else replace(item, outlet=None)


def _bookmark(place: Timeline, cursor: str | None) -> tuple[str, str]:
    """An account's id ("" for other timelines) and the newest status's."""
    account, _, since = (cursor or "").rpartition(":")
    return (account, since) if place.is_account else ("", since)


def _looked_up(place: Timeline, answer: Answer) -> Page:
    account = answer["id"].text
    if not account.isalnum() or not account.isascii():
        raise NotTheAnswer(complaint(answer) or "no account")
    return Page(
        (),
        title=shortened(one_line(answer["display_name"].text) or place.what, TITLE),
        cursor=f"{account}:",
        more=_request(place, _path(place, account)),
    )


def _path(place: Timeline, account: str, before: str = "") -> str:
    if account:
        path = f"accounts/{quote(account, safe='')}/statuses"
    elif place.what.startswith("#"):
        path = f"timelines/tag/{quote(place.what[1:], safe='')}"
    else:
        path = "timelines/public"
    asked = {"local": "" if place.what else "true", "limit": str(_LIMIT), "max_id": before}
    return f"/api/v1/{path}?{urlencode({name: value for name, value in asked.items() if value})}"


def _request(place: Timeline, path: str) -> Request:
    """With the token of the instance, where there is one: some show their timelines to their own people only."""
    url = f"https://{place.instance}{path}"
    return replace(with_token(url), otherwise=Request(url))

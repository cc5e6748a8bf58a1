"""The kind "mastodon_stream": a hashtag on an instance, or its public timeline, live over a WebSocket; addresses as in
mastodon_statuses.py, but no accounts, which no stream has.

An instance plays nothing again after a break: what was said meanwhile is read from the same timeline's pages (mastodon.py), from
the same cursor on. Every message is {"event": …, "payload": a JSON text}. Method: docs.joinmastodon.org/methods/streaming.
"""

import json
from urllib.parse import urlencode

from monitors.kinds import Body, Family, Page, Request, SourceKind
from monitors.sources.answer import Answer, lines, no_answer
from monitors.sources.mastodon import Mastodon
from monitors.sources.mastodon_statuses import items, newest, recognised, timeline, with_token

_NEW, _EDITED = "update", "status.update"


class MastodonStream:
    """See monitors.kinds.StreamKind."""

    kind = "mastodon_stream"
    family: Family = "stream"
    needs = ("MASTODON_INSTANCE", "MASTODON_TOKEN")
    pace = 0.0
    silence = None
    missed: SourceKind | None = Mastodon()

    def recognise(self, text: str) -> str | None:
        """#tag@instance, @instance, *@instance, or a page of an instance."""
        address = recognised(text)
        return None if address is None or timeline(address).is_account else address

    def request(self, address: str, cursor: str | None) -> Request:
        """The connection: with a token of that instance only, and from now on."""
        place = timeline(address)
        asked = {"stream": "public" if place.what else "public:local"}
        if place.what.startswith("#"):
            asked = {"stream": "hashtag", "tag": place.what[1:]}
        return with_token(f"https://{place.instance}/api/v1/streaming?{urlencode(asked)}")

    def parse(self, body: Body, address: str, cursor: str | None) -> Page:
        """New and edited statuses among some messages, a line each. Raises NotTheAnswer where none of them is one."""
        events = [event for event in lines(body) if event["event"].text]
        if not events:
            raise no_answer(body)
        new = [_payload(event) for event in events if event["event"].text == _NEW]
        edited = [_payload(event) for event in events if event["event"].text == _EDITED]
        return Page(
            items=items([*new, *edited], timeline(address).instance),
            title=address,
            cursor=newest(new, cursor or "") or None,
            homepage=self.link(address),
        )

    def repair(self, body: Body, address: str, cursor: str | None) -> Page:
        """JSON is read or it is not."""
        return self.parse(body, address, cursor)

    def link(self, address: str) -> str:
        """The timeline's page."""
        return timeline(address).page


def _payload(event: Answer) -> Answer:
    try:
        return Answer(json.loads(event["payload"].raw))
    except (ValueError, RecursionError):
        return Answer()

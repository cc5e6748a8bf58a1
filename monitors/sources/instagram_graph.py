"""Instagram's Graph API as two kinds ask it. Reference: developers.facebook.com/docs/instagram-platform.

What lives here: requests with the token in their header, whose account it is, a page's next one, and posts → Items. What does
not: which posts are asked for (instagram_account.py, instagram_hashtag.py).
"""

import re
from urllib.parse import parse_qsl, urlencode, urlsplit

from monitors.errors import AccountUnavailable
from monitors.kinds import Body, Page, Request
from monitors.model import Item, Metrics
from monitors.sources.answer import Answer, read, wanted
from monitors.sources.dates import parse_date
from monitors.sources.entries import TEXT, TITLE, shortened, web_url
from monitors.sources.markup import clean, headline

NEEDS = ("INSTAGRAM_TOKEN",)
PACE = 20.0  # 200 calls an hour and user
POST = "id,caption,media_type,permalink,timestamp,like_count,comments_count"
NUMBER = re.compile(r"\d{1,30}", re.ASCII)
NAME = re.compile(r"[a-z0-9_.]{1,30}", re.ASCII)
_HOST = "graph.facebook.com"
_VERSION = "v25.0"
_TOKEN = (("Authorization", "Bearer {INSTAGRAM_TOKEN}"),)


def asking(path: str, **parameters: str) -> Request:
    """GET /PATH."""
    return Request(f"https://{_HOST}/{_VERSION}/{path}?{urlencode(parameters)}", secrets=_TOKEN)


def accounts() -> Request:
    """The accounts that the token may speak for, which stand on its pages."""
    return asking("me/accounts", fields="instagram_business_account{id,username}", limit="100")


def account_in(body: Body, name: str = "") -> str:
    """The number of the account of that name, or of the first. Raises AccountUnavailable where the token has
    none."""
    owned = [page["instagram_business_account"] for page in wanted(read(body), "data")]
    for account in owned:
        if NUMBER.fullmatch(account["id"].text) and name in {"", account["username"].text.lower()}:
            return account["id"].text
    raise AccountUnavailable(f"the token speaks for no account {name}")


def asked(body: Body) -> tuple[list[str], dict[str, str]]:
    """The path behind the version, in parts, and the parameters of the request that this is the answer to."""
    try:
        url = urlsplit(body.url)
    except ValueError:
        return [], {}
    return url.path.split("/")[2:], dict(parse_qsl(url.query))


def posts(answer: Answer, known: str, cursor: str | None) -> Page:
    """A page of posts, newest first, and the one behind it while all are newer than the time at the end of the cursor. `known`
    is what the next cursor holds before that time."""
    items = tuple(_post(media) for media in wanted(answer, "data") if NUMBER.fullmatch(media["id"].text))
    dates = [item.published_at for item in items if item.published_at]
    seen = parse_date((cursor or "").rpartition(" ")[2])
    newest = max([*dates, *([seen] if seen else [])], default=None)
    gap = seen is not None and bool(dates) and min(dates) > seen
    return Page(
        items=items,
        cursor=f"{known} {newest.isoformat()}" if newest else None,
        more=_further(answer) if gap else None,
    )


def _further(answer: Answer) -> Request | None:
    """The page behind this one. Graph writes the token into its address, where it does not belong."""
    try:
        url = urlsplit(answer["paging", "next"].text)
    except ValueError:
        return None
    if url.hostname != _HOST:
        return None
    query = urlencode([(name, value) for name, value in parse_qsl(url.query) if name != "access_token"])
    return Request(f"https://{_HOST}{url.path}?{query}", secrets=_TOKEN)


def _post(media: Answer) -> Item:
    """A post. Whose it is, is told where somebody tagged us, and not where it was found by a hashtag."""
    text = clean(media["caption"].text)
    name = media["username"].text.lower()
    known = NAME.fullmatch(name)
    return Item(
        guid=media["id"].text,
        url=web_url(media["permalink"].text),
        title=shortened(headline(text), TITLE),
        text=shortened(text, TEXT),
        author=f"@{name}" if known else None,
        published_at=media["timestamp"].time,
        author_url=f"https://www.instagram.com/{name}/" if known else None,
        outlet=f"@{name}" if known else None,
        metrics=Metrics(likes=media["like_count"].number, replies=media["comments_count"].number),
    )

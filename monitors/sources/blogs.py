"""Blogs on known hosts: the address of a blog, of a post or of a tag → the feed that holds it. Asks nobody.

Such feeds could be found through their pages; but a host's scheme is known, and some pages name no feed or answer machines
with a riddle. What does not live here: hosts of all others (discovery.py), Virgool (virgool.py).
"""

import re
from urllib.parse import urlsplit

# Behind NAME.host: where the feed of the whole blog is.
_FEEDS = {
    "blogfa.com": "/rss",
    "blog.ir": "/rss/",
    "blogsky.com": "/rss",
    "persianblog.ir": "/rss.xml",
    "mihanblog.com": "/post/rss/",
    "wordpress.com": "/feed/",
    "blogspot.com": "/feeds/posts/default",
    "medium.com": "/feed",
    "substack.com": "/feed",
}
# And of a tag or category of it.
_PARTS = {
    "blog.ir": (re.compile(r"/(category/[^?#]+?)/?"), "/rss/{}/"),
    "wordpress.com": (re.compile(r"/((?:tag|category)/[^/?#]+)/?"), "/{}/feed/"),
}
_ALREADY = re.compile(r"/(?:feeds?|rss|atom)(?:/|$)|\.(?:xml|rss|atom|aspx)$", re.IGNORECASE)
_NO_BLOG = frozenset({"www", "m", "help", "support", "api", "cdn", "static"})
_MEDIUM = re.compile(
    r"/(@[\w.-]+|tag/[^/?#]+|(?!(?:p|m|me|tag|search|topics|about|feed|membership)(?:/|$))[\w-]+)(?:/|$)"
)


def feed_of(url: str) -> str | None:
    """The feed of the blog that this http(s) URL belongs to; None for what is no blog of these hosts, or a feed already."""
    try:
        parts = urlsplit(url)
        name, _, host = (parts.hostname or "").removeprefix("www.").partition(".")
    except ValueError:
        return None
    if _ALREADY.search(parts.path):
        return None
    if f"{name}.{host}" == "medium.com":
        found = _MEDIUM.match(parts.path)
        return f"https://medium.com/feed/{found[1]}" if found else None
    if host not in _FEEDS or name in _NO_BLOG:
        return None
    pattern, of_part = _PARTS.get(host, (None, ""))
    part = pattern.fullmatch(parts.path) if pattern else None
    return f"https://{name}.{host}{of_part.format(part[1]) if part else _FEEDS[host]}"

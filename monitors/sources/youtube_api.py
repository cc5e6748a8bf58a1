"""YouTube's Data API v3 as two kinds ask it. Reference: developers.google.com/youtube/v3/docs.

What lives here: the address of a request, its key, and what a channel's or video's id looks like. What does not: what the
answers mean (youtube_search.py, youtube_comments.py).
"""

import re
from urllib.parse import urlencode

from monitors.kinds import Request

NEEDS = ("YOUTUBE_API_KEY",)
CHANNEL = re.compile(r"UC[\w-]{22}", re.ASCII)
VIDEO = re.compile(r"[\w-]{11}", re.ASCII)


def asking(resource: str, **parameters: str) -> Request:
    """GET /RESOURCE with these parameters, those that are empty left out."""
    query = urlencode({name: value for name, value in parameters.items() if value})
    key = (("X-Goog-Api-Key", "{YOUTUBE_API_KEY}"),)
    return Request(f"https://www.googleapis.com/youtube/v3/{resource}?{query}", secrets=key)


def watching(video: str) -> str:
    """Where a person watches a video."""
    return f"https://www.youtube.com/watch?v={video}"


def channel_page(number: str) -> str:
    """Where a person opens a channel."""
    return f"https://www.youtube.com/channel/{number}"

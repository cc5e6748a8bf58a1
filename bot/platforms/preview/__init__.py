"""A local Bot API endpoint with a chat page and sample news: Rasad without a token, and the tests' Telegram.

    async with PreviewServer(port=8081) as preview:
        # a bot at base_url=preview.api_url with preview.token; the page at preview.url; preview.newsroom.sources

The endpoint speaks the Bot API as Telegram does, rules and errors included; it does not know the bot's code.
"""

from bot.platforms.preview.newsroom import Newsroom, SampleSource
from bot.platforms.preview.server import PREVIEW_TOKEN, ApiRequest, PreviewServer
from bot.platforms.preview.world import PREVIEW_USER_ID

__all__ = ["PREVIEW_TOKEN", "PREVIEW_USER_ID", "ApiRequest", "Newsroom", "PreviewServer", "SampleSource"]

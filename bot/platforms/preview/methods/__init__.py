"""The methods of the Bot API that the preview answers, one file a topic. A handler takes the World and the request's
Parameters and gives the result as JSON, or raises a Refusal. getUpdates, which waits, is the server's (server.py).
"""

from collections.abc import Callable, Mapping
from typing import Any

from bot.platforms.preview.methods import chats, editing, profile, sending
from bot.platforms.preview.parameters import Parameters
from bot.platforms.preview.world import World

type Handler = Callable[[World, Parameters], Any]

METHODS: Mapping[str, Handler] = {**profile.METHODS, **sending.METHODS, **editing.METHODS, **chats.METHODS}

"""Methods that put something new into a chat."""

from typing import Any

from bot.platforms.preview import compose, media
from bot.platforms.preview.model import Chat, File, Message, bad_request
from bot.platforms.preview.parameters import Parameters
from bot.platforms.preview.world import Change, World

_ALBUM = range(2, 11)
_ACTIONS = {"typing", "upload_photo", "record_video", "upload_video", "record_voice", "upload_voice", "upload_document"}
_ACTIONS |= {"choose_sticker", "find_location", "record_video_note", "upload_video_note"}


def target(world: World, parameters: Parameters) -> Chat:
    """The chat that a request is to write to."""
    if not parameters.text("chat_id"):
        raise bad_request("chat_id is empty")
    return world.writable(parameters.integer("chat_id"))


def _post(world: World, parameters: Parameters, **content: Any) -> Message:
    chat = target(world, parameters)
    message = Message(
        world.next_id(),
        chat.id,
        world.bot,
        world.now(),
        keyboard=compose.keyboard(parameters),
        markup=compose.reply_markup(parameters),
        reply_to=_answered(chat, parameters),
        silent=parameters.flag("disable_notification"),
        **content,
    )
    return world.post(message)


def _answered(chat: Chat, parameters: Parameters) -> int | None:
    reply = parameters.object("reply_parameters")
    message_id = reply.integer("message_id")
    if not message_id or message_id in chat.messages:
        return message_id or None
    if reply.flag("allow_sending_without_reply"):
        return None
    raise bad_request("message to be replied not found")


def _send_message(world: World, parameters: Parameters) -> Any:
    target(world, parameters)
    text, entities = compose.text(parameters)
    return world.written(_post(world, parameters, text=text, entities=entities))


def _send_file(world: World, parameters: Parameters, kind: str) -> Any:
    target(world, parameters)
    text, entities = compose.caption(parameters)
    file = media.given(world, parameters, kind)
    return world.written(_post(world, parameters, text=text, entities=entities, file=file))


def _send_photo(world: World, parameters: Parameters) -> Any:
    return _send_file(world, parameters, "photo")


def _send_document(world: World, parameters: Parameters) -> Any:
    return _send_file(world, parameters, "document")


def _send_media_group(world: World, parameters: Parameters) -> Any:
    """All or nothing: every item is read before the first is posted."""
    target(world, parameters)
    items = parameters.objects("media")
    if len(items) not in _ALBUM:
        raise bad_request("the album must contain 2-10 media")
    parts = [album_part(world, item) for item in items]
    if len({file.kind for file, _ in parts}) > 1:
        raise bad_request("document can't be mixed with other media types")
    album = str(world.next_id())
    posted = [
        _post(world, parameters, text=text, entities=entities, file=file, album=album)
        for file, (text, entities) in parts
    ]
    return [world.written(message) for message in posted]


def album_part(world: World, item: Parameters) -> tuple[File, compose.Body]:
    """The file and caption of one InputMedia."""
    kind = item.text("type")
    if kind not in ("photo", "document"):
        raise bad_request("can't parse InputMedia: type must be photo or document in the preview")
    return media.given(world, item, kind, "media"), compose.caption(item)


def _send_chat_action(world: World, parameters: Parameters) -> Any:
    chat = target(world, parameters)
    action = parameters.text("action")
    if action not in _ACTIONS:
        raise bad_request("wrong parameter action in request")
    world.tell(Change("action", chat.id, detail=action))
    return True


METHODS = {
    "sendMessage": _send_message,
    "sendPhoto": _send_photo,
    "sendDocument": _send_document,
    "sendMediaGroup": _send_media_group,
    "sendChatAction": _send_chat_action,
}

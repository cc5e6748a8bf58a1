"""Files as Telegram takes them: photos with a measure, documents of any kind, by upload or by the id of an earlier one."""

import hashlib
import struct

from bot.platforms.preview.model import File, bad_request
from bot.platforms.preview.parameters import Parameters, Upload
from bot.platforms.preview.world import World

_PHOTO_BYTES = 10 << 20
_DOCUMENT_BYTES = 50 << 20
_PHOTO_SIDES = 10_000  # width and height together
_PHOTO_RATIO = 20
_PNG = b"\x89PNG\r\n\x1a\n"
_JPEG_SIZES = {*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC}  # the markers that carry a frame's measure


def photo(upload: Upload) -> File:
    """A picture, PNG or JPEG, within Telegram's limits on its bytes and sides."""
    if len(upload.content) > _PHOTO_BYTES:
        raise bad_request("file is too big")
    measure = _measure(upload.content)
    if measure is None:
        raise bad_request("IMAGE_PROCESS_FAILED")
    width, height = measure
    if not 0 < width + height <= _PHOTO_SIDES or max(measure) > _PHOTO_RATIO * min(measure):
        raise bad_request("PHOTO_INVALID_DIMENSIONS")
    kind = "png" if upload.content.startswith(_PNG) else "jpeg"
    return File(_id("photo", upload), "photo", f"photo.{kind}", f"image/{kind}", upload.content, width, height)


def document(upload: Upload) -> File:
    """A file of any kind, up to 50 MB."""
    if not upload.content:
        raise bad_request("file must be non-empty")
    if len(upload.content) > _DOCUMENT_BYTES:
        raise bad_request("file is too big")
    return File(_id("document", upload), "document", upload.name, upload.mime, upload.content)


def given(world: World, parameters: Parameters, kind: str, name: str | None = None) -> File:
    """The photo or document that parameter `name` uploads, or names by its file_id."""
    what = parameters.upload(name or kind)
    if not what:
        raise bad_request(f"there is no {kind} in the request")
    if isinstance(what, Upload):
        return world.keep(photo(what) if kind == "photo" else document(what))
    if what.startswith(("http://", "https://")):
        raise bad_request("failed to get HTTP URL content")
    if what not in world.files:
        raise bad_request("wrong remote file identifier specified: Wrong string length")
    if world.files[what].kind != kind:
        raise bad_request(f"can't use file of type {world.files[what].kind} as {kind}")
    return world.files[what]


def _id(kind: str, upload: Upload) -> str:
    return f"{kind}-{hashlib.sha256(upload.name.encode() + upload.content).hexdigest()[:32]}"


def _measure(content: bytes) -> tuple[int, int] | None:
    """Width and height of a PNG or JPEG."""
    if content.startswith(_PNG) and len(content) >= 24:
        width, height = struct.unpack(">II", content[16:24])
        return width, height
    at = 2 if content.startswith(b"\xff\xd8") else len(content)
    while at + 9 <= len(content) and content[at] == 0xFF:
        if content[at + 1] in _JPEG_SIZES:
            height, width = struct.unpack(">HH", content[at + 5 : at + 9])
            return width, height
        at += 2 + struct.unpack(">H", content[at + 2 : at + 4])[0]
    return None

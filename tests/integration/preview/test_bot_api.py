"""The Bot API endpoint as python-telegram-bot sees it: results, updates, Telegram's rules and errors."""

import asyncio
import re
import struct
import zlib
from contextlib import AbstractContextManager
from typing import Any

import aiohttp
import pytest
from telegram import (
    Bot,
    BotCommand,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeChat,
    ForceReply,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputMediaDocument,
    InputMediaPhoto,
    MessageEntity,
    ReplyKeyboardMarkup,
    ReplyParameters,
)
from telegram.error import BadRequest, ChatMigrated, Forbidden, NetworkError, TelegramError

from bot.platforms.preview import PREVIEW_USER_ID, PreviewServer
from tests.integration.preview.conftest import Api

ME = PREVIEW_USER_ID


def png(width: int = 40, height: int = 20) -> bytes:
    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    rows = zlib.compress(b"".join(b"\0" + b"\x33\x90\xec" * width for _ in range(height)))
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def buttons(*labels: str) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup([[InlineKeyboardButton(label, callback_data=label) for label in labels]])


def refused(words: str, kind: type[TelegramError] = BadRequest) -> AbstractContextManager[object]:
    """python-telegram-bot changes the case of the first letter of what the server says."""
    return pytest.raises(kind, match=re.compile(re.escape(words), re.IGNORECASE))


# ── sending ──────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_html_becomes_text_and_entities(preview: PreviewServer, bot: Bot) -> None:
    sent = await bot.send_message(
        ME,
        "  <b>سلام</b> 😀 <a href='example.com'>دنیا</a> #رصد /help ",
        parse_mode="HTML",
        reply_markup=buttons("آری", "نه"),
    )
    assert sent.text == "سلام 😀 دنیا #رصد /help"
    assert [(entity.type, sent.parse_entity(entity)) for entity in sent.entities] == [
        ("bold", "سلام"),
        ("text_link", "دنیا"),
        ("hashtag", "#رصد"),
        ("bot_command", "/help"),
    ]
    assert sent.entities[1].url == "http://example.com/"
    seen = preview.people.messages()[-1]
    assert (seen.text, seen.marked("bold"), seen.links) == (sent.text, ["سلام"], ["http://example.com/"])
    assert [button.callback_data for button in seen.buttons] == ["آری", "نه"]


async def test_given_entities_and_json_bodies_are_read(api: Api, bot: Bot) -> None:
    sent = await bot.send_message(ME, "یک دو", entities=[MessageEntity("italic", 3, 2)])
    assert sent.parse_entities() == {sent.entities[0]: "دو"}
    keyboard = {"inline_keyboard": [[{"text": "a", "url": "t.me/x"}]]}
    answer = await api("SENDMESSAGE", chat_id=ME, text="x", reply_markup=keyboard)
    assert answer["result"]["reply_markup"]["inline_keyboard"] == [[{"text": "a", "url": "http://t.me/x"}]]


@pytest.mark.parametrize(
    ("text", "refusal"),
    [
        ("", "Message text is empty"),
        (" \n ", "Message text is empty"),
        ("<b> </b>", "Message text is empty"),
        ("x" * 4097, "Message is too long"),
        ("<i>" + "😀" * 4097 + "</i>", "Message is too long"),
        ("<b>x", "Can't parse entities: can't find end tag corresponding to start tag \"b\""),
        ("1 < 2", 'Can\'t parse entities: unsupported start tag "" at byte offset 2'),
        ("<p>x</p>", 'Can\'t parse entities: unsupported start tag "p" at byte offset 0'),
    ],
)
async def test_a_text_that_telegram_refuses(bot: Bot, text: str, refusal: str) -> None:
    with refused(refusal):
        await bot.send_message(ME, text, parse_mode="HTML")


@pytest.mark.parametrize("text", ["x" * 4096, "😀" * 4096, f"<b>{'س' * 4096}</b>", f"  {'x' * 4096}\n"])
async def test_the_longest_text_is_counted_in_characters_after_parsing(bot: Bot, text: str) -> None:
    sent = await bot.send_message(ME, text, parse_mode="HTML")
    assert len(sent.text or "") == 4096


@pytest.mark.parametrize(
    ("button", "refusal"),
    [
        ({"text": "x", "callback_data": "س" * 33}, "BUTTON_DATA_INVALID"),
        ({"text": "x", "callback_data": ""}, "BUTTON_DATA_INVALID"),
        ({"text": "x"}, "text buttons are not allowed in the inline keyboard"),
        ({"text": " ", "callback_data": "x"}, "BUTTON_TEXT_INVALID"),
        ({"text": "x", "url": "localhost"}, "inline keyboard button URL 'localhost' is invalid: Wrong HTTP URL"),
        ({"text": "x", "url": "ftp://x.ir"}, "is invalid: Unsupported URL protocol"),
        ({"callback_data": "x"}, "BUTTON_TEXT_INVALID"),
    ],
)
async def test_a_button_that_telegram_refuses(api: Api, button: dict[str, Any], refusal: str) -> None:
    answer = await api("sendMessage", chat_id=ME, text="x", reply_markup={"inline_keyboard": [[button]]})
    assert (answer["ok"], answer["error_code"]) == (False, 400)
    assert refusal in answer["description"]


async def test_photos_documents_and_albums(preview: PreviewServer, bot: Bot) -> None:
    photo = await bot.send_photo(ME, png(), caption="<b>نمودار</b>", parse_mode="HTML")
    assert (photo.photo[-1].width, photo.photo[-1].height, photo.caption) == (40, 20, "نمودار")
    document = await bot.send_document(ME, b"%PDF", filename="بولتن.pdf", disable_notification=True)
    assert document.document
    assert (document.document.file_name, document.document.mime_type) == ("بولتن.pdf", "application/pdf")
    again = await bot.send_document(ME, document.document.file_id)
    assert again.document == document.document
    assert preview.people.messages()[1].silent
    album = await bot.send_media_group(ME, [InputMediaPhoto(png(5, 5)), InputMediaPhoto(png(6, 6), caption="دو")])
    assert album[0].media_group_id == album[1].media_group_id is not None
    assert (await (await bot.get_file(photo.photo[-1])).download_as_bytearray()) == png()
    with refused("IMAGE_PROCESS_FAILED"):
        await bot.send_photo(ME, b"no picture")
    with refused("PHOTO_INVALID_DIMENSIONS"):
        await bot.send_photo(ME, png(900, 10))
    with refused("file must be non-empty"):
        await bot.send_document(ME, b"", filename="x")
    with refused("caption is too long"):
        await bot.send_photo(ME, png(), caption="x" * 1025)
    with refused("mixed"):
        await bot.send_media_group(ME, [InputMediaPhoto(png()), InputMediaDocument(b"x")])
    assert len(preview.people.messages()) == 5, "a refused album leaves nothing behind"


async def test_replies_point_at_messages_that_exist(preview: PreviewServer, bot: Bot) -> None:
    said = preview.people.say("سلام")
    sent = await bot.send_message(ME, "علیک", reply_parameters=ReplyParameters(said.id))
    assert sent.reply_to_message
    assert sent.reply_to_message.text == "سلام"
    with refused("message to be replied not found"):
        await bot.send_message(ME, "x", reply_parameters=ReplyParameters(5))
    assert await bot.send_message(ME, "x", reply_parameters=ReplyParameters(5, allow_sending_without_reply=True))


async def test_keyboards_and_questions_stand_until_they_are_answered(preview: PreviewServer, bot: Bot) -> None:
    chat = preview.people.chat()
    await bot.send_message(ME, "x", reply_markup=ReplyKeyboardMarkup([["یک", "دو"]], one_time_keyboard=True))
    asked = preview.world.asked(chat)
    assert asked
    assert asked.markup
    assert asked.markup.rows == (("یک", "دو"),)
    preview.people.say("یک")
    assert preview.world.asked(chat) is None
    await bot.send_message(ME, "نام؟", reply_markup=ForceReply(input_field_placeholder="نام"))
    assert preview.world.asked(chat)


# ── editing and deleting ─────────────────────────────────────────────────────────────────────────────────────────────


async def test_editing(preview: PreviewServer, bot: Bot) -> None:
    sent = await bot.send_message(ME, "یک", reply_markup=buttons("a"))
    edited = await bot.edit_message_text("<b>دو</b>", ME, sent.id, parse_mode="HTML", reply_markup=buttons("b"))
    assert not isinstance(edited, bool)
    assert (edited.text, edited.message_id) == ("دو", sent.id)
    assert edited.edit_date
    with refused("message is not modified"):
        await bot.edit_message_text("<b>دو</b>", ME, sent.id, parse_mode="HTML", reply_markup=buttons("b"))
    await bot.edit_message_reply_markup(ME, sent.id)
    assert preview.people.messages()[0].buttons == ()
    photo = await bot.send_photo(ME, png(), caption="یک")
    await bot.edit_message_caption(ME, photo.id, caption="دو")
    await bot.edit_message_media(InputMediaPhoto(png(8, 8), caption="سه"), ME, photo.id)
    seen = preview.people.messages()[1]
    assert seen.file
    assert (seen.text, seen.file.width) == ("سه", 8)
    for mistaken, refusal in (
        (bot.edit_message_text("x", ME, photo.id), "there is no text in the message to edit"),
        (bot.edit_message_caption(ME, sent.id, caption="x"), "there is no caption in the message to edit"),
        (bot.edit_message_text("x", ME, 5), "message to edit not found"),
        (bot.edit_message_text("x", ME, preview.people.say("من").id), "message can't be edited"),
        (bot.edit_message_text("x", 77, 5), "chat not found"),
    ):
        with refused(refusal):
            await mistaken


async def test_deleting_pinning_and_reacting(preview: PreviewServer, bot: Bot) -> None:
    said = preview.people.say("سلام")
    sent = await bot.send_message(ME, "x")
    await bot.pin_chat_message(ME, sent.id)
    pinned = (await bot.get_chat(ME)).pinned_message
    assert pinned
    assert pinned.id == sent.id
    await bot.set_message_reaction(ME, said.id, "👀")
    assert preview.people.chat().messages[said.id].reactions == ("👀",)
    with refused("REACTION_INVALID"):
        await bot.set_message_reaction(ME, said.id, "🚀")
    await bot.delete_message(ME, sent.id)
    assert (await bot.get_chat(ME)).pinned_message is None
    with refused("message to delete not found"):
        await bot.delete_message(ME, sent.id)


# ── updates ──────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_updates_come_at_least_once_until_an_offset_confirms_them(preview: PreviewServer, bot: Bot) -> None:
    preview.people.say("/start")
    preview.people.say("/track دیجی‌کالا")
    first = await bot.get_updates()
    again = await bot.get_updates(limit=1)
    assert [update.message.text for update in first if update.message] == ["/start", "/track دیجی‌کالا"]
    assert again == first[:1]
    assert first[0].message
    assert first[0].message.parse_entities(["bot_command"])
    assert [update.update_id for update in await bot.get_updates(offset=first[0].update_id + 1)] == [first[1].update_id]
    assert await bot.get_updates(offset=first[1].update_id + 1) == ()


async def test_a_long_poll_waits_for_what_happens(preview: PreviewServer, bot: Bot) -> None:
    poll = asyncio.create_task(bot.get_updates(timeout=20))
    await preview.called("getUpdates")
    preview.people.say("سلام")
    async with asyncio.timeout(2):
        (update,) = await poll
    assert update.message
    assert update.message.text == "سلام"
    assert update.effective_user
    assert update.effective_user.language_code == "fa"


async def test_a_second_poll_ends_the_first(preview: PreviewServer, api: Api) -> None:
    first = asyncio.create_task(api("getUpdates", timeout=20))
    await preview.called("getUpdates")
    second = asyncio.create_task(api("getUpdates", timeout=20))
    assert (await first)["error_code"] == 409
    preview.people.say("x")
    assert len((await second)["result"]) == 1


async def test_only_wanted_kinds_of_updates_come(preview: PreviewServer, bot: Bot) -> None:
    await bot.get_updates(allowed_updates=["callback_query"])
    preview.people.say("x")
    assert await bot.get_updates() == ()


async def test_stopping_ends_a_poll_at_once() -> None:
    preview = PreviewServer()
    await preview.start()
    async with Bot(preview.token, base_url=preview.api_url) as bot:
        poll = asyncio.create_task(bot.get_updates(timeout=20))
        await preview.called("getUpdates")
        async with asyncio.timeout(2):
            await preview.stop()
            await asyncio.wait([poll])
    assert poll.exception() is None or isinstance(poll.exception(), NetworkError)


async def test_pressing_a_button_waits_for_the_answer(preview: PreviewServer, bot: Bot) -> None:
    await bot.send_message(ME, "x", reply_markup=buttons("📌 سنجاق", "نه"))
    pressed = asyncio.create_task(preview.people.press(preview.people.messages()[-1], "سنجاق"))
    (update,) = await bot.get_updates(timeout=5)
    query = update.callback_query
    assert query
    assert (query.data, query.message and query.message.message_id) == ("📌 سنجاق", preview.people.messages()[-1].id)
    await query.answer("انجام شد", show_alert=True)
    answer = await pressed
    assert (answer.text, answer.alert) == ("انجام شد", True)
    with refused("query is too old"):
        await query.answer()
    with pytest.raises(KeyError):
        await preview.people.press(preview.people.messages()[-1], "چیز دیگر")
    with pytest.raises(TimeoutError):
        await preview.people.press(preview.people.messages()[-1], "نه", within=0.05)


async def test_files_that_people_send_can_be_fetched(preview: PreviewServer, bot: Bot) -> None:
    preview.people.send_file("feeds.opml", b"<opml/>", caption="منبع‌ها")
    (update,) = await bot.get_updates()
    assert update.message
    assert update.message.document
    assert (update.message.caption, update.message.document.file_name) == ("منبع‌ها", "feeds.opml")
    assert await (await update.message.document.get_file()).download_as_bytearray() == b"<opml/>"
    with refused("invalid file_id"):
        await bot.get_file("nothing")


async def test_people_edit_what_they_said(preview: PreviewServer, bot: Bot) -> None:
    preview.people.edit(preview.people.say("یک"), "دو")
    edited = (await bot.get_updates())[-1].edited_message
    assert edited
    assert edited.text == "دو"


# ── chats and people ─────────────────────────────────────────────────────────────────────────────────────────────────


async def test_strangers_groups_and_privacy_mode(preview: PreviewServer, bot: Bot) -> None:
    people = preview.people
    sara = people.person(1001, "Sara", "en")
    with refused("chat not found"):
        await bot.send_message(sara.id, "x")
    people.say("/start", user=sara)
    assert await bot.send_message(sara.id, "hello")
    group = people.group("روابط عمومی", sara)
    with refused("bot was kicked", Forbidden):
        await bot.send_message(group.id, "x")
    people.add_bot(group, user=sara)
    asked = await bot.send_message(group.id, "x")
    people.say("گپ", user=sara, chat=group)
    people.say("/list", user=sara, chat=group)
    people.say("/list@other_bot", user=sara, chat=group)
    people.say("@rasad_preview_bot سلام", user=sara, chat=group)
    people.say("پاسخ", user=sara, chat=group, reply_to=asked.id)
    updates = await bot.get_updates()
    assert [update.message.text for update in updates if update.message and update.message.chat.id == group.id] == [
        None,
        "/list",
        "@rasad_preview_bot سلام",
        "پاسخ",
    ]
    joined = [update.my_chat_member for update in updates if update.my_chat_member]
    assert [(change.old_chat_member.status, change.new_chat_member.status) for change in joined] == [("left", "member")]
    assert (await bot.get_chat_member(group.id, sara.id)).status == "member"
    assert await bot.get_chat_member_count(group.id) == 3
    assert [one.user.id for one in await bot.get_chat_administrators(group.id)] == [ME]
    await bot.leave_chat(group.id)
    with pytest.raises(Forbidden):
        await bot.send_message(group.id, "x")


async def test_a_group_becomes_a_supergroup(preview: PreviewServer, bot: Bot) -> None:
    group = preview.people.group("گروه")
    preview.people.add_bot(group)
    supergroup = preview.people.migrate(group)
    with pytest.raises(ChatMigrated, match=str(supergroup.id)):
        await bot.send_message(group.id, "x")
    assert (await bot.send_message(supergroup.id, "x")).chat.type == "supergroup"
    moved = [update.message for update in await bot.get_updates() if update.message]
    assert supergroup.id in [message.migrate_to_chat_id for message in moved]
    assert group.id in [message.migrate_from_chat_id for message in moved]


async def test_a_person_blocks_the_bot_and_comes_back(preview: PreviewServer, bot: Bot) -> None:
    preview.people.block()
    with refused("bot was blocked by the user", Forbidden):
        await bot.send_message(ME, "x")
    preview.people.unblock()
    assert await bot.send_message(ME, "x")
    changes = [update.my_chat_member for update in await bot.get_updates() if update.my_chat_member]
    assert [change.new_chat_member.status for change in changes] == ["kicked", "member"]


# ── the bot's profile ────────────────────────────────────────────────────────────────────────────────────────────────


async def test_the_menu_is_that_of_the_language_and_the_narrowest_scope(preview: PreviewServer, bot: Bot) -> None:
    await bot.set_my_commands([BotCommand("start", "begin")])
    await bot.set_my_commands([BotCommand("start", "آغاز")], language_code="fa")
    chat = preview.people.chat()
    assert [line.description for line in preview.world.menu(chat, "fa")] == ["آغاز"]
    assert [line.description for line in preview.world.menu(chat, "de")] == ["begin"]
    await bot.set_my_commands([BotCommand("list", "private")], scope=BotCommandScopeAllPrivateChats())
    await bot.set_my_commands([BotCommand("list", "own")], scope=BotCommandScopeChat(ME), language_code="fa")
    assert [line.description for line in preview.world.menu(chat, "fa")] == ["own"]
    assert [line.description for line in preview.world.menu(chat, "en")] == ["private"]
    await bot.delete_my_commands(scope=BotCommandScopeChat(ME), language_code="fa")
    assert [line.description for line in preview.world.menu(chat, "fa")] == ["private"]
    assert [command.description for command in await bot.get_my_commands(language_code="fa")] == ["آغاز"]
    with refused("BOT_COMMAND_INVALID"):
        await bot.set_my_commands([BotCommand("Bad-Name", "x")])


async def test_descriptions_and_the_rest_of_the_profile(bot: Bot) -> None:
    await bot.set_my_description("about")
    await bot.set_my_description("دربارهٔ رصد", language_code="fa")
    assert (await bot.get_my_description("fa")).description == "دربارهٔ رصد"
    assert (await bot.get_my_description("de")).description == "about"
    assert await bot.set_my_name("رصد")
    assert (await bot.get_webhook_info()).url == ""
    assert await bot.delete_webhook(drop_pending_updates=True)
    assert await bot.send_chat_action(ME, "typing")
    with refused("bad webhook"):
        await bot.set_webhook("https://example.com")


async def test_wrong_tokens_and_methods(preview: PreviewServer, api: Api) -> None:
    assert (await api("sendMesage"))["error_code"] == 404
    for token, answer in (("1:wrong", (401, "Unauthorized")), ("nonsense", (404, "Not Found"))):
        async with aiohttp.ClientSession() as session, session.get(f"{preview.api_url}{token}/getMe") as response:
            said = await response.json()
        assert (said["ok"], said["error_code"], said["description"]) == (False, *answer)
        assert response.status == answer[0]

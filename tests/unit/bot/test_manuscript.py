"""What is handed in: a headline and a text, from words, text files and Word files; nothing else is taken for text."""

import io
import zipfile

import pytest

from bot.manuscript import Manuscript, Unreadable, read, written

NAMESPACE = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def word(body: str, name: str = "word/document.xml") -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, f'<w:document xmlns:w="{NAMESPACE}"><w:body>{body}</w:body></w:document>')
    return file.getvalue()


def test_the_first_line_is_the_headline_where_others_follow() -> None:
    assert written(" تیتر \n\nسطر یک\nسطر دو") == Manuscript("تیتر", "سطر یک\nسطر دو")
    assert written("همه در یک سطر. و باز هم.") == Manuscript("", "همه در یک سطر. و باز هم.")
    assert written("همه در یک سطر. و باز هم.").title == "همه در یک سطر."
    assert written("x" * 300 + "\ny").headline == ""


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_text_file_in_any_encoding(encoding: str) -> None:
    assert read("a.txt", "تیتر\nمتن".encode(encoding)) == Manuscript("تیتر", "متن")


def test_a_word_file_by_its_paragraphs() -> None:
    body = "<w:p><w:r><w:t>تیـتر</w:t></w:r></w:p><w:p><w:r><w:t>یک</w:t><w:tab/><w:t>دو</w:t></w:r></w:p><w:p/>"
    assert read("a.docx", word(body)) == Manuscript("تیـتر", "یک دو")


@pytest.mark.parametrize(
    "content",
    [
        b"\x89PNG\r\n\0\0",
        b"PK\x03\x04 broken",
        word("<w:p/>", "other.xml"),
        word("<w:p>").replace(b"PK\x05\x06", b"PK\x05\x07"),
        word(f"<w:p><w:r><w:t>{'x' * 11_000_000}</w:t></w:r></w:p>"),
    ],
)
def test_what_is_no_text_is_refused(content: bytes) -> None:
    with pytest.raises(Unreadable):
        read("file", content)

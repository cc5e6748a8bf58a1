import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitors.sources.encoding import decode

PERSIAN = "برند ایرانی در بازار پتروشیمی"
WINDOWS = PERSIAN.replace("ی", "ي")  # windows-1256 has no Persian yeh


def feed(text: str, declared: str | None, encoding: str) -> bytes:
    declaration = f'<?xml version="1.0" encoding="{declared}"?>' if declared else ""
    return f"{declaration}<rss><channel><title>{text}</title></channel></rss>".encode(encoding)


@pytest.mark.parametrize("declared", ["utf-8", None, "windows-1256", "iso-8859-1", "no-such-set", "punycode"])
def test_valid_utf8_wins_over_every_declaration(declared: str | None) -> None:
    assert PERSIAN in decode(feed(PERSIAN, declared, "utf-8"))


@pytest.mark.parametrize("declared", ["windows-1256", "utf-8", None, "iso-8859-1", "windows-1252", "no-such-set"])
def test_windows_1256_is_read_whatever_the_declaration_says(declared: str | None) -> None:
    assert WINDOWS in decode(feed(WINDOWS, declared, "cp1256"))


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("windows-1251", "Россия и Китай подписали договор"),
        ("iso-8859-1", "Le président a été élu à la suite d'une réunion"),
        ("iso-8859-6", "خبر عاجل من العاصمة"),
        ("shift_jis", "日本のニュース"),
        ("gb2312", "中国新闻今天发布"),
    ],
)
def test_a_declared_encoding_is_believed_where_the_bytes_are_not_utf8(encoding: str, text: str) -> None:
    assert text in decode(feed(text, encoding, encoding))


def test_the_http_header_declares_too() -> None:
    assert "Россия" in decode(feed("Россия", None, "cp1251"), "text/xml; charset=windows-1251")


def test_western_text_is_not_taken_for_persian() -> None:
    assert "réunion très animée" in decode(feed("réunion très animée", None, "cp1252"))


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-8-sig", "utf-32"])
def test_wide_encodings_are_known_by_their_marks_or_their_first_bytes(encoding: str) -> None:
    assert decode(feed(PERSIAN, "utf-16", encoding)).startswith("<?xml")
    assert PERSIAN in decode(feed(PERSIAN, "utf-16", encoding))


def test_a_few_damaged_bytes_leave_utf8_readable() -> None:
    text = decode(feed(PERSIAN, "utf-8", "utf-8").replace("بازار".encode(), b"\xff\xc3(\xd9"))
    assert "برند ایرانی" in text
    assert "پتروشیمی" in text


def test_utf8_that_was_encoded_twice_is_decoded_twice() -> None:
    twice = PERSIAN.encode().decode("latin-1")
    assert PERSIAN in decode(feed(twice, "utf-8", "utf-8"))


@given(st.binary(max_size=2000), st.text(max_size=50))
def test_no_bytes_and_no_header_make_it_fail(content: bytes, header: str) -> None:
    assert isinstance(decode(content, header), str)


@given(st.text(max_size=500))
def test_text_in_utf8_comes_back_as_it_was(text: str) -> None:
    whole = "<p>سلام</p>" + text.replace("Ø", "")
    assert decode(whole.encode("utf-8", "ignore")) == whole.encode("utf-8", "ignore").decode()

import pytest

from bot.trouble import advice, why


@pytest.mark.parametrize(
    ("error", "said", "advised"),
    [
        ("http_status 503", "خطای 503", "خرابی از سمت وب‌گاه"),
        ("http_status 403", "خطای 403", "سرور شما"),
        ("http_status 403 You have exceeded your quota.", "خطای 403 داد: «You have exceeded your quota.»", "سهمیه"),
        ("http_status 400 (#18) Too many <b>hashtags</b>", "&lt;b&gt;hashtags", "سهمیه"),
        ("http_status 401 Unauthorized", "خطای 401 داد: «Unauthorized»", "کلید"),
        ("http_status 429 Too Many Requests", "خطای 429 داد: «Too Many Requests»", "آهسته‌تر"),
        ("account_unavailable", "دسترسی ندارد", "توکن"),
        ("needs_credentials X_BEARER_TOKEN", "X_BEARER_TOKEN", ".env"),
        ("something_new 7", "something_new 7", "log"),
    ],
)
def test_what_is_wrong_is_said_with_the_networks_own_words_and_what_to_do(error: str, said: str, advised: str) -> None:
    assert said in why(error, "fa").replace("\u2066", "").replace("\u2069", "").replace("\u2068", "")
    assert advised in advice(error, "fa")
    assert why(error, "en")
    assert advice(error, "en")

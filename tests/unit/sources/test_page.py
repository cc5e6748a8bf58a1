"""Pages without a feed: how they are addressed, and what sitemaps, lists and watched pages say."""

import contextlib
import gzip
import time
from itertools import batched

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitors import identity
from monitors.errors import BadSelector, NotAFeed, NothingFound, NotTheAnswer, ParseError, ParsingTooLong
from monitors.kinds import Body, Page
from monitors.sources import PLACES, kind_named, parse_body
from tests.unit.sources.golden import FIXTURES

PAGE = kind_named("page")
URL = "https://news.example.ir/news"
TERMS = (FIXTURES / "page/watch.html").read_text("utf-8")
SITEMAP = '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{}</urlset>'
INDEX = '<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{}</sitemapindex>'


def read(text: str | bytes, address: str = f"list:{URL}", cursor: str | None = None) -> Page:
    content = text if isinstance(text, bytes) else text.encode()
    return parse_body(PAGE, Body(content, PAGE.link(address)), address, cursor)


def sitemap(text: str | bytes) -> Page:
    return read(text, "sitemap:https://news.example.ir/sitemap.xml")


def watch(text: str, cursor: str | None = None, part: str = "") -> Page:
    return read(text, f"watch:https://news.example.ir/terms{part}", cursor)


# ── addresses ────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("words", "address"),
    [
        ("list https://a.example/news", "list:https://a.example/news"),
        ("List : a.example/news", "list:https://a.example/news"),
        ("watch:https://a.example/x  part = #main  > p", "watch:https://a.example/x part=#main > p"),
        ("list:https://a.example date=time;item=.a;", "list:https://a.example item=.a; date=time"),
        ("sitemap a.example/s.xml", "sitemap:https://a.example/s.xml"),
        ('list a.example item=[data-x="a=b"]', 'list:https://a.example item=[data-x="a=b"]'),
    ],
)
def test_many_spellings_are_one_address(words: str, address: str) -> None:
    assert PAGE.recognise(words) == address
    assert PAGE.recognise(address) == address


@pytest.mark.parametrize(
    "words",
    [
        "https://a.example/news",
        "a.example",
        "list",
        "listing https://a.example",
        "list:https://a.example title=h2",
        "list:https://a.example item=",
        "list:https://a.example item=.a; colour=red",
        "watch:https://a.example item=.a",
        "sitemap:https://a.example part=.a",
        "watch:ftp://a.example/x",
        "list of things",
    ],
)
def test_what_is_no_address_is_left_to_others(words: str) -> None:
    assert PAGE.recognise(words) is None


def test_a_bare_url_is_a_feed_until_it_has_none() -> None:
    assert next(kind.kind for kind in PLACES if kind.recognise("https://a.example/news")) == "feed"


def test_without_an_address_a_page_says_itself_what_it_is() -> None:
    """As `rasad parse --kind page` reads a saved page."""
    titles = []
    for name in ("news.xml", "list.html", "watch.html"):
        content = (FIXTURES / "page" / name).read_bytes()
        content = content.replace(b"</head>", b"<link rel='canonical' href='https://news.example.ir/news'></head>")
        titles.append(parse_body(PAGE, Body(content, ""), "").items[-1].title)
    assert titles == [
        "گزارش سالانه شرکت نمونه منتشر شد",
        "همکاری تازه با دانشگاه صنعتی نمونه",
        "شرایط استفاده | پاک‌نوش",
    ]


# ── sitemaps ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_newest_of_a_large_sitemap_are_read_wherever_they_stand() -> None:
    urls = "".join(
        f"<url><loc>https://a.example/{n}</loc><lastmod>2026-{n % 10 + 1:02}-10</lastmod></url>" for n in range(5000)
    )
    page = sitemap(SITEMAP.format(urls))
    assert len(page.items) == 1000
    assert page.discarded == 4000
    assert {item.published_at.month for item in page.items if item.published_at} == {9, 10}


def test_of_an_undated_sitemap_both_ends_are_read() -> None:
    urls = "".join(f"<url><loc>https://a.example/{n}</loc></url>" for n in range(5000))
    found = [item.title for item in sitemap(SITEMAP.format(urls)).items]
    assert (len(found), found[0], found[-1]) == (1000, "a.example/0", "a.example/4999")


def test_a_packed_sitemap_is_unpacked() -> None:
    packed = gzip.compress(SITEMAP.format("<url><loc>https://a.example/1/the-brand-is-back</loc></url>").encode())
    assert [item.title for item in sitemap(packed).items] == ["the brand is back"]
    with pytest.raises(ParsingTooLong):
        sitemap(gzip.compress(b"<urlset>" + b" " * 11_000_000))
    with pytest.raises(NotTheAnswer):
        sitemap(b"\x1f\x8bnot gzip")


def test_an_index_leads_to_the_part_that_changed_last() -> None:
    parts = "".join(
        f"<sitemap><loc>https://a.example/{name}.xml</loc><lastmod>{at}</lastmod></sitemap>"
        for name, at in (("pages", "2026-11-25"), ("news-1", "2026-11-01"), ("news-2", "2026-11-24T10:00:00Z"))
    )
    more = sitemap(INDEX.format(parts)).more
    assert more is not None
    assert more.url == "https://a.example/news-2.xml"


def test_an_index_without_dates_names_its_parts() -> None:
    parts = "".join(f"<sitemap><loc>https://a.example/{name}.xml</loc></sitemap>" for name in ("one", "two", "news"))
    with pytest.raises(NotAFeed) as caught:
        sitemap(INDEX.format(parts))
    assert [url.rpartition("/")[2] for url in caught.value.alternates] == ["news.xml", "two.xml", "one.xml"]


def test_a_broken_sitemap_is_read_as_far_as_it_goes() -> None:
    broken = "<urlset><url><loc>https://a.example/x?a=1&b=2</loc></url><url><loc>https://a.example/2</loc>"
    assert len(sitemap(broken).items) == 2


@pytest.mark.parametrize(
    "text", ["", "<html><body>404</body></html>", "<rss/>", "<!DOCTYPE x [<!ENTITY a 'b'>]><urlset/>"]
)
def test_what_is_no_sitemap_says_so(text: str) -> None:
    with pytest.raises(NotTheAnswer):
        sitemap(text)


# ── lists ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_selectors_find_what_structure_finds() -> None:
    html = (FIXTURES / "page/list.html").read_text("utf-8")
    by_structure = read(html, f"list:{URL}")
    by_selectors = read(html, f"list:{URL} item=article.card; title=h2; link=h2 a; date=time, .date")
    assert by_selectors.items == by_structure.items
    assert next(item.title for item in read(html, f"list:{URL} item=.most li").items).startswith("پربازدید")


def test_selectors_that_fit_nothing_are_an_error() -> None:
    html = (FIXTURES / "page/list.html").read_text("utf-8")
    with pytest.raises(NothingFound):
        read(html, f"list:{URL} item=.gone")
    with pytest.raises(BadSelector) as caught:
        read(html, f"list:{URL} item=.card >> p")
    assert caught.value.selector == ".card >> p"


@pytest.mark.parametrize("html", ["", "<html></html>", "<div id=app></div><script>render()</script>", "\x00"])
def test_a_page_without_a_list_is_an_error(html: str) -> None:
    with pytest.raises(NothingFound):
        read(html)


def test_a_card_that_is_one_link_has_its_heading_for_a_title() -> None:
    cards = "".join(
        f'<li><a href="/n/{n}"><h3>The brand opens shop {n}</h3><p>More than twenty people came to see it.</p></a></li>'
        for n in range(4)
    )
    page = read(f"<ul class='x1'>{cards}</ul>")
    assert [item.title for item in page.items] == [f"The brand opens shop {n}" for n in range(4)]
    assert page.items[0].text == "More than twenty people came to see it."


def test_rows_of_a_table_are_a_list() -> None:
    rows = "".join(
        f"<tr><td>۱۴۰۵/۰۸/{n + 10}</td><td><a href='?id={n}'>اطلاعیهٔ شمارهٔ {n} دربارهٔ عرضه</a></td></tr>"
        for n in range(3)
    )
    page = read(f"<table>{rows}</table>")
    assert [item.url for item in page.items] == [f"{URL}?id={n}" for n in range(3)]
    assert all(item.published_at for item in page.items)


def test_hostile_pages_end_in_time() -> None:
    link = "<a href='/n/{}'>words enough for a headline here</a>"
    deep = "<div class='a b c'>" * 250 + "".join(link.format(n) for n in range(12_000))
    same = "<div>" + link.format(1) * 12_000 + link.format(2) + link.format(3)
    started = time.process_time()
    for html in (deep, same, "<a href=/x>" * 60_000, "<div>" * 100_000):
        with contextlib.suppress(ParseError):
            read(html[:1_000_000])
    assert time.process_time() - started < 8


# ── watched pages ────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_change_is_told_sentence_by_sentence() -> None:
    first = watch(TERMS)
    changed = TERMS.replace("تا هفت روز", "تا سه روز").replace("نشانی باید کامل باشد!", "").replace("۳۴۵۶", "۳۴۵۷")
    second = watch(changed, first.cursor)
    (item,) = second.items
    assert item.text.splitlines() == [
        "➕ بازگرداندن کالا تا سه روز ممکن است؛ هزینهٔ پست با خریدار است.",
        "➖ بازگرداندن کالا تا هفت روز ممکن است؛ هزینهٔ پست با خریدار است.",
        "➖ نشانی باید کامل باشد!",
    ]
    assert item.title == "شرایط استفاده | پاک‌نوش"
    assert item.url
    assert item.url.startswith("https://news.example.ir/terms#:~:text=%D8%A8")
    assert watch(changed, second.cursor).items == ()


def test_each_change_is_an_article_of_its_own() -> None:
    first = watch(TERMS)
    second = watch(TERMS.replace("سه روز", "دو روز"), first.cursor)
    third = watch(TERMS, second.cursor)
    items = [*first.items, *second.items, *third.items]
    assert len({item.guid for item in items}) == 3
    assert identity.url_key(items[0].url or "")
    assert [identity.url_key(item.url or "") for item in items[1:]] == [None, None]


def test_a_part_of_a_page_is_watched_alone() -> None:
    html = "<div id=price><b>قیمت</b> امروز <i>۱۲</i> تومان</div><p>چیزی دیگر</p>"
    first = watch(html, part=" part=#price")
    assert first.cursor == "قیمت امروز ۱۲ تومان"
    assert watch(html.replace("دیگر", "تازه"), first.cursor, " part=#price").items == ()
    (item,) = watch(html.replace("۱۲", "۱۵"), first.cursor, " part=#price").items
    assert item.text == "➕ قیمت امروز ۱۵ تومان\n➖ قیمت امروز ۱۲ تومان"
    with pytest.raises(NothingFound):
        watch(html, first.cursor, " part=#gone")


@given(
    st.lists(
        st.sampled_from(["<p>", "</p>", "متن. ", "word word. ", "<a href='/1'>", "<h1>", "&zwnj;", "\x00", "<table>"])
    ),
    st.sampled_from(["", " part=p", " part=*"]),
    st.none() | st.text(max_size=20),
)
def test_no_pieces_of_pages_make_watching_fail(pieces: list[str], part: str, cursor: str | None) -> None:
    try:
        page = watch("".join(pieces), cursor, part)
    except ParseError:
        return
    assert page.cursor
    assert all(item.guid and item.text for item in page.items)


@given(st.text("abcdi.#>+~*[]='\":() ", min_size=1, max_size=20))
def test_no_selector_makes_it_fail(css: str) -> None:
    address = PAGE.recognise(f"list:{URL} item={css}")
    if address:
        with contextlib.suppress(ParseError):
            read("<ul><li class=a><a href='/1'>one</a></li></ul>", address)


@given(st.lists(st.sampled_from(["<urlset>", "<url>", "<loc>", "http://a.example/x", "</loc>", "</url>", "&", "<lastmod>",
                                 "2026-11-11", "<sitemap>", "<sitemapindex>", "</sitemap>", "<loc>//[", "\x00"])))  # fmt: skip
def test_no_pieces_of_sitemaps_make_it_fail(pieces: list[str]) -> None:
    for some in batched(["<urlset>", *pieces], 50):
        with contextlib.suppress(ParseError):
            sitemap("".join(some))

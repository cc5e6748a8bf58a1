"""Charts as their readers see them: what stands where, in which digits, inside the picture, whatever the numbers are."""

import asyncio
import itertools
import json
import re
import struct
from datetime import date, timedelta
from xml.etree.ElementTree import Element, fromstring

import pytest
import typst
from hypothesis import given
from hypothesis import strategies as st

from bot import charts
from bot.charts import Heading, Share, Trend
from bot.charts.canvas import WIDTH, fitted, name, width
from bot.charts.frame import ticks
from bot.charts.picture import FONTS
from bot.charts.trends import APART, smoothed, spread
from bot.direction import MARKS
from monitors.spikes import Hour
from monitors.store.statistics import Counts
from tests.benchmarks.charts import EN, FA, LONG, NOON, TODAY, gallery

GALLERY = dict(gallery())
SVG = "{http://www.w3.org/2000/svg}"
DAYS = {TODAY - timedelta(days=back): Counts(1, 2, 3) for back in range(6, -1, -1)}


def texts(svg: str) -> list[Element]:
    return list(fromstring(svg).iter(f"{SVG}text"))  # noqa: S314  # our own


def said(svg: str) -> list[str]:
    return [MARKS.sub("", one.text or "").replace("\u2068", "") for one in texts(svg)]


def place(svg: str, words: str) -> tuple[float, float]:
    """x and y of the text that reads so."""
    found = next(one for one, reads in zip(texts(svg), said(svg), strict=True) if reads == words)
    return float(found.attrib["x"]), float(found.attrib["y"])


@pytest.mark.parametrize("case", GALLERY)
def test_no_text_leaves_the_picture(case: str) -> None:
    for one in texts(GALLERY[case]):
        long = width(one.text or "", float(one.attrib["font-size"]), bold=one.attrib["font-weight"] == "700")
        x = float(one.attrib["x"])
        left = {"start": x, "middle": x - long / 2, "end": x - long}[one.attrib["text-anchor"]]
        assert left >= -1, one.text
        assert left + long <= WIDTH + 1, one.text


@pytest.mark.parametrize("case", [case for case in GALLERY if not case.endswith("-en") and case != "days-empty"])
def test_persian_charts_write_persian_digits_alone(case: str) -> None:
    assert not re.search("[0-9]", " ".join(said(GALLERY[case])))


async def test_a_picture_is_sharp_and_opaque() -> None:
    picture = await charts.png(GALLERY["days-7"])
    assert picture.startswith(b"\x89PNG")
    assert struct.unpack(">II", picture[16:24]) == (960, 660)
    paper = fromstring(GALLERY["days-7"])[0]  # noqa: S314
    assert (paper.attrib["width"], paper.attrib["height"], paper.attrib["fill"]) == ("640", "440", "#ffffff")


async def test_pictures_are_drawn_for_many_at_once() -> None:
    drawn = await asyncio.gather(*(charts.png(svg) for svg in GALLERY.values()))
    assert all(picture.startswith(b"\x89PNG") for picture in drawn)


def measured(words: str, weight: int) -> float:
    """Width in em as typst sets it, in the font that stands in bot/fonts."""
    source = (
        '#set text(font: "Vazirmatn", size: 100pt, dir: rtl, fallback: false, weight: int(sys.inputs.weight))\n'
        "#context [#metadata(measure(sys.inputs.words).width.pt()) <width>]"
    )
    compiler = typst.Compiler(  # type: ignore[misc]  # its stubs
        source.encode(),
        font_paths=[FONTS],
        ignore_system_fonts=True,
        sys_inputs={"words": words, "weight": str(weight)},
    )
    return float(json.loads(compiler.query("<width>", field="value", one=True))) / 100


@pytest.mark.parametrize(
    "words",
    [
        "دیجی‌کالا", "شرکت توسعهٔ فناوری اطلاعات", "اسنپ", "Rival B", "MICROSOFT Windows", "illicit till", "۱۲۳٬۴۵۶٬۷۸۹", "ششصد و شصت و شش",
        "همراه اول (سهامی عام)", "پنجشنبه", "ایران‌خودرو", "بانک ملت", "1,284 mentions", "سایپا و گروه صنعتی مپنا",
    ],
)  # fmt: skip
@pytest.mark.parametrize("bold", [False, True])
def test_widths_are_guessed_a_little_generously(words: str, bold: bool) -> None:
    real = measured(words, 700 if bold else 400)
    assert real <= width(words, 1, bold=bold) + 0.15
    assert width(words, 1, bold=bold) <= 1.45 * real


def test_persian_time_runs_from_right_to_left_and_english_from_left_to_right() -> None:
    persian, english = (charts.days(Heading("x"), DAYS, clock) for clock in (FA, EN))
    assert place(persian, "۲۸ آبان")[0] > place(persian, "۴ آذر")[0]
    assert place(english, "19 Nov")[0] < place(english, "25 Nov")[0]


def test_weeks_begin_on_saturday() -> None:
    weekdays = [place(GALLERY["heat"], day)[1] for day in ("شنبه", "یکشنبه", "دوشنبه", "پنجشنبه", "جمعه")]
    assert weekdays == sorted(weekdays)
    assert place(GALLERY["heat-en"], "Sat")[1] < place(GALLERY["heat-en"], "Mon")[1]


def test_the_busiest_hour_is_named() -> None:
    assert "شلوغ‌ترین ساعت: دوشنبه، ۱۷ تا ۱۸ (۱۲٬۴۰۰ یادکرد)" in said(GALLERY["heat-huge"])


@pytest.mark.parametrize("case", ["days-zeros", "days-empty", "shares-empty", "trends-empty", "heat-empty"])
def test_nothing_says_that_it_is_nothing(case: str) -> None:
    assert {"در این بازه یادکردی نبود", "No mention in this period"} & set(said(GALLERY[case]))


def test_a_spike_marks_its_hour_and_what_is_usual() -> None:
    hours = [Hour(NOON - timedelta(hours=back), 5 if back else 60, 2) for back in range(5, -1, -1)]
    drawn = charts.spike(Heading("جهش"), hours, [6.0] * 6, NOON + timedelta(minutes=40), FA)
    assert said(drawn).count("۶۰") == 2  # on the scale, and above the marked hour
    assert "stroke-dasharray" in drawn
    assert "stroke-dasharray" in charts.spike(Heading("جهش"), hours, [6.0] * 6, NOON + timedelta(days=9), FA)
    assert charts.spike(Heading("جهش"), [], [], NOON, FA)


def test_shares_are_ranked_and_those_beyond_eight_are_one() -> None:
    many = [Share(f"رقیب {letter}", Counts(neu=count)) for count, letter in enumerate("ابپتثجچحخد", 1)]
    read = said(charts.shares(Heading("سهم"), many, FA))
    assert [one for one in read if one.startswith("رقیب")] == [f"رقیب {letter}" for letter in "دخحچجثت"]
    assert read[read.index("دیگران") + 1] == "\u061c۱۱٪ • ۶ یادکرد"


def test_lines_are_named_at_their_newest_end_and_long_ones_are_smoothed() -> None:
    dates = [date(2026, 9, 1) + timedelta(days=day) for day in range(60)]
    drawn = charts.trends(Heading("روند"), dates, [Trend("ما", (4,) * 60, own=True), Trend("Rival", (9,) * 60)], FA)
    assert "میانگین ۷ روزه" in said(drawn)
    assert place(drawn, "ما")[0] < place(drawn, "۸ آبان")[0]
    assert smoothed((7, 0, 0, 0, 0, 0, 0, 14)) == [7, 3.5, 7 / 3, 7 / 4, 7 / 5, 7 / 6, 1, 2]


def test_today_is_called_so_and_the_way_to_it_is_dashed() -> None:
    dates = list(DAYS)
    lines = [Trend("ما", (4,) * 7, own=True), Trend("Rival", (9,) * 7)]
    assert said(charts.days(Heading("x"), DAYS, FA, TODAY)).count("امروز") == 1
    assert said(charts.trends(Heading("x"), dates, lines, EN, TODAY)).count("today") == 1
    assert charts.trends(Heading("x"), dates, lines, EN, TODAY).count("stroke-dasharray") == 2
    assert charts.trends(Heading("x"), dates[-1:], [Trend("ما", (4,))], EN, TODAY)
    assert "stroke-dasharray" not in charts.trends(Heading("x"), dates, lines, EN)


def test_names_are_words_not_markup_and_are_cut_to_fit() -> None:
    drawn = charts.shares(Heading("<script>&"), [Share('<text fill="red">&', Counts(1, 1, 1))], FA)
    assert "<script>&" in said(drawn)
    assert '<text fill="red">&' in said(drawn)
    assert fitted(LONG, 16, 200).strip("\u2068\u2069").endswith("…")
    assert width(fitted(LONG, 16, 200), 16) <= 200
    assert name("🎯 تپسی \ud800 \x07") == "\u2068تپسی\u2069"
    assert name("🚀") == "\u2068؟\u2069"


@given(st.floats(0, 1e9))
def test_a_scale_is_round_and_short_and_holds_everything(most: float) -> None:
    found = ticks(most)
    assert found[0] == 0
    assert found[-1] >= most
    assert 2 <= len(found) <= 5
    assert len({after - before for before, after in itertools.pairwise(found)}) == 1


@given(st.lists(st.floats(100, 350), max_size=8).map(sorted))
def test_names_at_the_ends_of_lines_never_touch(heights: list[float]) -> None:
    placed = spread(heights, 100, 350)
    assert all(after - before >= APART - 1e-6 for before, after in itertools.pairwise(placed))
    assert all(100 - 1e-6 <= one <= 350 + 1e-6 for one in placed)

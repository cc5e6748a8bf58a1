"""What stories promise: copies find one another within three days, whoever asks in whatever order, and memory is bounded."""

import random
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest

from monitors.language.story import StoryIndex, Told, numbered
from monitors.language.text import fold_document

START = datetime(2026, 3, 1, 8, tzinfo=UTC)
LEAD = (
    "مدیرعامل شرکت پالایش گفت واحد تازه تولید گاز در شمال پالایشگاه به بهره‌برداری رسید و نیاز واحدهای دیگر را تا پایان سال"
    " برآورده می‌کند. او هزینه این کار را ۳۲ میلیون یورو دانست."
)
OTHER = "نشست کارگروه گردشگری با سخنان استاندار آغاز شد و درباره ساخت سه اقامتگاه در روستاهای کویر گفت‌وگو کردند."


def told(
    number: int, text: str, hours: float = 0, *, title: str = "", url: str | None = None, origin: str | None = None
) -> Told:
    return Told(number, fold_document(title, text).folded, START + timedelta(hours=hours), url, origin)


def made_up(seed: int, count: int, apart: float = 0.01) -> Iterator[Told]:
    """Articles that have nothing to do with one another."""
    chance = random.Random(seed)  # noqa: S311
    words = ["".join(chance.choices("ابپتجدرسشکگلمنوهی", k=5)) for _ in range(4000)]
    for number in range(count):
        yield told(1000 * seed + number, " ".join(chance.choices(words, k=40)), number * apart)


def test_a_copy_belongs_to_the_story_of_the_first() -> None:
    index = StoryIndex()
    first = index.assign(told(7, LEAD))
    assert (first.story_id, first.similarity, first.like) == (7, 0.0, None)
    copy = index.assign(told(9, f"به گزارش ایسنا، {LEAD[:130]}", 2, title="گاز بیشتر در شمال پالایشگاه"))
    assert (copy.story_id, copy.like) == (7, 7)
    assert copy.similarity > 0.7
    assert index.assign(told(11, OTHER, 3)).story_id == 11


def test_a_known_article_keeps_its_story() -> None:
    index = StoryIndex()
    index.assign(told(1, LEAD))
    index.assign(told(2, LEAD, 1))
    again = index.assign(told(2, OTHER, 2))
    assert (again.story_id, again.similarity) == (1, 1.0)
    assert len(index) == 2


@pytest.mark.parametrize(("hours", "story"), [(71, 1), (73, 2)])
def test_three_days_later_it_is_another_story(hours: float, story: int) -> None:
    index = StoryIndex()
    index.assign(told(1, LEAD))
    assert index.assign(told(2, LEAD, hours)).story_id == story


def test_a_story_lives_on_by_its_copies() -> None:
    index = StoryIndex()
    stories = [index.assign(told(number, LEAD, hours)).story_id for number, hours in enumerate((0, 60, 120), 1)]
    assert stories == [1, 1, 1]


def test_what_was_told_days_ago_is_forgotten() -> None:
    index = StoryIndex()
    for article in made_up(1, 500):
        index.assign(article)
    index.assign(told(1, LEAD, 100))
    assert len(index) == 1
    assert index.assign(told(2, LEAD, 101)).story_id == 1


def test_memory_follows_what_is_kept_at_a_time() -> None:
    """Ten times as many articles, at the same pace, take no more of it."""
    index = StoryIndex(timedelta(hours=2))
    sizes = []
    for article in made_up(2, 4000):
        index.assign(article)
        sizes.append(index.size)
    assert max(sizes[400:]) <= 2 * sizes[400]
    assert len(index) <= 202


def test_forwarded_posts_belong_together_whatever_they_say() -> None:
    index = StoryIndex()
    post = "https://t.me/shahr_khabar/120"
    assert index.assign(told(1, "فوری", url="https://t.me/other/5", origin=post)).story_id == 1
    assert index.assign(told(2, OTHER, 1, origin=post)).story_id == 1
    assert index.assign(told(3, "", 2, url=post)).story_id == 1
    assert index.assign(told(4, "همین", 3, origin="https://t.me/other/5")).story_id == 1


def test_a_channel_is_nobodys_origin() -> None:
    index = StoryIndex()
    index.assign(told(1, LEAD, origin="https://t.me/shahr_khabar"))
    assert index.assign(told(2, OTHER, 1, origin="https://t.me/shahr_khabar")).story_id == 2


def test_origins_are_forgotten_with_their_articles() -> None:
    index = StoryIndex()
    post = "https://t.me/shahr_khabar/120"
    for number, hours in enumerate((0, 50, 160, 200), 1):
        index.assign(told(number, "", hours, origin=post))
    assert index.assign(told(9, "", 201, origin=post)).story_id == 3


def test_texts_of_a_few_words_are_stories_of_their_own() -> None:
    index = StoryIndex()
    assert [index.assign(told(number, "سلام دوستان", number)).story_id for number in (1, 2, 3)] == [1, 2, 3]
    assert index.assign(told(4, "")).story_id == 4


def test_a_refilled_index_answers_as_the_one_before_the_restart() -> None:
    articles = [*made_up(3, 300), told(1, LEAD, 3.5), told(2, LEAD, 3.6)]
    before = StoryIndex()
    stored = [(article, before.assign(article).story_id) for article in articles]
    after = StoryIndex()
    after.refill(stored)
    for late in (told(5, LEAD, 4), told(6, OTHER, 4.1), told(7, "", 5), told(2, LEAD, 6)):
        assert after.assign(late) == before.assign(late)
    assert len(after) == len(before)


def test_a_story_may_be_older_than_what_is_refilled() -> None:
    index = StoryIndex()
    index.refill([(told(50, LEAD), 3)])
    assert index.assign(told(51, LEAD, 1)).story_id == 3


def test_late_news_finds_its_story() -> None:
    index = StoryIndex()
    index.assign(told(1, LEAD, 10))
    assert index.assign(told(2, LEAD, 4)).story_id == 1


def test_a_copy_is_found_among_many() -> None:
    index = StoryIndex()
    many = list(made_up(4, 3000))
    for article in many:
        index.assign(article)
    for article in many[::100]:
        words = article.folded.split()
        copy = told(article.article_id + 100_000, " ".join(words[:25]), 30)
        assert index.assign(copy).story_id == article.article_id


def test_threads_may_share_an_index() -> None:
    index = StoryIndex()
    articles = list(made_up(5, 400))
    with ThreadPoolExecutor(4) as threads:
        placed = list(threads.map(index.assign, articles))
    assert [one.story_id for one in placed] == [article.article_id for article in articles]
    assert len(index) == 400


def test_stories_are_numbered_in_the_order_given() -> None:
    articles = [told(1, OTHER, 5), told(2, LEAD, 9), told(3, LEAD, 2), told(4, OTHER, 100), told(5, LEAD, 3)]
    assert list(numbered(articles)) == [1, 2, 2, 3, 2]
    assert list(numbered(articles[::-1])) == [1, 2, 1, 1, 3]
    assert list(numbered([])) == []

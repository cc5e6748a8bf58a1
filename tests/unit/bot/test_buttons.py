"""Labels of buttons are plain text: no markup is read there, so nothing is escaped."""

from bot.commands.command import button


def test_a_label_shows_names_as_they_are() -> None:
    assert "A & B <c>" in button("removesource.one", "fa", "removesource 1", title="A & B <c>").label

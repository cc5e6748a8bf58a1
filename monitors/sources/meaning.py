"""What a person's words may mean: which kinds of source, at which addresses. Asks the kinds, and nobody else. Pure.

    a URL            the first kind that knows its site, else the kinds that take any URL, in their order
    @name, #tag, r/… every kind that reads it as its own: more than one, and the person has to say
    name             as above, for each way in which networks write a name, and where addresses are names
    network words    only the kinds that are called so: "reddit iran", "iran reddit"
    host words       what lives on a host of its own: "#tag mastodon.social" is "#tag@mastodon.social"
What lives here: reading the words. What does not: reading the source (scout.py), asking the person (bot/commands/).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from monitors.kinds import SourceKind

_ANY_URL = "https://any.example/page"
_NAMES = ("@{}", "#{}", "r/{}")  # how networks write the name of a person, a subject, a community


@dataclass(frozen=True, slots=True)
class Meaning:
    """A source that some words may mean."""

    kind: SourceKind
    address: str


def meanings(words: str, kinds: Sequence[SourceKind], names: Mapping[str, str]) -> tuple[Meaning, ...]:
    """The sources that the words may mean, likeliest first; nothing where no kind reads them. `names` are further names of
    kinds, in the languages of people, by kind."""
    words = words.strip()
    if read := _as_written(words, kinds):
        return read
    first, _, after = words.partition(" ")
    before, _, last = words.rpartition(" ")
    for network, rest in ((first, after), (last, before)):
        called = [kind for kind in kinds if rest and _is_called(network, kind, names)]
        if read := _as_written(rest.strip(), called) or _as_name(rest.strip(), called):
            return read
        if is_url(network, kinds) and (read := _as_written(f"{rest.strip()}@{network}", kinds)):
            return read
    return _as_name(words, kinds)


def named(words: str, kinds: Sequence[SourceKind]) -> SourceKind | None:
    """The kind whose network is one of the words, where nothing else of them is understood."""
    said = words.lower().split()
    return next((kind for kind in kinds if kind.kind.partition("_")[0] in said), None)


def is_url(words: str, kinds: Sequence[SourceKind]) -> bool:
    """Whether the words are an address on the web, for kinds that take any."""
    return any(kind.recognise(words) for kind in kinds if _takes_any(kind))


def _as_written(words: str, kinds: Sequence[SourceKind]) -> tuple[Meaning, ...]:
    knowing = _read([kind for kind in kinds if not _takes_any(kind)], words)
    general = _read([kind for kind in kinds if _takes_any(kind)], words)
    return knowing[:1] if knowing and general else knowing or general


def _as_name(words: str, kinds: Sequence[SourceKind]) -> tuple[Meaning, ...]:
    if not words or " " in words:
        return ()
    knowing = [kind for kind in kinds if not _takes_any(kind)]
    found = [meaning for form in _NAMES for meaning in _read(knowing, form.format(words))]
    found += [meaning for kind in knowing if (meaning := _by_link(kind, words))]
    return tuple({(one.kind.kind, one.address): one for one in found}.values())


def _by_link(kind: SourceKind, name: str) -> Meaning | None:
    """The kind's place of that name, where its addresses are names: the link that it makes of one leads back to it."""
    try:
        address = kind.recognise(kind.link(name))
    except (ValueError, LookupError):  # no address of this kind
        return None
    return Meaning(kind, address) if address and address.lower() == name.lower() else None


def _read(kinds: Sequence[SourceKind], words: str) -> tuple[Meaning, ...]:
    return tuple(Meaning(kind, address) for kind in kinds if (address := kind.recognise(words)))


def _takes_any(kind: SourceKind) -> bool:
    return kind.recognise(_ANY_URL) is not None


def _is_called(word: str, kind: SourceKind, names: Mapping[str, str]) -> bool:
    return word.lower() in {*kind.kind.split("_"), *names.get(kind.kind, "").lower().split()}

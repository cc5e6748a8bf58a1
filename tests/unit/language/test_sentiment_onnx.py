"""A classifier of one's own in a folder; the test makes a tiny one: «بد» is negative, «خوب» positive."""

from pathlib import Path

import numpy as np
import pytest

from monitors.language.passage import Passage

onnx = pytest.importorskip("onnx")
pytest.importorskip("onnxruntime")
tokenizers = pytest.importorskip("tokenizers")

from monitors.language.sentiment_onnx import Onnx  # noqa: E402  # needs the extra

WORDS = {"[UNK]": 0, "بد": 1, "خوب": 2}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    tokenizer = tokenizers.Tokenizer(tokenizers.models.WordLevel(WORDS, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = tokenizers.pre_tokenizers.Whitespace()
    tokenizer.save(str(tmp_path / "tokenizer.json"))
    weights = np.array([[0, 0, 0], [9, 0, 0], [0, 0, 9]], np.float32)
    helper = onnx.helper
    graph = helper.make_graph(
        [
            helper.make_node("Gather", ["weights", "input_ids"], ["rows"]),
            helper.make_node("ReduceSum", ["rows", "axis"], ["scores"], keepdims=0),
        ],
        "tiny",
        [helper.make_tensor_value_info("input_ids", onnx.TensorProto.INT64, [1, None])],
        [helper.make_tensor_value_info("scores", onnx.TensorProto.FLOAT, [1, 3])],
        [
            onnx.numpy_helper.from_array(weights, "weights"),
            onnx.numpy_helper.from_array(np.array([1], np.int64), "axis"),
        ],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
    onnx.save(model, tmp_path / "model.onnx")
    (tmp_path / "labels.txt").write_text("negative\nneutral\npositive\n", encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(("said", "label"), [("بد", "neg"), ("خوب", "pos")])
def test_the_folders_classifier_has_its_say(folder: Path, said: str, label: str) -> None:
    found = Onnx(folder).judge(Passage(f"آریو {said} {said}", ((0, 4),)), "fa", "")
    assert found.label == label
    assert all(words in f"آریو {said} {said}" for words in found.evidence)


def test_a_classifier_of_two_labels_leaves_neutral_to_the_light_model(folder: Path) -> None:
    (folder / "labels.txt").write_text("negative\nother\npositive\n", encoding="utf-8")
    assert Onnx(folder).judge(Passage("نشست خبری آریو فردا برگزار می‌شود", ((10, 14),)), "fa", "").label == "neu"


def test_a_folder_that_lacks_a_file_names_it(folder: Path) -> None:
    (folder / "model.onnx").unlink()
    with pytest.raises(FileNotFoundError, match=r"model\.onnx"):
        Onnx(folder)


def test_labels_that_are_none_are_refused(folder: Path) -> None:
    (folder / "labels.txt").write_text("LABEL_0\nLABEL_1\nLABEL_2\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"labels\.txt"):
        Onnx(folder)

"""What is counted of a model's answers, by numbers worked out by hand."""

import numpy as np
import pytest

from monitors.training.evaluation import Confusion, confusion_of

# Three of class 0, of which one is said to be 1; one of class 1, rightly; one of class 2, said to be 0.
CONFUSION = Confusion(confusion_of(np.array([0, 0, 0, 1, 2]), np.array([0, 0, 1, 1, 0]), 3))


def test_counts_stand_by_what_is_so_and_what_was_said() -> None:
    assert CONFUSION.confusion.tolist() == [[2, 1, 0], [0, 1, 0], [1, 0, 0]]


def test_recall_goes_by_what_is_so_and_precision_by_what_was_said() -> None:
    assert CONFUSION.recall.tolist() == pytest.approx([2 / 3, 1, 0])
    assert CONFUSION.precision.tolist() == pytest.approx([2 / 3, 1 / 2, 0])


def test_each_mean_of_f1_weighs_the_classes_its_own_way() -> None:
    assert CONFUSION.f1.tolist() == pytest.approx([2 / 3, 2 / 3, 0])
    assert CONFUSION.accuracy == pytest.approx(3 / 5)
    assert CONFUSION.macro_f1 == pytest.approx(4 / 9)
    assert CONFUSION.weighted_f1 == pytest.approx((3 * 2 / 3 + 2 / 3) / 5)


def test_a_class_that_does_not_occur_is_no_part_of_the_macro_mean() -> None:
    two_of_three = Confusion(confusion_of(np.array([0, 2]), np.array([0, 2]), 3))
    assert two_of_three.macro_f1 == pytest.approx(1.0)

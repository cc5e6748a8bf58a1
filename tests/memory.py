"""How much memory a process took. Not by its own ru_maxrss, which begins with the memory of the process that forked it."""

import resource
from pathlib import Path


def peak() -> float:
    """MiB at the most so far: of this process since its exec, or of one of its ended children, if that took more."""
    status = Path("/proc/self/status").read_text()
    own = next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM:"))
    return max(own, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss) / 1024

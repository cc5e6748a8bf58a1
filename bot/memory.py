"""Memory that is not taken: what is asked of imports before they are made, and of the C library before the first thread.

What lives here: those two calls. What does not: how much the rest of the process takes.
"""

import ctypes
import gc
import os
import sys
from collections.abc import Iterator
from pathlib import Path

# Of glibc's <malloc.h>: one heap for all threads; pieces of 64 kB and more by themselves, so that they can go back; and the
# heap's free end too, however large it was.
_OPTIONS = {-8: 1, -3: 1 << 16, -1: 1 << 17}  # M_ARENA_MAX, M_MMAP_THRESHOLD, M_TRIM_THRESHOLD
_NOT_NEEDED = 4  # MADV_DONTNEED of Linux's <sys/mman.h>


def import_less() -> None:
    """Keeps structlog from importing rich, which colours tracebacks that logs.py does not show: three megabytes. And numpy from
    threads, which spin at the start and have nothing to do here."""
    sys.modules.setdefault("rich", None)  # type: ignore[arg-type]  # an import that fails, as Python documents it
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")


def keep_small() -> None:
    """One heap that shrinks again, without what the imports left behind: about 10 MB less, and as much of code that only they
    needed. Does nothing where there is no glibc."""
    try:
        library = ctypes.CDLL("libc.so.6")
        for option, value in _OPTIONS.items():
            library.mallopt(option, value)
        gc.collect()
        gc.freeze()  # what was imported stays; later collections need not look at it
        library.malloc_trim(0)
        for start, end in _code():
            library.madvise(ctypes.c_void_p(start), ctypes.c_size_t(end - start), _NOT_NEEDED)
    except (OSError, AttributeError):
        return


def _code() -> Iterator[tuple[int, int]]:
    """Where the code of libraries and of Python is mapped. What of it is let go and needed again, the kernel takes from the file,
    mostly from its cache; nothing was ever written there."""
    python = str(Path(sys.executable).resolve())
    for line in Path("/proc/self/maps").read_text(encoding="utf-8").splitlines():
        extent, rights, _, _, _, *file = line.split(maxsplit=5)
        if rights == "r-xp" and file and (".so" in file[0] or file[0] == python):
            start, end = extent.split("-")
            yield int(start, 16), int(end, 16)

"""Memory that is not taken: what is asked of imports before they are made, and of the C library before the first thread.

What lives here: those two calls. What does not: how much the rest of the process takes.
"""

import ctypes
import gc
import os
import sys

# Of glibc's <malloc.h>: one heap for all threads; pieces of 64 kB and more by themselves, so that they can go back; and the
# heap's free end too, however large it was.
_OPTIONS = {-8: 1, -3: 1 << 16, -1: 1 << 17}  # M_ARENA_MAX, M_MMAP_THRESHOLD, M_TRIM_THRESHOLD


def import_less() -> None:
    """Keeps structlog from importing rich, which colours tracebacks that logs.py does not show: three megabytes. And numpy from
    threads, which spin at the start and have nothing to do here."""
    sys.modules.setdefault("rich", None)  # type: ignore[arg-type]  # an import that fails, as Python documents it
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")


def keep_small() -> None:
    """One heap that shrinks again, without what the imports left behind: about 10 MB less. Does nothing where there is no glibc."""
    try:
        library = ctypes.CDLL("libc.so.6")
        for option, value in _OPTIONS.items():
            library.mallopt(option, value)
        gc.collect()
        gc.freeze()  # what was imported stays; later collections need not look at it
        library.malloc_trim(0)
    except (OSError, AttributeError):
        return

"""Memory that is not taken: what is asked of imports before they are made, and of the C library before the first thread.

What lives here: those two calls. What does not: how much the rest of the process takes.
"""

import ctypes
import gc
import sys

_ARENA_MAX = -8  # M_ARENA_MAX of glibc's <malloc.h>


def import_less() -> None:
    """Keeps structlog from importing rich, which colours tracebacks that logs.py does not show: three megabytes."""
    sys.modules.setdefault("rich", None)  # type: ignore[arg-type]  # an import that fails, as Python documents it


def keep_small() -> None:
    """One heap for all threads, without what the imports left behind: 7 to 10 MB less. Does nothing where there is no glibc."""
    try:
        library = ctypes.CDLL("libc.so.6")
        library.mallopt(_ARENA_MAX, 1)
        gc.collect()
        gc.freeze()  # what was imported stays; later collections need not look at it
        library.malloc_trim(0)
    except (OSError, AttributeError):
        return

"""What nobody uses any more in, room for the system out. Frees nothing that is in use.

Both ask the C library, and do nothing where that is not glibc.
"""

import ctypes
import gc
from contextlib import suppress
from typing import Final

_M_ARENA_MAX: Final = -8
"""Of `malloc.h`."""

ARENAS: Final = 2
"""Pools that threads allocate from. With glibc's eight for each core, the threads that write an index left something behind
in one after the other: adding an article a hundred times took 100 MB, and with two it takes 20.
"""


def keep_together() -> None:
    """Let the threads of this process, and of those copied from it, allocate from a few pools; call it before they begin."""
    with suppress(AttributeError, OSError):
        ctypes.CDLL(None).mallopt(_M_ARENA_MAX, ARENAS)


def give_back() -> None:
    """Collect what holds itself in cycles, and hand the system the pages that are free: the C library keeps those below the
    last one in use, which after a change of versions are tens of MB.
    """
    gc.collect()
    with suppress(AttributeError, OSError):
        ctypes.CDLL(None).malloc_trim(0)

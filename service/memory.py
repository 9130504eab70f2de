"""What nobody uses any more in, room for the system out. Frees nothing that is in use."""

import ctypes
import gc
from contextlib import suppress


def give_back() -> None:
    """Collect what holds itself in cycles, and hand the system the pages that are free: the C library keeps those below the
    last one in use, which after a change of versions are tens of MB (`malloc_trim`; no other C library than glibc has it).
    """
    gc.collect()
    with suppress(AttributeError, OSError):
        ctypes.CDLL(None).malloc_trim(0)

"""Writing in, one error out where the disk is full, read only or failing: what, which, and what to do. Knows no formats."""

import errno
import io
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from index.errors import WriteError

_OF_THE_DISK: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EIO})
_OF_SQLITE: Final = frozenset(
    {sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY}
)


@contextmanager
def as_write_error(folder: Path) -> Iterator[None]:
    """What the disk refuses while something is written in a folder, as a WriteError; other errors as they are."""
    try:
        yield
    except OSError as error:
        if error.errno not in _OF_THE_DISK:
            raise
        raise WriteError(folder, error.strerror or str(error)) from error
    except sqlite3.Error as error:
        if error.sqlite_errorcode & 0xFF not in _OF_SQLITE:
            raise
        raise WriteError(folder, str(error)) from error


def save_array(path: Path, array: NDArray[Any]) -> None:
    """The same file as `np.save` writes, which does not tell when the end of it finds no room."""
    head = io.BytesIO()
    np.lib.format.write_array_header_1_0(head, np.lib.format.header_data_from_array_1_0(array))
    with path.open("wb") as file:
        file.write(head.getvalue())
        file.write(np.ascontiguousarray(array).data.cast("B") if array.size else b"")


def sync(path: Path) -> None:
    """Have a file or the names in a folder on disk before anything else is done."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)

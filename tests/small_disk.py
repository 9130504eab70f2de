"""A disk that fills up and a folder that nothing can be written to, made by the kernel: a small file system of its own
where one may be mounted, else limits of the process.
"""

import os
import resource
import stat
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

SIZE_MB = 64


@dataclass(frozen=True, slots=True)
class Disk:
    """`folder` is on it; `mounted` where it is a file system of its own, so that other processes meet its faults too."""

    folder: Path
    mounted: bool

    @contextmanager
    def with_room_for(self, size_bytes: int) -> Iterator[None]:
        """While it lasts, no more than so many bytes can be written: ENOSPC, or EFBIG for a file that would be larger."""
        if self.mounted:
            yield from self._filled(size_bytes)
            return
        soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (size_bytes, hard))
        try:
            yield
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))

    @contextmanager
    def read_only(self) -> Iterator[None]:
        """While it lasts, nothing can be written."""
        if self.mounted:
            _mount("-o", "remount,ro", str(self.folder))
            try:
                yield
            finally:
                _mount("-o", "remount,rw", str(self.folder))
            return
        folders = [self.folder, *(path for path in self.folder.rglob("*") if path.is_dir())]
        for path in folders:
            path.chmod(stat.S_IRUSR | stat.S_IXUSR)
        try:
            yield
        finally:
            for path in folders:
                path.chmod(stat.S_IRWXU)

    def _filled(self, left_bytes: int) -> Iterator[None]:
        filler = self.folder / "filler"
        free = os.statvfs(self.folder)
        with filler.open("wb") as file:
            os.posix_fallocate(file.fileno(), 0, max(1, free.f_bavail * free.f_frsize - left_bytes))
        try:
            yield
        finally:
            filler.unlink()


@contextmanager
def small_disk(folder: Path, *, mount: bool = True) -> Iterator[Disk]:
    """A disk at this folder, which is empty."""
    folder.mkdir()
    mounted = mount and _mount("-t", "tmpfs", "-o", f"size={SIZE_MB}m", "tmpfs", str(folder))
    try:
        yield Disk(folder, mounted)
    finally:
        if mounted:
            subprocess.run(["umount", "--lazy", str(folder)], check=True)


def _mount(*words: str) -> bool:
    return subprocess.run(["mount", *words], capture_output=True, check=False).returncode == 0

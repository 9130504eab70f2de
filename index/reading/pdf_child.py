"""Paths of PDF files on standard input, their articles on standard output, as JSON Lines: `python -m index.reading.pdf_child`.

In: `["path", "source"]`. Out: `{"article": {...}}`, `{"error": reason}`, `{}` while it goes on, `{"done": true}`. The
process limits its own memory, and ends when its input does or when nothing was asked for a while.
"""

import json
import resource
import select
import sys
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path

from index.article import Article
from index.errors import SourceError
from index.reading.pdf_document import read_document

MEMORY_BYTES = 2 * 2**30
_IDLE_S = 60.0


def main() -> int:
    """Answer until the input ends."""
    for limit, bound in ((resource.RLIMIT_AS, MEMORY_BYTES), (resource.RLIMIT_CORE, 0)):
        _, hard = resource.getrlimit(limit)
        resource.setrlimit(limit, (bound if hard == resource.RLIM_INFINITY else min(bound, hard), hard))
    _tell({})  # it runs
    while select.select([sys.stdin], [], [], _IDLE_S)[0]:
        line = sys.stdin.readline()
        if not line:
            break
        path, source = json.loads(line)
        try:
            for read in read_document(Path(path), source):
                _tell(_message(read))
        except MemoryError:
            _tell({"error": "needs too much memory; split it into smaller files"})
        except Exception as error:
            _tell({"error": f"cannot be laid out ({type(error).__name__}: {error}); print it to a new PDF"})
        _tell({"done": True})
    return 0


def _message(read: Article | SourceError | None) -> Mapping[str, object]:
    if read is None:
        return {}
    return {"error": read.reason} if isinstance(read, SourceError) else {"article": asdict(read)}


def _tell(message: Mapping[str, object]) -> None:
    sys.stdout.write(json.dumps(message) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())

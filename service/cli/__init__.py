"""The `wence` command: words in, exit status out. 0 done, 1 some inputs could not be used, 2 nothing could be done."""

import os
import sys

from embeddings.errors import EncoderError
from index.errors import WenceIndexError
from service.cli.arguments import parse
from service.errors import ServiceError

NOTHING_DONE = 2


def main(argv: list[str] | None = None) -> int:
    """Run one command. Every expected failure is one line on stderr that says what, which, and what to do."""
    arguments = parse(sys.argv[1:] if argv is None else argv)
    try:
        status = arguments.run(arguments)
        sys.stdout.flush()
    except (WenceIndexError, EncoderError, ServiceError) as error:
        return _fail(str(error))
    except BrokenPipeError:  # the reader of our output has enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as error:
        return _fail(f"{error.filename or ''}: {error.strerror or error}".removeprefix(": "))
    except KeyboardInterrupt:
        return 130
    return int(status)


def _fail(message: str) -> int:
    print(f"wence: {' '.join(message.split())}", file=sys.stderr)
    return NOTHING_DONE

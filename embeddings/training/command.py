"""What the commands that train have in common: how they tell what they do, and what is wrong with their words."""

import argparse
import sys
from typing import NoReturn


def say(line: str) -> None:
    """Progress, for people."""
    print(line, file=sys.stderr, flush=True)  # noqa: T201


class Parser(argparse.ArgumentParser):
    """Tells what is wrong in one line."""

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"{self.prog}: {message}; `{self.prog} --help` shows the usage\n")

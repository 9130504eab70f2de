"""The command that trains built-in models; each recipe reads its own arguments."""

from argparse import Namespace


def train(arguments: Namespace) -> int:
    """Hand the words after the model's name to its recipe."""
    from embeddings.training.recipe import main  # noqa: PLC0415 - torch is for training alone

    return main(arguments.words)

"""The command that trains built-in models; each recipe reads its own arguments."""

from argparse import Namespace


def train(arguments: Namespace) -> int:
    """Hand the words after the model's name to its recipe."""
    # a recipe's engines (torch, lightgbm) are for training alone
    if arguments.model == "spans":
        from service.spans.training.recipe import main  # noqa: PLC0415
    elif arguments.model == "lines":
        from service.lines.training.recipe import main  # noqa: PLC0415
    elif arguments.model == "reader":
        from service.reader.training.recipe import main  # noqa: PLC0415
    else:
        from embeddings.training.recipe import main  # noqa: PLC0415

    return main(arguments.words)

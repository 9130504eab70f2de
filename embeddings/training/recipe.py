"""`wence train encoder`: files of text in, a folder with a trained static encoder and its model card out."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from embeddings.errors import EncoderError
from embeddings.static import write_static_model
from embeddings.training.card import Run, write_card
from embeddings.training.checkpoint import Checkpoint, run_key
from embeddings.training.command import Parser, say
from embeddings.training.cooccurrence import token_vectors
from embeddings.training.documents import read_documents, source_files
from embeddings.training.fitting import Recipe, fit
from embeddings.training.sampling import PairTable, number_pairs
from embeddings.training.trial import measure
from embeddings.training.vocabulary import build_tokenizer

_TOKENS_FOR_START = 20_000_000


def train_encoder(sources: Sequence[Path], out_dir: Path, recipe: Recipe, *, hold_out: int = 12) -> None:
    """Writes a trained model and its card to `out_dir`, progress to stderr. Raises EncoderError, OSError.

    Equal input on one machine gives equal weights. The state of the run is kept in `out_dir`.training until it is over:
    the same call after an interruption goes on from there.
    """
    files = [path for found in source_files(sources) for path in found]
    settings = {**asdict(recipe), "hold_out": hold_out}
    checkpoint = Checkpoint(out_dir.with_name(out_dir.name + ".training"), run_key(files, settings))
    prepared = checkpoint.prepared()
    if prepared is None:
        prepared = _prepare(sources, recipe, hold_out)
        checkpoint.keep(*prepared)
    arrays, record = prepared
    tokenizer, pairs = Tokenizer.from_str(record["tokenizer"]), PairTable.from_arrays(arrays)
    table, fit_s = fit(pairs, arrays["start"], recipe, checkpoint, say)
    table[0] = 0
    write_static_model(out_dir, tokenizer, (table / np.abs(table).max()).astype(np.float16))
    passages, recalls = measure(out_dir, sources, hold_out) if hold_out else (0, [])
    run = Run(
        sources=sources,
        documents=int(np.sum(~pairs.asked)),
        asked=int(np.sum(pairs.asked)),
        pairs=len(pairs.answer),
        tokens=len(table),
        recipe=recipe,
        hold_out=hold_out,
        minutes=(record["seconds"] + fit_s) / 60,
        passages=passages,
        recalls=recalls,
    )
    write_card(out_dir, run)
    checkpoint.forget()
    say(f"written to {out_dir}, with its card")


def _prepare(sources: Sequence[Path], recipe: Recipe, hold_out: int) -> tuple[dict[str, NDArray[Any]], dict[str, Any]]:
    """What takes minutes and needs no step: tokenizer, pairs with hard negatives, starting vectors."""
    begun = time.monotonic()
    documents = read_documents(sources, hold_out=hold_out)
    if len(documents) < 2:
        raise EncoderError(f"{len(documents)} documents to train on: give at least 2, better 10,000")
    say(f"{len(documents):,} documents; vocabulary …")
    tokenizer = build_tokenizer((p for d in documents for p in (d.title, *d.passages)), size=recipe.vocabulary_size)
    say("pairs …")
    pairs = number_pairs(documents, tokenizer, Random(recipe.seed), say)  # noqa: S311
    say("starting vectors …")
    start = token_vectors(
        pairs.passages.ids[:_TOKENS_FOR_START],
        size=tokenizer.get_vocab_size(),
        dimension=recipe.dimension,
        window=6,
        seed=recipe.seed,
    )
    return {**pairs.to_arrays(), "start": start}, {
        "tokenizer": tokenizer.to_str(),
        "seconds": time.monotonic() - begun,
    }


def main(argv: Sequence[str] | None = None) -> int:
    """`wence train encoder`: text in, a model folder out; run again after an interruption, it goes on."""
    parser = Parser(prog="wence train encoder", description=main.__doc__)
    parser.add_argument(
        "sources",
        nargs="+",
        type=Path,
        metavar="PATH",
        help="folders or files of text: .txt, .md, .jsonl or .jsonl.xz rows of {text, title?} or {context, question, answers}",
    )
    parser.add_argument("--out", type=Path, required=True, help="the model's folder")
    parser.add_argument(
        "--hold-out", type=int, default=12, help="leave out every n-th article to measure on; 0 for none"
    )
    for name in ("seed", "steps", "batch_size", "vocabulary_size", "dimension"):
        parser.add_argument("--" + name.replace("_", "-"), type=int, default=getattr(Recipe(), name))
    given = vars(parser.parse_args(argv))
    sources, out, hold_out = given.pop("sources"), given.pop("out"), given.pop("hold_out")
    try:
        train_encoder(sources, out, Recipe(**given), hold_out=hold_out)
    except (EncoderError, OSError) as error:
        say(f"wence train encoder: {error}")
        return 2
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

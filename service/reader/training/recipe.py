"""`wence train reader`: text and questions in, a folder with a trained extractive reader and its model card out."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, fields
from itertools import chain
from pathlib import Path
from typing import Any, get_args

from tokenizers import Tokenizer

from embeddings.errors import EncoderError
from embeddings.training.checkpoint import Checkpoint, run_key
from embeddings.training.command import Parser, say
from embeddings.training.documents import source_files
from service.errors import ModelError
from service.pretrained import Precision, device_of, no_bars
from service.reader.training.card import Facts, write_card
from service.reader.training.characters import as_pretrained, build_tokenizer
from service.reader.training.examples import asked_examples, made_examples, read_questions, read_texts
from service.reader.training.fitting import Recipe, Run, fit
from service.reader.training.scoring import score
from service.reader.training.state import saved
from service.reader.training.tables import Table, lay_out
from service.reader.transformer import TransformerReader

_MADE_SHARE = 0.8
"""Characters of a self-made question's context, as a share of a window's tokens."""


def train_reader(
    sources: Sequence[Path], questions: Sequence[Path], out_dir: Path, recipe: Recipe, *,
    evaluate: Sequence[Path] = (), minutes: float = 0.0, save_every: int = 500, device: str | None = None,
    tell: Callable[[str], None] = say,
) -> None:  # fmt: skip
    """Writes a trained reader and its card to `out_dir`. Raises ModelError, EncoderError, OSError.

    `sources` are texts, `questions` and `evaluate` files of questions; what shares a context with the latter is not
    trained on. `minutes`, 0 for no limit, end the training, counted over all tries. The state is kept in
    `out_dir`.training every `save_every` steps: the same call after an interruption goes on from there.
    """
    begun = time.monotonic()
    no_bars()
    measured = [(path, read_questions([path])) for path in evaluate]
    _check(recipe)
    files = [path for found in source_files(sources) for path in found] + [*questions, *evaluate]
    checkpoint = Checkpoint(out_dir.with_name(out_dir.name + ".training"), run_key(files, asdict(recipe)))
    prepared = checkpoint.prepared()
    if prepared is None:
        hidden = {row["context"] for _, rows in measured for row in rows}
        prepared = _prepare(sources, questions, hidden, recipe, tell)
        checkpoint.keep(*prepared)
    arrays, record = prepared
    table = Table(**arrays)
    tokenizer = as_pretrained(Tokenizer.from_str(record["tokenizer"]), longest=recipe.longest)
    progress = saved(checkpoint.folder)
    where = device_of(device)
    run = Run(where, checkpoint.folder, minutes, save_every, begun - (progress.seconds if progress else 0.0), tell)
    fitted = fit(table, recipe, len(tokenizer), run)
    trained_minutes = run.seconds() / 60
    network = fitted.network.float().cpu().eval()
    network.half().save_pretrained(out_dir)
    tokenizer.save_pretrained(out_dir)
    (out_dir / "model.safetensors").chmod(0o644)  # the engine writes it for its owner alone
    tell(f"trained in {trained_minutes:.1f} minutes; measuring …")
    reader = TransformerReader(str(out_dir), device=device, longest=recipe.longest)
    facts = Facts(
        sources, questions, int(record["texts"]), int(record["asked"]), len(table.first), recipe, fitted, str(where),
        trained_minutes, [(path, score(reader, rows)) for path, rows in measured],
    )  # fmt: skip
    write_card(out_dir, facts)
    checkpoint.forget()
    for path, found in facts.scores:
        tell(f"{path.name}: EM {found.exact:.1%}, F1 {found.f1:.1%} of {found.answered:,} answerable questions")
    tell(f"written to {out_dir}, with its card")


def _check(recipe: Recipe) -> None:
    """Raise ModelError where the settings contradict each other."""
    if recipe.width % recipe.heads:
        raise ModelError(f"width {recipe.width} cannot be shared by {recipe.heads} heads: choose a multiple")
    if recipe.accumulate < 1 or recipe.batch_size % recipe.accumulate:
        raise ModelError(f"{recipe.batch_size} windows cannot be taken in {recipe.accumulate} parts: choose a divisor")
    if not 32 <= recipe.longest <= 1024 or recipe.vocabulary_size > 60_000:
        raise ModelError("choose --longest from 32 to 1024, and --vocabulary-size up to 60000")


def _prepare(
    sources: Sequence[Path], questions: Sequence[Path], hidden: set[str], recipe: Recipe, tell: Callable[[str], None]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """What takes minutes and needs no step: the tokenizer, self-made questions, everything in tokens."""
    texts = read_texts(sources) if sources else []
    rows: list[Mapping[str, Any]] = [row for row in read_questions(questions) if row["context"] not in hidden]
    if not texts and not rows:
        raise ModelError("nothing to train on: give texts, or files of questions with --questions")
    tell(f"{len(texts):,} texts, {len(rows):,} asked questions; vocabulary …")
    words = chain((text for _, text in texts), (f"{row['context']} {row['question']}" for row in rows))
    tokenizer = build_tokenizer(words, size=recipe.vocabulary_size, longest=recipe.longest)
    tell("questions and windows …")
    characters = int(recipe.longest * _MADE_SHARE)
    made = made_examples(texts, count=recipe.made, characters=characters, seed=recipe.seed)
    plain = [f"{title} {text}" for title, text in texts] if recipe.pretrain_steps else []
    table = lay_out(plain, chain(asked_examples(rows), made), tokenizer, longest=recipe.longest, say=tell)
    if not len(table.first):
        raise ModelError("no text has anything to ask for: give longer texts, or files of questions with --questions")
    tell(
        f"{len(table.text):,} tokens of text, {len(table.first):,} windows, {int((table.last > 0).sum()):,} with an answer"
    )
    record = {"tokenizer": tokenizer.backend_tokenizer.to_str(), "texts": len(texts), "asked": len(rows)}
    return table.to_arrays(), record


def main(argv: Sequence[str] | None = None) -> int:
    """`wence train reader`: text and questions in, a model folder out; run again after an interruption, it goes on."""
    parser = Parser(prog="wence train reader", description=main.__doc__)
    parser.add_argument(
        "sources", nargs="*", type=Path, metavar="TEXT",
        help="folders or files of text: .txt, .md, .jsonl or .jsonl.xz rows of {text, title?}",
    )  # fmt: skip
    parser.add_argument(
        "--questions", nargs="+", type=Path, default=[], metavar="FILE",
        help="asked questions: rows of {context, question, answers: [{text, start}]}, answers empty where there is none",
    )  # fmt: skip
    parser.add_argument(
        "--evaluate", nargs="+", type=Path, default=[], metavar="FILE", help="questions to measure on, never trained on"
    )
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="the model's folder")
    parser.add_argument(
        "--minutes", type=float, default=0.0, help="end the training after so many, preparation included; 0: no limit"
    )
    parser.add_argument("--save-every", type=int, default=500, metavar="STEPS", help="how often to keep the state")
    parser.add_argument("--device", help="cpu, cuda or mps; the best there is when left out")
    for field in fields(Recipe):
        choices = get_args(Precision) if field.name == "precision" else None
        kind = type(field.default)
        parser.add_argument("--" + field.name.replace("_", "-"), type=kind, default=field.default, choices=choices)
    given = vars(parser.parse_args(argv))
    recipe = Recipe(**{field.name: given.pop(field.name) for field in fields(Recipe)})
    out = given.pop("out")
    try:
        train_reader(given.pop("sources"), given.pop("questions"), out, recipe, **given)
    except (ModelError, EncoderError, OSError) as error:
        say(f"wence train reader: {error}")
        return 2
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

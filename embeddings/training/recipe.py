"""Documents in, a folder with a trained static encoder out: one vector per token, a text is their mean.

Contrastive (InfoNCE) on question ↔ passage pairs; against each passage stand all others of the batch and one more
passage of the same article. Half of the batches are drawn from neighbourhoods of similar articles, so that the topic
alone does not decide.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any, NoReturn

import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn import functional

from embeddings.errors import EncoderError
from embeddings.static import write_static_model
from embeddings.training.bags import Batch, shared
from embeddings.training.cooccurrence import token_vectors
from embeddings.training.documents import read_documents
from embeddings.training.pairs import Document
from embeddings.training.sampling import PairTable, Sampler, number_pairs
from embeddings.training.vocabulary import build_tokenizer

_SCALE = 20.0
_SAME = 0.9
_REFRESH_STEPS = 100
_TOKENS_FOR_START = 20_000_000


@dataclass(frozen=True, slots=True)
class Recipe:
    """What decides the outcome besides the text. Shares are parts of 1."""

    seed: int = 7
    steps: int = 1200
    batch_size: int = 1024
    vocabulary_size: int = 19_000
    dimension: int = 192
    learning_rate: float = 0.03
    asked_share: float = 0.25
    token_keep: float = 0.6
    near_share: float = 0.5


def train_encoder(documents: Sequence[Document], out_dir: Path, recipe: Recipe | None = None) -> None:
    """Writes a trained model to `out_dir`, progress to stderr; equal input on one machine gives equal files."""
    recipe = recipe or Recipe()
    if len(documents) < 2:
        raise EncoderError(f"{len(documents)} documents to train on: give at least 2, better 10,000")
    _say(f"{len(documents):,} documents; vocabulary …")
    tokenizer = build_tokenizer((p for d in documents for p in (d.title, *d.passages)), size=recipe.vocabulary_size)
    pairs = number_pairs(documents, tokenizer, Random(recipe.seed))  # noqa: S311
    _say(
        f"{len(pairs.answer):,} pairs, {len(pairs.first_passage) - 1:,} documents, {len(pairs.passages.ids):,} tokens; "
        "starting vectors …"
    )
    start = token_vectors(
        pairs.passages.ids[:_TOKENS_FOR_START],
        size=tokenizer.get_vocab_size(),
        dimension=recipe.dimension,
        window=6,
        seed=recipe.seed,
    )
    table = _fit(pairs, start, recipe)
    table[0] = 0
    write_static_model(out_dir, tokenizer, (table / np.abs(table).max()).astype(np.float16))
    _say(f"written to {out_dir}")


def _fit(pairs: PairTable, start: NDArray[np.float32], recipe: Recipe) -> NDArray[np.float32]:

    torch.manual_seed(recipe.seed)
    rng = np.random.default_rng(recipe.seed + 1)
    table = torch.nn.EmbeddingBag.from_pretrained(torch.from_numpy(start * np.sqrt(start.shape[1])), freeze=False)
    optimizer = torch.optim.Adam(table.parameters(), lr=recipe.learning_rate, betas=(0.9, 0.99))
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, recipe.learning_rate, total_steps=max(recipe.steps, 2), pct_start=0.1
    )
    sampler = Sampler(
        pairs,
        seed=recipe.seed,
        batch_size=recipe.batch_size,
        asked_share=recipe.asked_share,
        near_share=recipe.near_share,
    )
    vectors: NDArray[np.float32] | None = None
    begun, average = time.monotonic(), 0.0

    def embed(batch: Batch) -> Any:
        return functional.normalize(table(torch.from_numpy(batch.ids), torch.from_numpy(batch.starts)), eps=1e-6)

    for step in range(recipe.steps):
        if step and step % _REFRESH_STEPS == 0:
            with torch.no_grad():
                vectors = _document_vectors(pairs, table.weight.numpy())
        chosen, other = sampler.draw(vectors)
        asked, answer, hard = _bags(pairs, chosen, other, rng, keep=recipe.token_keep, size=len(start))
        loss = _contrast(embed(asked), embed(answer), embed(hard), torch.from_numpy(pairs.answer[chosen] == other))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        schedule.step()
        average = loss.item() if not step else 0.95 * average + 0.05 * loss.item()
        if step % 50 == 0 or step == recipe.steps - 1:
            _say(f"step {step:5d}  loss {average:.3f}  {time.monotonic() - begun:5.0f} s")
    weights: NDArray[np.float32] = table.weight.detach().numpy()
    return weights


def _bags(
    pairs: PairTable, chosen: NDArray[np.int64], other: NDArray[np.int64], rng: Any, *, keep: float, size: int
) -> tuple[Batch, Batch, Batch]:
    """Questions, their passages, other passages, with tokens dropped, in a fifth of the rows those both sides share."""
    asked = pairs.questions.take(chosen)
    asked = asked.keep(rng.random(len(asked.ids)) < 0.85)
    answer = pairs.passages.take(pairs.answer[chosen])
    blind = rng.random(len(chosen)) < 0.2
    hidden = np.flatnonzero(blind[answer.rows])
    drop = np.zeros(len(answer.ids), dtype=bool)
    drop[hidden] = shared(answer, asked, size=size)[hidden] & (rng.random(len(hidden)) < 0.6)
    answer = answer.keep(~drop & (rng.random(len(answer.ids)) < keep))
    hard = pairs.passages.take(other)
    return asked, answer, hard.keep(rng.random(len(hard.ids)) < keep)


def _contrast(asked: Any, answer: Any, hard: Any, same: Any) -> Any:
    """Mean cross-entropy of each question against all passages and of each passage against all questions.

    Passages nearly equal to the right one (cosine above 0.9: the same news told twice) do not count as wrong.
    """
    passages = torch.cat((answer, hard))
    scores = _SCALE * asked @ passages.T
    count = len(asked)
    with torch.no_grad():
        twin = answer @ passages.T > _SAME
        twin[:, count:] |= torch.diag(same)
        twin.fill_diagonal_(False)
    target = torch.arange(count)
    back = scores[:, :count].T.masked_fill(twin[:, :count], -1e4)
    return functional.cross_entropy(scores.masked_fill(twin, -1e4), target) + 0.3 * functional.cross_entropy(
        back, target
    )


def _document_vectors(pairs: PairTable, table: NDArray[np.float32]) -> NDArray[np.float32]:
    """One unit row per document: that of its first passage."""
    first = pairs.passages.take(pairs.first_passage[:-1])
    rows = functional.embedding_bag(
        torch.from_numpy(first.ids), torch.from_numpy(table), torch.from_numpy(first.starts), mode="mean"
    )
    return np.asarray(functional.normalize(rows).numpy())


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)  # noqa: T201


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        self.exit(2, f"{self.prog}: {message}; `{self.prog} --help` shows the usage\n")


def main(argv: Sequence[str] | None = None) -> int:
    """`wence train encoder`: JSON Lines in, a model folder out."""
    parser = _Parser(prog="wence train encoder", description=main.__doc__)
    parser.add_argument("sources", nargs="+", type=Path, help="rows of {text, title?} or {context, question, answers}")
    parser.add_argument("--out", type=Path, required=True, help="the model's folder")
    parser.add_argument("--hold-out", type=int, default=20, help="leave out every n-th article; 0 for none")
    for name in ("seed", "steps", "batch_size", "vocabulary_size", "dimension"):
        parser.add_argument("--" + name.replace("_", "-"), type=int, default=getattr(Recipe(), name))
    given = vars(parser.parse_args(argv))
    sources, out, hold_out = given.pop("sources"), given.pop("out"), given.pop("hold_out")
    try:
        train_encoder(read_documents(sources, hold_out=hold_out), out, Recipe(**given))
    except (EncoderError, OSError) as error:
        _say(f"wence train encoder: {error}")
        return 2
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

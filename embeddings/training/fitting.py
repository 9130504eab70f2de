"""Numbered pairs and starting vectors in, a trained table of token vectors out, going on from a checkpoint if one is there.

Contrastive (InfoNCE). Each question stands against its own passage, those of the whole batch, another passage of the
same article and one that BM25 found for it. The loss is taken twice: of the cosine alone, and of cosine and BM25 added
up as the retriever does, so that the table learns above all what BM25 misses (Gao et al., "Complement Lexical Retrieval
Model with Semantic Residual Embeddings", ECIR 2021); and once more of the first dimensions alone (Kusupati et al.,
"Matryoshka Representation Learning", NeurIPS 2022).
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn import functional

from embeddings.training.bags import Batch, shared
from embeddings.training.checkpoint import Checkpoint
from embeddings.training.sampling import Draw, PairTable, Sampler

_SCALE = 20.0
_LEXICAL_SCALE = 15.0
_SAME = 0.9
_BLIND = 0.2
_BACK, _NESTED = 0.3, 0.3


@dataclass(frozen=True, slots=True)
class Recipe:
    """What decides the outcome besides the text. Shares are parts of 1; `nested` dimensions can be cut to later."""

    seed: int = 7
    steps: int = 800
    batch_size: int = 1024
    vocabulary_size: int = 24_000
    dimension: int = 256
    nested: tuple[int, ...] = (64, 128)
    learning_rate: float = 0.03
    asked_share: float = 0.3
    token_keep: float = 0.6
    save_every_s: float = 60.0


def fit(
    pairs: PairTable,
    start: NDArray[np.float32],
    recipe: Recipe,
    checkpoint: Checkpoint,
    say: Callable[[str], None],
) -> tuple[NDArray[np.float32], float]:
    """The table after `recipe.steps` steps, shape as `start`, and the seconds that they took.

    Every step draws from its own seed, so a run that was stopped ends with the same table as one that was not.
    """
    torch.manual_seed(recipe.seed)
    table = torch.nn.EmbeddingBag.from_pretrained(torch.from_numpy(start * np.sqrt(start.shape[1])), freeze=False)
    optimizer = torch.optim.Adam(table.parameters(), lr=recipe.learning_rate, betas=(0.9, 0.99))
    done, before_s = checkpoint.load(table, optimizer)
    sampler = Sampler(pairs, batch_size=recipe.batch_size, asked_share=recipe.asked_share)
    begun = saved = now = time.monotonic()
    average: float | None = None
    if done:
        say(f"going on after step {done}")
    for step in range(done, recipe.steps):
        for group in optimizer.param_groups:
            group["lr"] = recipe.learning_rate * _rate(step, recipe.steps)
        rng = np.random.default_rng((recipe.seed, step))
        loss = _loss(table, pairs, sampler.draw(rng), rng, recipe)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        average = loss.item() if average is None else 0.95 * average + 0.05 * loss.item()
        now = time.monotonic()
        if step % 50 == 0 or step == recipe.steps - 1:
            left = (now - begun) / (step - done + 1) * (recipe.steps - step - 1)
            say(f"step {step + 1:5d} of {recipe.steps}  loss {average:.3f}  {now - begun:5.0f} s, {left:.0f} s left")
        if now - saved > recipe.save_every_s:
            checkpoint.save(table, optimizer, step + 1, before_s + now - begun)
            saved = now
    weights: NDArray[np.float32] = table.weight.detach().numpy()
    return weights, before_s + now - begun


def _rate(step: int, steps: int) -> float:
    """Share of the full learning rate: rising over the first tenth, then falling as a cosine to nothing."""
    rise = max(1, steps // 10)
    return (step + 1) / rise if step < rise else 0.5 * (1 + math.cos(math.pi * (step - rise) / max(1, steps - rise)))


def _loss(table: Any, pairs: PairTable, draw: Draw, rng: np.random.Generator, recipe: Recipe) -> Any:
    def embed(batch: Batch) -> Any:
        return functional.normalize(table(torch.from_numpy(batch.ids), torch.from_numpy(batch.starts)), eps=1e-6)

    count = len(draw.pairs)
    blind = rng.random(count) < _BLIND
    bags = _bags(pairs, draw, blind, rng, keep=recipe.token_keep, size=len(table.weight))
    asked, answer, other, found = (embed(bag) for bag in bags)
    passages = torch.cat((answer, other, found))
    lexical = torch.zeros(count, len(passages))
    lexical[:, :count] = torch.diag(torch.from_numpy(np.where(blind, 0, pairs.negatives.own[draw.pairs])))
    lexical[:, 2 * count :] = torch.diag(torch.from_numpy(np.where(blind, 0, draw.found_share)))
    with torch.no_grad():  # the same news told twice is no wrong answer
        twin = answer @ passages.T > _SAME
        right = pairs.answer[draw.pairs]
        twin[:, count : 2 * count] |= torch.diag(torch.from_numpy(right == draw.other))
        twin[:, 2 * count :] |= torch.diag(torch.from_numpy(right == draw.found))
        twin.fill_diagonal_(False)
    target = torch.arange(count)

    def cross_entropy(scores: Any) -> Any:
        return functional.cross_entropy(scores.masked_fill(twin, -1e4), target)

    scores = _SCALE * asked @ passages.T
    back = scores[:, :count].T.masked_fill(twin[:, :count], -1e4)
    loss = cross_entropy(scores) + cross_entropy(scores + _LEXICAL_SCALE * lexical)
    loss = loss + _BACK * functional.cross_entropy(back, target)
    for dimension in recipe.nested:
        short = [functional.normalize(rows[:, :dimension], eps=1e-6) for rows in (asked, passages)]
        loss = loss + _NESTED * cross_entropy(_SCALE * short[0] @ short[1].T)
    return loss


def _bags(
    pairs: PairTable, draw: Draw, blind: NDArray[np.bool_], rng: np.random.Generator, *, keep: float, size: int
) -> tuple[Batch, Batch, Batch, Batch]:
    """Questions and three passages for each, with tokens dropped; in `blind` rows most of those that a question and its
    passage share, so that something else must be learned than the same words.
    """
    asked = pairs.questions.take(draw.pairs)
    asked = asked.keep(rng.random(len(asked.ids)) < 0.85)
    answer = pairs.passages.take(pairs.answer[draw.pairs])
    hidden = np.flatnonzero(blind[answer.rows])
    drop = np.zeros(len(answer.ids), dtype=bool)
    drop[hidden] = shared(answer, asked, size=size)[hidden] & (rng.random(len(hidden)) < 0.6)
    answer = answer.keep(~drop & (rng.random(len(answer.ids)) < keep))
    other, found = (pairs.passages.take(rows) for rows in (draw.other, draw.found))
    return (
        asked,
        answer,
        other.keep(rng.random(len(other.ids)) < keep),
        found.keep(rng.random(len(found.ids)) < keep),
    )

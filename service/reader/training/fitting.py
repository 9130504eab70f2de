"""A table of tokens in, a trained network for reading out: masked tokens first, then questions. Knows no files of text."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from service.pretrained import Precision, halved
from service.reader.training.state import Progress, restore, save, saved
from service.reader.training.tables import MaskedBatch, ReadingBatch, Table
from service.reader.windows import OVERLAP_TYPES

_WARM, _DECAY, _CLIP = 0.06, 0.01, 1.0
_SAY_EVERY = 20


@dataclass(frozen=True, slots=True)
class Recipe:
    """What decides the outcome besides text and questions. A step takes `batch_size` windows in `accumulate` parts."""

    seed: int = 7
    layers: int = 6
    width: int = 384
    heads: int = 6
    vocabulary_size: int = 8000
    longest: int = 384
    made: int = 200_000
    pretrain_steps: int = 20_000
    read_steps: int = 10_000
    batch_size: int = 96
    accumulate: int = 1
    pretrain_rate: float = 6e-4
    read_rate: float = 3e-4
    asked_share: float = 0.5
    unanswered_share: float = 0.3
    pretrain_share: float = 0.5
    precision: Precision = "auto"


@dataclass(frozen=True, slots=True)
class Run:
    """Where and how a recipe is carried out. `begun` is `time.monotonic()` at the start, less what earlier tries took."""

    device: Any
    folder: Path
    minutes: float
    save_every: int
    begun: float
    say: Callable[[str], None]

    def seconds(self) -> float:
        """Since the start, all tries together."""
        return time.monotonic() - self.begun


@dataclass(frozen=True, slots=True)
class Fitted:
    """A network for question answering, and how many steps on masked tokens and on questions made it."""

    network: Any
    guessed: int
    read: int


@dataclass(frozen=True, slots=True)
class _Stage:
    """`loss(network, rng)` is of one part of a batch; `until_s` is when the stage must be over, inf for no limit."""

    number: int
    name: str
    steps: int
    rate: float
    until_s: float
    loss: Callable[[Any, np.random.Generator], Any]


def fit(table: Table, recipe: Recipe, vocabulary: int, run: Run) -> Fitted:
    """The trained network, its config telling `overlap_types`.

    Every part of a step draws from its own seed, so a run that was stopped ends with the same weights as one that was
    not, unless `run.minutes` ends the stages; 0 leaves that to the steps.
    """
    import torch  # noqa: PLC0415
    from transformers import BertConfig, BertForMaskedLM, BertForQuestionAnswering  # noqa: PLC0415

    def config(dropout: float) -> Any:
        settings = BertConfig(
            vocab_size=vocabulary, hidden_size=recipe.width, num_hidden_layers=recipe.layers,
            num_attention_heads=recipe.heads, intermediate_size=4 * recipe.width, type_vocab_size=OVERLAP_TYPES,
            max_position_embeddings=recipe.longest, hidden_dropout_prob=dropout, attention_probs_dropout_prob=0.0,
            pad_token_id=0,
        )  # fmt: skip
        settings.update({"overlap_types": True})
        return settings

    torch.manual_seed(recipe.seed)
    guesser = BertForMaskedLM(config(0.0)).to(run.device)
    reader = BertForQuestionAnswering(config(0.1)).to(run.device)
    size, pools, until = recipe.batch_size // recipe.accumulate, table.pools(), run.minutes * 60 or np.inf

    def guessing(network: Any, rng: np.random.Generator) -> Any:
        return _guessing(network, table.masked(rng, size, recipe.longest, vocabulary), run.device)

    def reading(network: Any, rng: np.random.Generator) -> Any:
        batch = table.drawn(rng, pools, size, asked=recipe.asked_share, unanswered=recipe.unanswered_share)
        return _reading(network, batch, run.device)

    kept = saved(run.folder)
    before = kept.before if kept and kept.stage else 0
    if recipe.pretrain_steps and len(table.text) and not (kept and kept.stage):
        half = until * recipe.pretrain_share
        stage = _Stage(0, "masked tokens", recipe.pretrain_steps, recipe.pretrain_rate, half, guessing)
        before = _train(stage, guesser, recipe, run)
        reader.base_model.load_state_dict(guesser.base_model.state_dict())
    stage = _Stage(1, "questions", recipe.read_steps, recipe.read_rate, until, reading)
    return Fitted(reader, before, _train(stage, reader, recipe, run, before))


def _train(stage: _Stage, network: Any, recipe: Recipe, run: Run, before: int = 0) -> int:
    """Carry a stage to its end, from where it was; how many steps it has had. `before` are those of the stage before."""
    import torch  # noqa: PLC0415

    progress = saved(run.folder)
    optimizer = torch.optim.AdamW(_groups(network), lr=stage.rate, betas=(0.9, 0.98))
    steps, began_s = 0, run.seconds()
    if progress and progress.stage == stage.number:
        restore(run.folder, progress, network, optimizer)
        steps, began_s = progress.steps, progress.began_s
        run.say(f"{stage.name}: going on after step {steps}")
    network.train()
    losses: list[Any] = []
    since = run.seconds()
    while (done := _share(stage, steps, began_s, run.seconds())) < 1:
        for group in optimizer.param_groups:
            group["lr"] = stage.rate * (
                min(1.0, (done + 1 / stage.steps) / _WARM) if done < _WARM else (1 - done) / (1 - _WARM)
            )
        losses.append(_step(stage, steps, network, optimizer, recipe, run.device))
        steps += 1
        if steps % _SAY_EVERY == 0 or steps == stage.steps:
            speed = len(losses) * recipe.batch_size / max(run.seconds() - since, 1e-9)
            loss, now = float(torch.stack(losses).mean()), _share(stage, steps, began_s, run.seconds())
            run.say(
                f"{stage.name}: step {steps:5d}, {now:4.0%}  loss {loss:.3f}  {speed:,.0f} windows/s  {run.seconds():.0f} s"
            )
            losses, since = [], run.seconds()
        if steps % run.save_every == 0:
            save(run.folder, Progress(stage.number, steps, before, began_s, run.seconds()), network, optimizer)
    if steps:
        save(run.folder, Progress(stage.number, steps, before, began_s, run.seconds()), network, optimizer)
    return steps


def _share(stage: _Stage, steps: int, began_s: float, seconds: float) -> float:
    """How much of a stage is done, by steps or by time, whichever is nearer to its end."""
    return max(steps / stage.steps, (seconds - began_s) / max(stage.until_s - began_s, 1e-9))


def _step(stage: _Stage, step: int, network: Any, optimizer: Any, recipe: Recipe, device: Any) -> Any:
    """One step, its parts' gradients added up; the mean loss."""
    import torch  # noqa: PLC0415

    total = torch.zeros((), device=device)
    torch.manual_seed(recipe.seed + 1_000_003 * (step + 1) + stage.number)  # dropout
    for part in range(recipe.accumulate):
        rng = np.random.default_rng((recipe.seed, stage.number, step, part))
        with torch.autocast(device.type, torch.bfloat16) if halved(recipe.precision, device) else nullcontext():
            loss = stage.loss(network, rng) / recipe.accumulate
        loss.backward()
        total += loss.detach()
    torch.nn.utils.clip_grad_norm_(network.parameters(), _CLIP)
    optimizer.step()
    optimizer.zero_grad()
    return total


def _groups(network: Any) -> list[dict[str, Any]]:
    """The weights, those of matrices with decay."""
    weights = list(network.parameters())
    return [
        {"params": [w for w in weights if w.ndim > 1], "weight_decay": _DECAY},
        {"params": [w for w in weights if w.ndim < 2], "weight_decay": 0.0},
    ]


def _guessing(network: Any, batch: MaskedBatch, device: Any) -> Any:
    from torch.nn import functional  # noqa: PLC0415

    ids, guessed, wanted = (_to(array, device) for array in (batch.ids, batch.guessed, batch.wanted))
    states = network.base_model(ids, token_type_ids=(ids * 0 + 1)).last_hidden_state[guessed]
    return functional.cross_entropy(network.cls(states).float(), wanted)


def _reading(network: Any, batch: ReadingBatch, device: Any) -> Any:
    from torch.nn import functional  # noqa: PLC0415

    ids, types, mask = (_to(array, device) for array in (batch.ids, batch.types, batch.mask))
    found = network(input_ids=ids, token_type_ids=types, attention_mask=mask)
    ends = ((found.start_logits, batch.first), (found.end_logits, batch.last))
    padding = mask == 0
    return sum(
        functional.cross_entropy(logits.float().masked_fill(padding, -1e4), _to(right, device)) / 2
        for logits, right in ends
    )


def _to(array: NDArray[Any], device: Any) -> Any:
    import torch  # noqa: PLC0415

    return torch.from_numpy(array).to(device, non_blocking=True)

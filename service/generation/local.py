"""A transformers model by name or folder in, a Generator that runs it here out. Loads no engine at import."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from service.errors import GeneratorError, GeneratorTimeoutError
from service.generation.generator import Message, Pieces
from service.pretrained import Precision, load

LONGEST: Final = 32_768
"""Tokens of prompt and reply together, where a model can take more."""


class LocalGenerator:
    """Writes with any causal model, greedily, one reply at a time: the most likely token is taken at every step."""

    def __init__(
        self,
        name_or_path: str,
        *,
        device: str | None = None,
        precision: Precision = "auto",
        timeout_s: float = 60.0,
        prompt_tokens: int = 4000,
        answer_tokens: int = 512,
    ) -> None:
        """A name known to transformers, or a folder. Raises ModelError, GeneratorError."""
        self._model = load("CausalLM", name_or_path, device=device, precision=precision, longest=LONGEST)
        self._timeout_s, self._answer_tokens = timeout_s, answer_tokens
        self._room = min(prompt_tokens, self._model.longest - answer_tokens)
        if self._room < 1:
            raise GeneratorError(
                f"model {name_or_path} takes {self._model.longest} tokens: set a smaller WENCE_GENERATOR_ANSWER_TOKENS"
            )
        folder = Path(name_or_path).expanduser()
        self._name = folder.resolve().name if folder.exists() else name_or_path  # where it lies is nobody's business
        self._writing, self._cutting = threading.Lock(), threading.Lock()

    @property
    def name(self) -> str:
        return self._name

    @property
    def room(self) -> int:
        return self._room

    def tokens(self, text: str) -> int:
        with self._cutting:  # a tokenizer cannot cut for two threads at once
            return len(self._model.tokenizer.encode(text, add_special_tokens=False))

    def write(self, messages: Sequence[Message]) -> Pieces:
        until = time.monotonic() + self._timeout_s
        if not self._writing.acquire(timeout=self._timeout_s):
            raise GeneratorTimeoutError(f"model {self.name} was busy with other answers for {self._timeout_s:g} s")
        try:
            yield from self._write(self._prompt(messages), until)
        finally:
            self._writing.release()

    def _prompt(self, messages: Sequence[Message]) -> str:
        """The messages as the model's own chat template sets them; one after the other for a model without."""
        tokenizer = self._model.tokenizer
        turns = [{"role": message.role, "content": message.content} for message in messages]
        together = "\n\n".join(message.content for message in messages)
        if not tokenizer.chat_template:
            return f"{together}\n\n"
        for conversation in (turns, [{"role": "user", "content": together}]):  # some templates know no system turn
            try:
                return str(
                    tokenizer.apply_chat_template(
                        conversation, tokenize=False, add_generation_prompt=True, enable_thinking=False
                    )
                )
            except Exception as error:  # a template raises what it likes
                reason = (str(error) or type(error).__name__).splitlines()[0]
        raise GeneratorError(f"model {self.name} has a chat template that takes no messages ({reason})")

    def _write(self, prompt: str, until: float) -> Pieces:
        import transformers  # noqa: PLC0415

        tokenizer = self._model.tokenizer
        with self._cutting:
            given = tokenizer(prompt, add_special_tokens=not tokenizer.chat_template, return_tensors="pt")
        given = {name: given[name].to(self._model.device) for name in ("input_ids", "attention_mask")}
        streamer = transformers.TextIteratorStreamer(tokenizer, skip_prompt=True, skip_special_tokens=True)
        stop, failures = threading.Event(), list[Exception]()
        worker = threading.Thread(
            target=self._generate, args=(given, streamer, stop, until, failures), name="generate", daemon=True
        )
        worker.start()
        try:
            if prompt.rstrip().endswith("<think>"):
                yield "<think>"
            yield from streamer
        finally:
            stop.set()
            worker.join()
        if failures:
            raise GeneratorError(
                f"model {self.name} failed ({failures[0]}): set a smaller WENCE_GENERATOR_PROMPT_TOKENS, or"
                " WENCE_MODEL_DEVICE=cpu"
            ) from failures[0]
        if time.monotonic() > until:
            raise GeneratorTimeoutError(
                f"model {self.name} did not finish within {self._timeout_s:g} s: raise WENCE_GENERATOR_TIMEOUT_S, or"
                " take a smaller model"
            )

    def _generate(
        self, given: dict[str, Any], streamer: Any, stop: threading.Event, until: float, failures: list[Exception]
    ) -> None:
        """Runs the model to its end of text, the most tokens, `stop` or `until`. The streamer is always ended."""
        import torch  # noqa: PLC0415
        import transformers  # noqa: PLC0415

        def over(ids: Any, _scores: Any, **_: Any) -> Any:
            return torch.full((len(ids),), stop.is_set() or time.monotonic() > until, device=ids.device)

        try:
            with torch.inference_mode():
                self._model.network.generate(
                    **given,
                    max_new_tokens=self._answer_tokens,
                    do_sample=False,
                    temperature=None,
                    top_p=None,
                    top_k=None,
                    repetition_penalty=1.0,  # what a source says is to be repeated
                    streamer=streamer,
                    stopping_criteria=transformers.StoppingCriteriaList([over]),
                    pad_token_id=self._model.tokenizer.pad_token_id,
                )
        except Exception as error:  # model code raises what it likes; the answer must not hang on it
            failures.append(error)
        finally:
            streamer.end()

"""Every setting of the service, each an environment variable `WENCE_*`. Read when asked for, never at import."""

from ipaddress import ip_address
from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from embeddings import BUILT_IN, CACHE, Backend
from index.versions import KEPT
from service.answer import Composer
from service.logs import LogForm
from service.pretrained import Precision

BUILT_IN_RERANKERS = ("evidence", "none")
"""What `WENCE_RERANKER` may name besides a model."""


class Settings(BaseSettings):
    """Settings with their defaults; the README's table is rendered from the descriptions."""

    model_config = SettingsConfigDict(env_prefix="WENCE_", extra="ignore")

    snapshot: Path = Field(
        default=Path("snapshot"), description="folder of the snapshot that commands and the service use"
    )
    versions: int = Field(
        default=KEPT, ge=1, description="versions of a snapshot that are kept: the current one and those to go back to"
    )
    milvus_url: str = Field(
        default="",
        description="Milvus that searches instead of the snapshot's own files, as `http://host:19530`, or a path ending in"
        " `.db` for milvus-lite; `wence milvus load` fills it",
    )
    milvus_token: SecretStr = Field(
        default=SecretStr(""), description="key for Milvus, or `user:password`; never logged or stored"
    )
    milvus_collection: str = Field(default="wence", description="collection of Milvus that holds the passages")
    encoder: str = Field(
        default=BUILT_IN,
        description="embedding model: the built-in one, any sentence-transformers model by name or path, or with"
        " `WENCE_ENCODER_URL` what the endpoint calls it",
    )
    encoder_revision: str = Field(
        default="",
        description="commit, branch or tag of a model given by name; when empty the one already here, else the newest",
    )
    encoder_backend: Backend = Field(
        default="torch",
        description="what runs a transformer: `torch`, `onnx`, `openvino`, or `onnx-int8` (smaller, faster, its own"
        " vectors); the last three convert the model once",
    )
    encoder_url: str = Field(
        default="", description="OpenAI-compatible endpoint that embeds instead of a model here, as `http://host/v1`"
    )
    encoder_key: SecretStr = Field(default=SecretStr(""), description="key for the endpoint; never logged or stored")
    encoder_timeout_s: float = Field(
        default=30, gt=0, description="seconds that the endpoint has for one reply, before it is asked again"
    )
    encoder_device: str | None = Field(
        default=None,
        description="device of the embedding model (cpu, cuda, mps); chosen by the model library when empty",
    )
    encoder_batch: int = Field(default=64, ge=1, description="passages encoded at once")
    encoder_dimension: int | None = Field(
        default=None, ge=1, description="keep only this many leading dimensions of the embeddings"
    )
    encoder_question_prefix: str = Field(
        default="", description="text put before a question when it is embedded, as the model's card asks"
    )
    encoder_passage_prefix: str = Field(default="", description="text put before a passage when it is embedded")
    reranker: str = Field(
        default="evidence",
        description="what orders the passages found: `evidence`, by what in them answers; a cross-encoder, any by name or path"
        " that transformers can classify with; or `none`",
    )
    reranker_depth: int = Field(default=30, ge=1, description="passages that a cross-encoder looks at")
    reader: str = Field(
        default="",
        description="extractive reader whose finds compete with the other candidate answers, any by name or path that"
        " transformers can answer questions with; none when empty",
    )
    model_device: str | None = Field(
        default=None, description="device of reranker, reader and language model; the best there is when empty"
    )
    model_precision: Precision = Field(
        default="auto",
        description="what reranker, reader and language model compute in: `float32`, or `bfloat16`, twice as fast"
        " where the processor has units for it; `auto` is the latter on such a GPU",
    )
    model_batch: int = Field(default=32, ge=1, description="passages that reranker and reader take at once")
    composer: Composer = Field(
        default="extractive",
        description="who words answers: `extractive`, quotes alone, or `generative`, a language model whose every"
        " statement is checked, and quotes where that fails",
    )
    generator: str = Field(
        default="",
        description="language model for `generative`: any causal one by name or path that transformers runs, or an"
        " OpenAI-compatible endpoint as `http://host/v1`; none when empty",
    )
    generator_model: str = Field(default="", description="what the endpoint calls the language model")
    generator_key: SecretStr = Field(
        default=SecretStr(""), description="key for the language model's endpoint; never logged or stored"
    )
    generator_timeout_s: float = Field(
        default=60, gt=0, description="seconds that the language model has for a whole reply, all tries together"
    )
    generator_first_token_s: float = Field(
        default=20,
        gt=0,
        description="longest silence of the endpoint, before its first token or between two, in seconds",
    )
    generator_prompt_tokens: int = Field(
        default=4000,
        ge=500,
        description="most tokens given to the language model: rules, question, and the passages that fit",
    )
    generator_answer_tokens: int = Field(
        default=512, ge=1, description="most tokens that the language model writes, thinking aloud included"
    )
    model_cache: Path = Field(default=CACHE, description="folder for converted models")
    host: str = Field(default="127.0.0.1", description="address that the service listens on")
    port: int = Field(default=8000, ge=0, le=65535, description="port that the service listens on")
    workers: int | None = Field(
        default=None,
        ge=1,
        description="worker processes of the service; when empty, one a core with the built-in models, which they share,"
        " and one where others are set, which each would load",
    )
    top_k: int = Field(default=10, ge=1, le=100, description="passages an answer looks at")
    question_chars: int = Field(default=2000, ge=1, description="longest question accepted, in characters")
    body_bytes: int = Field(
        default=1_000_000, ge=1, description="largest request body accepted by reading routes, in bytes"
    )
    database: SecretStr = Field(
        default=SecretStr(""),
        description="database for the log of answers, feedback and keys: `sqlite:///file`, or with the extra `postgres`"
        " `postgresql://user:password@host/name`; a file beside the snapshot when empty",
    )
    log_questions: bool = Field(
        default=False, description="keep the text of questions in the log of answers; only its hash otherwise"
    )
    keys: Literal["auto", "on", "off"] = Field(
        default="auto",
        description="whether requests need a key made by `wence keys create`; `auto`: unless the service listens on this"
        " machine alone",
    )
    origins: str = Field(
        default="",
        description="web origins whose pages may call the service (CORS), as `https://example.org`, separated by commas; those"
        " of a key are allowed with it",
    )
    rate_per_key: int | None = Field(
        default=None,
        ge=0,
        description="requests a minute that one key has; 0 for no limit; when empty 600, and none where no keys are needed",
    )
    rate_per_address: int | None = Field(
        default=None,
        ge=0,
        description="requests a minute that one address has; 0 for no limit; when empty 300, and none where no keys are"
        " needed",
    )
    concurrency: int = Field(
        default=100,
        ge=1,
        description="questions that one worker takes at once; more are refused at once with 503. Without a language model it"
        " takes fewer while answers need more than 1.5 s",
    )
    request_timeout_s: float = Field(
        default=120, gt=0, description="seconds until an answer must have begun; 503 after that"
    )
    body_timeout_s: float = Field(
        default=20, gt=0, description="seconds in which the head of a request must have come, and again its body"
    )
    log: LogForm = Field(
        default="text", description="how the service logs to stderr: `text`, warnings alone, or `json`, requests too"
    )
    otel_endpoint: str = Field(
        default="",
        pattern=r"^(https?://\S+)?$",
        description="OpenTelemetry collector that gets traces by OTLP over HTTP, as `http://host:4318`, with the extra `otel`;"
        " the standard `OTEL_*` variables say the rest; none when empty",
    )
    admin_key: str | None = Field(
        default=None,
        description="key for everything (header `Authorization: Bearer …`), besides those of `wence keys`; the writing routes are"
        " closed while there is none",
    )

    @property
    def needs_keys(self) -> bool:
        """Whether a request must show a key."""
        return self.keys == "on" or (self.keys == "auto" and not is_loopback(self.host))


def is_loopback(host: str) -> bool:
    """Whether an address to listen on can be reached from this machine alone."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"

"""Every setting of the service, each an environment variable `WENCE_*`. Read when asked for, never at import."""

from pathlib import Path

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from embeddings import BUILT_IN, CACHE, Backend


class Settings(BaseSettings):
    """Settings with their defaults; the README's table is rendered from the descriptions."""

    model_config = SettingsConfigDict(env_prefix="WENCE_", extra="ignore")

    snapshot: Path = Field(
        default=Path("snapshot"), description="folder of the snapshot that commands and the service use"
    )
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
    model_cache: Path = Field(default=CACHE, description="folder for converted models")
    host: str = Field(default="127.0.0.1", description="address that the service listens on")
    port: int = Field(default=8000, ge=0, le=65535, description="port that the service listens on")
    workers: int = Field(default=1, ge=1, description="worker processes of the service")
    top_k: int = Field(default=10, ge=1, le=100, description="passages an answer looks at")
    question_chars: int = Field(default=2000, ge=1, description="longest question accepted, in characters")
    body_bytes: int = Field(
        default=1_000_000, ge=1, description="largest request body accepted by reading routes, in bytes"
    )
    admin_key: str | None = Field(
        default=None,
        description="key for the writing routes (header `Authorization: Bearer …`); they are closed while it is empty",
    )

"""A Milvus address in, one collection of passages out: its schema, its facts, and calls whose failures are one line.

The only importer of pymilvus, a large library: imported only where Milvus is used, and raises MilvusError without it.
"""

import json
import logging
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from typing import Any, Final

from embeddings import EncoderInfo
from index.errors import MilvusError
from index.milvus import DenseKind
from index.milvus.weights import Lengths
from index.snapshot import Snapshot

try:
    from grpc import RpcError
    from pymilvus import CollectionSchema, DataType, MilvusClient, MilvusException
except ImportError as error:
    raise MilvusError("Milvus needs pymilvus; install it with `pip install 'wence[milvus]'`") from error

FORMAT: Final = 1
_KINDS: Final[dict[str, tuple[dict[str, int], dict[str, int]]]] = {
    "FLAT": ({}, {}),
    "HNSW": ({"M": 32, "efConstruction": 256}, {"ef": 256}),
    "IVF_SQ8": ({"nlist": 1024}, {"nprobe": 128}),
}
"""How an index of vectors is built, and searched, by its kind. FLAT is exact."""

SEARCH_S: Final = 5.0
"""How long a search tries to reach Milvus, which covers a restart of one of its nodes behind a proxy."""

WRITE_S: Final = 60.0
"""How long each step of loading does; loading started again goes on where it was."""

_LONGEST: Final = 65_535  # bytes, the most that Milvus takes for a text
_AUTHORS: Final = 1024
_PAGE: Final = 2000
_PROPERTY: Final = "wence"


@dataclass(frozen=True, slots=True)
class Facts:
    """What a collection was made for, kept with it. `snapshot` is the version that was loaded whole last."""

    format: int
    encoder: dict[str, Any]
    words: float
    bigrams: float
    snapshot: str = ""

    @property
    def lengths(self) -> Lengths:
        return Lengths(self.words, self.bigrams)


class MilvusCollection:
    """One collection. Every method raises MilvusError when Milvus is away or refuses. Thread-safe."""

    def __init__(self, url: str, name: str, token: str = "") -> None:
        self.url, self.name = url, name
        logging.getLogger("pymilvus").setLevel(logging.CRITICAL)  # it logs what it raises as well, with a traceback
        with self._as_milvus_error():
            self._client = MilvusClient(url, token=token, timeout=SEARCH_S)
        self._search_params: dict[str, int] | None = None

    def close(self) -> None:
        self._client.close()

    def exists(self) -> bool:
        with self._as_milvus_error():
            return bool(self._client.has_collection(self.name, timeout=SEARCH_S))

    def create(self, snapshot: Snapshot, kind: DenseKind) -> Facts:
        """Make the collection for the passages of this snapshot and of its later versions."""
        lengths = Lengths.of(snapshot)
        facts = Facts(FORMAT, asdict(snapshot.encoder), lengths.words, lengths.bigrams)
        with self._as_milvus_error():
            indexes = self._client.prepare_index_params()
            indexes.add_index("dense", index_type=kind, metric_type="IP", params=_KINDS[kind][0])
            indexes.add_index("sparse", index_type="SPARSE_INVERTED_INDEX", metric_type="IP")
            indexes.add_index("article_id", index_type="INVERTED")
            self._client.create_collection(
                self.name,
                schema=self._schema(snapshot.dense.dimension),
                index_params=indexes,
                properties={_PROPERTY: json.dumps(asdict(facts))},
                consistency_level="Bounded",
                timeout=WRITE_S,
            )
        return facts

    def facts(self) -> Facts:
        """What the collection was made for."""
        if not self.exists():
            raise MilvusError(f"{self}: not there; run `wence milvus load`")
        with self._as_milvus_error():
            found = self._client.describe_collection(self.name, timeout=SEARCH_S)
            record = found.get("properties", {}).get(_PROPERTY)
        try:
            facts = Facts(**json.loads(record or ""))
        except (ValueError, TypeError) as error:
            raise MilvusError(f"{self}: not made by wence; name another one in WENCE_MILVUS_COLLECTION") from error
        if facts.format != FORMAT:
            raise MilvusError(f"{self}: format {facts.format}, this wence reads {FORMAT}; {self._again}")
        return facts

    def require(self, snapshot: Snapshot) -> Facts:
        """The facts, where the collection can hold passages of this snapshot."""
        facts = self.facts()
        if EncoderInfo.from_dict(facts.encoder) != snapshot.encoder:
            raise MilvusError(f"{self}: holds vectors of another encoder than {snapshot.folder}; {self._again}")
        return facts

    def complete(self, facts: Facts, snapshot: Snapshot) -> None:
        """Make everything durable, and remember that this version is loaded whole."""
        record = {_PROPERTY: json.dumps(asdict(replace(facts, snapshot=snapshot.name)))}
        with self._as_milvus_error():
            self._client.flush(self.name, timeout=WRITE_S)
            self._client.alter_collection_properties(self.name, record, timeout=WRITE_S)

    def open(self) -> None:
        """Make ready for searches."""
        with self._as_milvus_error():
            self._client.load_collection(self.name, timeout=WRITE_S)
            index = self._client.describe_index(self.name, "dense", timeout=SEARCH_S)
        self._search_params = _KINDS.get(index["index_type"], ({}, {}))[1]

    def drop(self) -> None:
        with self._as_milvus_error():
            self._client.drop_collection(self.name, timeout=WRITE_S)

    def count(self) -> int:
        """How many passages are in it."""
        with self._as_milvus_error():
            found = self._client.query(
                self.name, filter="", output_fields=["count(*)"], consistency_level="Strong", timeout=WRITE_S
            )
        return int(found[0]["count(*)"])

    def upsert(self, rows: Sequence[dict[str, Any]]) -> None:
        if rows:
            with self._as_milvus_error():
                self._client.upsert(self.name, list(rows), timeout=WRITE_S)

    def delete(self, where: str) -> None:
        with self._as_milvus_error():
            self._client.delete(self.name, filter=where, timeout=WRITE_S)

    def rows(self, where: str, fields: Collection[str]) -> Iterator[dict[str, Any]]:
        """These fields of every row that an expression holds for, as Milvus has acknowledged them."""
        with self._as_milvus_error():
            pages = self._client.query_iterator(
                self.name, _PAGE, filter=where, output_fields=list(fields), consistency_level="Strong", timeout=WRITE_S
            )
            try:
                while page := pages.next():
                    yield from page
            finally:
                pages.close()

    def vectors(self, ids: Sequence[str]) -> dict[str, list[float]]:
        """The vectors of these passages."""
        if not ids:
            return {}
        with self._as_milvus_error():
            found = self._client.get(self.name, ids=list(ids), output_fields=["id", "dense"], timeout=SEARCH_S)
        return {row["id"]: row["dense"] for row in found}

    def nearest(self, field: str, vector: Any, limit: int, where: str) -> list[tuple[str, str, int, float]]:
        """(passage id, article id, number of the passage in it, inner product) of the `limit` best, best first."""
        params = dict(self._search_params or {}) if field == "dense" else {}
        if "ef" in params:
            params["ef"] = max(params["ef"], limit)
        with self._as_milvus_error():
            found = self._client.search(
                self.name,
                data=[vector],
                anns_field=field,
                limit=limit,
                filter=where,
                output_fields=["article_id", "number"],
                search_params={"metric_type": "IP", "params": params},
                timeout=SEARCH_S,
            )
        return [
            (hit["id"], hit["entity"]["article_id"], hit["entity"]["number"], float(hit["distance"]))
            for hit in found[0]
        ]

    def __str__(self) -> str:
        return f"Milvus collection {self.name!r} at {self.url}"

    @property
    def _again(self) -> str:
        return "run `wence milvus drop` and `wence milvus load`"

    def _schema(self, dimension: int) -> CollectionSchema:
        schema = self._client.create_schema(auto_id=False, enable_dynamic_field=False)
        add: Callable[..., object] = schema.add_field
        add("id", DataType.VARCHAR, is_primary=True, max_length=_LONGEST)
        for name in ("article_id", "content", "title", "heading", "text", "column", "date"):
            add(name, DataType.VARCHAR, max_length=_LONGEST)
        add("issue", DataType.VARCHAR, max_length=_LONGEST, is_partition_key=True)
        add("authors", DataType.ARRAY, element_type=DataType.VARCHAR, max_capacity=_AUTHORS, max_length=_LONGEST)
        for name in ("number", "start", "end"):
            add(name, DataType.INT64)
        add("last", DataType.BOOL)
        add("dense", DataType.FLOAT_VECTOR, dim=dimension)
        add("sparse", DataType.SPARSE_FLOAT_VECTOR)
        return schema

    @contextmanager
    def _as_milvus_error(self) -> Iterator[None]:
        """Whatever the client raises, as one line that says what to do."""
        try:
            yield
        except (MilvusException, RpcError) as error:
            said = error.details() if isinstance(error, RpcError) else error.message
            reason = " ".join(str(said).split())[:300]
            raise MilvusError(
                f"{self}: {reason}; see that it runs and WENCE_MILVUS_URL names it, and try again"
            ) from error

"""A snapshot and a Milvus in; what a passage takes, how fast it loads and is searched, and whether both find the same, out.

python -m eval.milvus --snapshot DIR --url URL_OR_FILE.db [--questions FILE] [--index FLAT|HNSW|IVF_SQ8]

Makes the collection `wence_measured` and drops it again. `replica_cpu_ms` is what a search costs the process that asks,
where Milvus runs in another; `own_files_cpu_ms` what a search in the snapshot's own files does.
"""

import argparse
import json
from contextlib import suppress
from pathlib import Path
from statistics import mean
from time import perf_counter, process_time
from typing import Any, get_args

from embeddings import load_encoder
from eval.machine import ROOT, machine, spread
from eval.question import read_questions
from index.errors import MilvusError
from index.milvus import DenseKind
from index.milvus.channels import MilvusChannels
from index.milvus.collection import MilvusCollection
from index.milvus.loading import load
from index.milvus.weights import Lengths, passage_weights
from index.retrieval import Retriever
from index.snapshot import Snapshot

_WEIGHED = 2000
_FIRST_SEARCHES = 20
_SPARSE_BYTES = 8  # a term's number and its weight


def measure(folder: Path, url: str, questions: list[str], kind: DenseKind) -> dict[str, Any]:
    """Load, search, compare."""
    snapshot, encoder = Snapshot.open(folder), load_encoder()
    passages = snapshot.store.passage_count
    collection = MilvusCollection(url, "wence_measured")
    if collection.exists():
        collection.drop()
    began = perf_counter(), process_time()
    load(folder, collection, kind)
    seconds, cpu_s = perf_counter() - began[0], process_time() - began[1]
    own, other = Retriever(snapshot, encoder), Retriever(snapshot, encoder, MilvusChannels(snapshot, collection))
    own.search(questions[0])
    cpu = process_time()
    expected = [[hit.row for hit in own.search(question)] for question in questions]
    own_cpu_ms = (process_time() - cpu) * 1000 / len(questions)
    for _ in range(_FIRST_SEARCHES):  # milvus-lite builds its indexes now, longer than a search may take
        with suppress(MilvusError):
            other.search(questions[0])
    found, times, cpu = [], [], process_time()
    for question in questions:
        began_s = perf_counter()
        found.append([hit.row for hit in other.search(question)])
        times.append((perf_counter() - began_s) * 1000)
    cpu_ms = (process_time() - cpu) * 1000 / len(questions)
    lengths = Lengths.of(snapshot)
    sample = snapshot.store.passages(range(min(_WEIGHED, passages)))
    terms = mean(len(passage_weights(passage, lengths)) for passage in sample)
    collection.drop()
    collection.close()
    return {
        "passages": passages,
        "index": kind,
        "load_s": round(seconds, 1),
        "load_cpu_ms_per_passage": round(cpu_s * 1000 / passages, 3),
        "terms_per_passage": round(terms, 1),
        "bytes_per_passage": {
            "vector": 4 * snapshot.dense.dimension,
            "weights": round(_SPARSE_BYTES * terms),
            "text": round(mean(len(passage.indexed_text.encode()) for passage in sample)),
            "snapshot": {
                name: round(
                    sum(size for path, (size, _) in snapshot.manifest.files.items() if path.startswith(name)) / passages
                )
                for name in ("store", "vectors", "lexical")
            },
        },
        "search_ms": spread(times),
        "replica_cpu_ms": round(cpu_ms, 2),
        "own_files_cpu_ms": round(own_cpu_ms, 2),
        "same_top_10": f"{sum(a == b for a, b in zip(expected, found, strict=True))} of {len(questions)}",
        "machine": machine(),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--snapshot", type=Path, required=True)
    parser.add_argument("--url", required=True)
    parser.add_argument("--questions", type=Path, default=ROOT / "eval/questions/sample-dev.jsonl")
    parser.add_argument("--index", choices=get_args(DenseKind), default="FLAT")
    arguments = parser.parse_args()
    questions = [question.text for question in read_questions(arguments.questions)]
    print(
        json.dumps(measure(arguments.snapshot, arguments.url, questions, arguments.index), ensure_ascii=False, indent=1)
    )


if __name__ == "__main__":
    main()

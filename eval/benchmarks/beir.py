"""A folder as BEIR and MTEB lay it out in, its articles and its queries with graded relevance out.

corpus.jsonl (_id, title, text), queries.jsonl (_id, text), qrels/test.tsv (query-id, corpus-id, score).
Source: Thakur et al., BEIR (NeurIPS Datasets and Benchmarks 2021).
"""

from pathlib import Path

from eval.benchmarks.content import BenchmarkError, Content, article_of, safe_id
from eval.benchmarks.files import records_of, text_of
from eval.benchmarks.trec import judged_questions, read_qrels, read_queries
from eval.jsonl import read_text
from index.article import Article

CORPUS, QUERIES = "corpus.jsonl", "queries.jsonl"
_JUDGED = tuple(f"{split}{suffix}" for split in ("test", "dev", "validation", "train") for suffix in (".tsv", ".jsonl"))


def read_beir(folder: Path, qrels: Path | None = None) -> Content:
    """The content of a folder, judged by `qrels`, else by the first split there is. Raises BenchmarkError.

    A judged document that the corpus does not hold counts as one not found, as in trec_eval.
    """
    qrels = qrels or _first_split(folder / "qrels")
    articles = _corpus(folder / CORPUS)
    judgements = {
        query_id: {safe_id(given): grade for given, grade in grades.items()}
        for query_id, grades in read_qrels(qrels).items()
    }
    if not any(article_id in articles for grades in judgements.values() for article_id in grades):
        raise BenchmarkError(f"{qrels}: judges no document of {folder / CORPUS}; give the qrels of this corpus")
    return Content(tuple(articles.values()), judged_questions(read_queries(folder / QUERIES), judgements, qrels))


def _first_split(folder: Path) -> Path:
    for path in (folder / name for name in _JUDGED):
        if path.is_file():
            return path
    raise BenchmarkError(f"{folder}: holds no qrels; put test.tsv there, or name a file of them")


def _corpus(path: Path) -> dict[str, Article]:
    articles: dict[str, Article] = {}
    for number, record in enumerate(records_of(read_text(path, BenchmarkError), path), start=1):
        place = f"{path}, record {number}"
        title, text = (text_of(record, name, place, default="") for name in ("title", "text"))
        article = article_of(text_of(record, "_id", place), title, text, path.name)
        if article.id in articles:
            raise BenchmarkError(f"{place}: the id {article.id!r} comes a second time")
        articles[article.id] = article
    return articles

"""stub"""
from collections.abc import Iterator
from index.article import Article
from index.errors import SourceError
def is_magazine(text: str) -> bool:
    return False
def read_magazine(text: str, source: str) -> Iterator[Article | SourceError]:
    return iter(())

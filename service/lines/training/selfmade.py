"""A sentence in, a question that it answers out: what a name means, what a thing consists of, how something is done.

Sentences that say outright that they define, list or name a means hold their own question; it is asked in another form,
some of its words left out. A question that a text asks itself is answered by the sentence after it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from random import Random
from typing import Any

from index.article import Article
from index.sentences import sentence_spans
from service.answering.names import tagged
from service.lines.training.wanted import Collection, Wanted

_LEFT_OUT = 0.18
"""Share of the words of a goal that a question leaves out."""

_MOST_OF_ARTICLE, _LEAST_SENTENCES, _MOST_CHARS = 3, 6, 6000

_NAMED = re.compile(
    "(?:所谓)?“(?P<name>[^“”，。]{2,12})”(?:机制|模式|平台|改革|体系|工程|行动|工作法)?[，,]?"
    "(?:是指|指的是|就是|即|是一[种个项]|是(?![否不])|指|旨在|为(?!了))[^，。]{3,}"
)
_BARE_NAME = re.compile(
    r"^(?:所谓)?(?P<name>[\u4e00-\u9fffA-Za-z0-9]{2,10}?)[，,]?(?:是指|指的是|就是|是一[种个项])[^。]{6,}"
)
_NUMBER_OF = re.compile(
    r"(?P<count>[三四五六七八九][大个项种类条张])(?P<name>[\u4e00-\u9fff]{2,6})[：，][^。]*、[^。]*、"
)
_PARTS = re.compile(r"(?P<name>[\u4e00-\u9fff“”]{4,18}?)(?:包括|包含|涵盖|分为|主要有|分别[是为])[^。]*、[^。]*、")
_MEANS = re.compile(
    r"(?P<who>(?:^|(?<=[，。]))[\u4e00-\u9fff“”]{0,10}?)(?:通过|利用|依托|采取)[^，。]{5,40}，(?P<goal>[\u4e00-\u9fff“”]{6,26})[，。]"
)
_GOAL = re.compile(r"为(?:了)?(?P<goal>[\u4e00-\u9fff“”]{5,20})，[^。]{12,}")
_ASKS = re.compile("(?P<asked>[^。？！“”]{0,20}(?:如何|怎么|怎样|为什么|为何|什么是|哪些)[^。？！“”]{3,30}？)$")

_FORMS: tuple[tuple[re.Pattern[str], tuple[str, ...]], ...] = (
    (_NAMED, ("什么是“{name}”？", "“{name}”是什么意思？", "“{name}”指的是什么？", "{name}是做什么的？", "“{name}”是怎么回事？", "{name}是怎样的？")),
    (_BARE_NAME, ("什么是{name}？", "{name}是什么？", "{name}指的是什么？", "请问{name}具体指什么")),
    (_NUMBER_OF, ("{count}{name}分别是什么？", "{name}有哪{count}？", "{count}{name}包括哪些？")),
    (_PARTS, ("{name}包括哪些？", "{name}有哪些？", "{name}分为哪几类？", "{name}主要有哪些内容？")),
    (_MEANS, ("{who}如何{goal}？", "{who}怎样{goal}？", "{who}用什么办法{goal}？", "{who}靠什么{goal}？", "{goal}有哪些做法？")),
    (_GOAL, ("如何{goal}？", "怎样{goal}？", "为了{goal}采取了哪些措施？", "为{goal}，出台了什么办法？")),
)  # fmt: skip


def made_of(articles: Sequence[Mapping[str, Any]], rng: Random) -> Collection:
    """The articles whose sentences hold questions, and those questions."""
    kept: list[Article] = []
    wanted: list[Wanted] = []
    for number, row in enumerate(articles):
        text = row["text"][:_MOST_CHARS]
        spans = sentence_spans(text)
        article = Article(f"article {number}", str(row.get("title") or text.strip()[:24]), text)
        own = list(_questions(article, spans, rng)) if len(spans) >= _LEAST_SENTENCES else []
        if own:
            kept.append(article)
            wanted += rng.sample(own, min(_MOST_OF_ARTICLE, len(own)))
    return Collection(tuple(kept), tuple(wanted))


def _questions(article: Article, spans: Sequence[tuple[int, int]], rng: Random) -> Iterator[Wanted]:
    for number, (start, end) in enumerate(spans):
        sentence = article.text[start:end]
        if question := ask(sentence, rng):
            yield Wanted(question, article.id, ((start, end),), origin="made")
        elif (asks := _ASKS.search(sentence)) and number + 1 < len(spans):
            yield Wanted(asks["asked"], article.id, (spans[number + 1],), hidden=start, origin="made")


def ask(sentence: str, rng: Random) -> str | None:
    """A question that a sentence answers; None where it does not say what it does."""
    for pattern, forms in _FORMS:
        if found := pattern.search(sentence):
            parts = {
                name: _shortened(part, rng) if name == "goal" else part for name, part in found.groupdict().items()
            }
            return rng.choice(forms).format(**parts)
    return None


def _shortened(goal: str, rng: Random) -> str:
    words = [word for _, word, _ in tagged(goal)]
    return "".join(word for word in words if len(words) < 4 or rng.random() >= _LEFT_OUT)

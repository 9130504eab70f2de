"""A page's tree in, the element that holds its main text out, and what in it is none; knows no metadata.

Prose is counted: characters outside links of lines that read like sentences. From the body down, the way goes into the
one child that holds most of the prose. Navigation, teasers, comments and page feet are told by their element, their
class or id, the share of links in them, or the words that every page foot has; never when they hold most of the prose.
"""

import re
from dataclasses import dataclass, field
from typing import Any

from index.reading.html_blocks import BLOCKS, HEADINGS, clean, tag_of, walk

_MOST = 0.75  # of the prose: the way down goes on
_HALF = 0.5  # an element that names itself the article is believed when it holds this much
_TOO_MUCH = 0.4  # of the prose: not taken out as navigation whatever its class says
_SENTENCE = re.compile(r"[，。；！？,;!?]|\.(?:\s|$)")
_LONG_LINE = 40
_WORD = re.compile(r"[a-z]+|[A-Z][a-z]*|[A-Z]+(?![a-z])")
_BESIDE = frozenset(
    "nav navbar navigation breadcrumb breadcrumbs crumb crumbs sidebar footer copyright comment comments disqus reply replies "
    "share sharing related recommend recommended recommendation pager pagination prevnext friendlink sitemap weizhi dqwz "
    "relnews xgyd xglj fenxiang dibu daohang".split()
)
_PERHAPS_BESIDE = frozenset(  # not where another word of the name says that it is the article
    "menu side aside foot social hot rank ranking paging ad ads advert advertisement sponsor promo banner toolbar tool tools "
    "login signin register search subscribe newsletter qrcode cookie cookies popup modal tags links skip topbar header "
    "position location".split()
)
_LEAVES = frozenset("p li ul ol dl blockquote pre".split())
_TEXTS = frozenset("p ul ol blockquote pre figure h2 h3 h4 h5 h6".split())
_BESIDE_TAGS = frozenset(("aside", "nav", "menu"))
_ARTICLE_WORDS = frozenset("article content post entry body text main detail story zoom editor news".split())
_FOOT = re.compile(
    r"版权所有|ICP备|公网安备|网站标识码|网备案|Copyright\s|All [Rr]ights [Rr]eserved|©|主办单位[：:].{0,40}(?:承办|地址|电话|邮编|技术支持)"
)
_LEAD_LINE = re.compile(r"^(?:您?(?:现在)?(?:的|所在)?(?:当前)?(?:所在)?位置|当前位置|首页)\s*[:：>›»]")


@dataclass(slots=True)
class _Weight:
    """What one element holds: characters of prose, of links, of anything."""

    prose: int = 0
    linked: int = 0
    characters: int = 0
    heading: bool = False
    foot: bool = False

    def add(self, other: "_Weight") -> None:
        self.prose += other.prose
        self.linked += other.linked
        self.characters += other.characters
        self.heading = self.heading or other.heading
        self.foot = self.foot or other.foot


@dataclass(slots=True)
class _Survey:
    """The weight of each element with text in it, and the elements in reading order."""

    weights: dict[Any, _Weight] = field(default_factory=dict)
    articles: list[Any] = field(default_factory=list)
    blocks: list[Any] = field(default_factory=list)


def main_text(root: Any, tables: frozenset[Any]) -> tuple[Any, frozenset[Any]]:
    """The element that holds the main text, and the elements in it that are none of it; `tables` are those of data."""
    survey = _weigh(root)
    whole = survey.weights.get(root, _Weight())
    beside = frozenset(element for element in survey.blocks if _is_beside(element, survey.weights, whole.prose))
    if beside:
        survey = _weigh(root, beside)
    return _descend(root, survey, tables), beside


def _weigh(root: Any, skipped: frozenset[Any] = frozenset()) -> _Survey:
    survey = _Survey()
    opened: list[tuple[Any, _Weight]] = []
    line: list[str] = []
    links = linked = 0

    def close_line() -> None:
        nonlocal linked
        text = clean("".join(line))
        line.clear()
        if text and opened:
            weight = opened[-1][1]
            own = max(0, len(text) - linked)
            reads = bool(_SENTENCE.search(text)) or len(text) >= _LONG_LINE
            weight.prose += own if reads and own * 2 > len(text) and not _LEAD_LINE.match(text) else 0
            weight.linked += min(linked, len(text))
            weight.characters += len(text)
            weight.foot = weight.foot or bool(_FOOT.search(text))
        linked = 0

    for step, element, text in walk(root, skipped):
        tag = tag_of(element) if step != "text" else ""
        if step == "text":
            line.append(text)
            linked += len(text.strip()) if links else 0
            continue
        if tag in BLOCKS or tag == "br":
            close_line()
        if tag == "a":
            links += 1 if step == "open" else -1
        if element is not root and tag not in BLOCKS:
            continue
        if step == "open":
            opened.append((element, _Weight(heading=tag == "h1")))
            survey.blocks.append(element)
            if _names_article(element, tag):
                survey.articles.append(element)
        else:
            _, weight = opened.pop()
            if weight.characters or weight.heading:
                survey.weights[element] = weight
            if opened:
                opened[-1][1].add(weight)
    return survey


def _names_article(element: Any, tag: str) -> bool:
    return tag in ("article", "main") or element.get("role") == "main" or element.get("itemprop") == "articleBody"


def _words(element: Any) -> frozenset[str]:
    named = f"{element.get('class') or ''} {element.get('id') or ''}"[:300]
    return frozenset(word.lower() for word in _WORD.findall(named))


def _is_beside(element: Any, weights: dict[Any, _Weight], prose: int) -> bool:
    weight, tag = weights.get(element), tag_of(element)
    if weight is None or tag in ("html", "body", "table", "tbody", "tr", "td"):
        return False
    if tag in ("article", "main") or weight.prose > prose * _TOO_MUCH:
        return False
    if tag in _BESIDE_TAGS or element.get("role") in ("navigation", "complementary", "contentinfo", "search", "banner"):
        return True
    if tag in ("footer", "header") and element.getparent() is not None:
        inside = any(tag_of(each) in ("article", "main", "section", "blockquote") for each in element.iterancestors())
        return tag == "footer" or not (inside or weight.heading)
    if tag in HEADINGS or tag in ("li", "dt", "dd", "th"):
        return False
    words = _words(element)
    named = words & _BESIDE or (words & _PERHAPS_BESIDE and not words & _ARTICLE_WORDS)
    if named and not weight.heading:
        return True
    if weight.foot and weight.characters < 600 and weight.prose < max(200, prose * 0.2):
        return True
    linked = weight.linked / max(1, weight.characters)
    return linked > 0.5 and weight.prose < 20 and weight.characters > 8 and tag not in ("p", "caption", "figcaption")


def _descend(root: Any, survey: _Survey, tables: frozenset[Any]) -> Any:
    """The lowest element that still holds most of the prose."""
    weights = survey.weights
    whole = weights.get(root, _Weight()).prose
    named = [each for each in survey.articles if weights.get(each, _Weight()).prose >= max(1, whole * _HALF)]
    place = named[-1] if named else root
    while True:
        here = weights.get(place, _Weight()).prose
        children = [child for child in place if child in weights]
        best = max(children, key=lambda child: weights[child].prose, default=None)
        if best is None or here == 0 or weights[best].prose < here * _MOST or tag_of(best) in _LEAVES or best in tables:
            return place
        if any(_is_text(child, weights, tables) for child in children if child is not best):
            return place
        place = best


def _is_text(child: Any, weights: dict[Any, _Weight], tables: frozenset[Any]) -> bool:
    """Whether a neighbour of the best child is a paragraph, table or heading of the same text: the way ends above both."""
    return (tag_of(child) in _TEXTS or child in tables) and weights[child].linked * 2 <= weights[child].characters

"""A page's tree in, what it says about itself out: title, authors, date, site; from meta, JSON-LD and the byline.

Chinese government pages carry ArticleTitle, PubDate, ContentSource, ColumnName and SiteName by a national guideline
(《政府网站发展指引》, 2017); other pages Open Graph, schema.org or Dublin Core.
"""

import json
import re
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from index.reading.html_blocks import HEADINGS, clean, tag_of, walk
from index.reading.spacing import HAN

_NAMES: dict[str, tuple[str, ...]] = {  # first found wins
    "title": ("articletitle", "headline", "og:title", "twitter:title", "dc.title", "citation_title"),
    "authors": ("author", "article:author", "dc.creator", "citation_author", "og:article:author"),
    "date": (
        "pubdate",
        "article:published_time",
        "datepublished",
        "publishdate",
        "dc.date",
        "dc.date.issued",
        "date",
        "citation_date",
    ),
    "site": ("sitename", "og:site_name", "publisher", "application-name"),
    "column": ("columnname", "article:section", "articlesection"),
    "from": ("contentsource", "source"),
    "url": ("canonical", "og:url"),
}
_DAY = re.compile(r"(?<!\d)((?:19|20)\d\d)\s?[-年/.]\s?(\d{1,2})\s?[-月/.]\s?(\d{1,2})(?!\d)")
_BYLINE = re.compile(
    r"(?:(?:发布|发稿|发表|成文|更新)?(?:时间|日期)|来\s*源|信息来源|文章来源|稿源|作\s*者|撰\s*稿|记\s*者|责任编辑|责\s*编|编\s*辑|字\s*[体号]|浏览次数|阅读次数|点击数|访问量|打\s*印)\s*[:：]"
)
_NAMED = {
    "authors": re.compile(
        r"(?:作\s*者|撰\s*稿人?|撰\s*文)\s*[:：]\s*([^\s:：|｜][^:：|｜]{0,60}?)(?=\s+\S{1,4}\s*[:：]|\s*[|｜]|\s{2,}|\s+\d{4}[-年]|$)"
    ),
    "from": re.compile(r"(?:来\s*源|信息来源|文章来源|稿源)\s*[:：]\s*([^\s:：|｜]{1,40})"),
    "editor": re.compile(r"(?:责任编辑|责\s*编|编\s*辑)\s*[:：]\s*([^\s:：|｜]{1,20})"),
}
_SITE = re.compile(r"(?:网|网站|门户|在线|日报|晚报|人民政府|办公厅)$")
_BETWEEN_NAMES = re.compile(rf"(?<=[{HAN}]{{2}})\s+(?=[{HAN}]{{2}})")
_JSON_TYPES = ("Article", "NewsArticle", "BlogPosting", "Report", "ScholarlyArticle", "WebPage", "TechArticle")
_MAX_JSON = 200_000


def facts_of(root: Any) -> dict[str, str]:
    """What head and JSON-LD say: title, authors (、 between), date (YYYY-MM-DD), site, column, from, url, language."""
    given = dict(_head(root))
    facts: dict[str, str] = {}
    for fact, names in _NAMES.items():
        value = next((given[name] for name in names if given.get(name)), "")
        if fact == "date":
            value = next((day for name in names if (day := day_of(given.get(name, "")))), "")
        if fact == "authors" and value.startswith("http"):
            value = ""
        if value:
            facts[fact] = value
    if given.get("language"):
        facts["language"] = given["language"]
    if given.get("title") and not facts.get("title"):
        facts["title"] = without_site(given["title"], facts.get("site", ""))
    elif facts.get("title"):
        facts["title"] = without_site(facts["title"], facts.get("site", ""))
    return facts


def day_of(text: str) -> str:
    """The first day named in the text as YYYY-MM-DD, empty when there is none that exists."""
    for found in _DAY.finditer(text[:200]):
        try:
            return date(int(found[1]), int(found[2]), int(found[3])).isoformat()
        except ValueError:
            continue
    return ""


def byline_facts(line: str) -> dict[str, str]:
    """What a line such as `发布时间：2024-03-05 来源：云川日报 作者：林岚` says; empty for any other line."""
    if len(line) > 160 or not _BYLINE.search(line):
        return {}
    facts = {fact: found[1].strip("（）() ") for fact, pattern in _NAMED.items() if (found := pattern.search(line))}
    if "authors" in facts:
        facts["authors"] = _BETWEEN_NAMES.sub("、", facts["authors"])
    if day := day_of(line):
        facts["date"] = day
    rest = _DAY.sub("", line)
    for pattern in _NAMED.values():
        rest = pattern.sub("", rest)
    facts["rest"] = re.sub(
        r"[\s\d:：【】\[\]()（）|｜]+|分享到?|大|中|小|打印|收藏|关闭|本页|浏览|次数?", "", _BYLINE.sub("", rest)
    )
    return facts


def heading_title(root: Any, title: str) -> str:
    """The page's own first heading when it is the only one of its level or agrees with the title in its head."""
    firsts = [clean("".join(each.itertext())) for each in root.iter("h1", "{*}h1")][:20]
    firsts = [each for each in firsts if each]
    for each in firsts:
        if title and (each in title or title in each):
            return each
    return firsts[0] if len(firsts) == 1 and not title else title


def without_site(title: str, site: str) -> str:
    """`窗口并到一处_云川政策网` → `窗口并到一处`: what follows the last dash or bar, when it is the site or looks like it."""
    parts = re.split(
        r"\s*[_|｜]\s*|\s+[-–—·]+\s+|\s*(?:--|——)(?=[^-—]{2,12}(?:网|网站|报|在线|政府|日报)$)|-(?=[^-]{2,14}(?:网|网站|报|在线|政府)$)",
        title,
    )
    parts = [part for part in parts if part and part.strip()]
    if len(parts) < 2:
        return title.strip()
    if site and any(site in part for part in parts[1:]):
        return parts[0].strip()
    site_first = _SITE.search(parts[0].strip()) and not _SITE.search(parts[-1].strip())
    return (parts[-1] if site_first else parts[0]).strip()


def _head(root: Any) -> Iterator[tuple[str, str]]:
    """Names in lower case with their values; of several with one name the first (later pairs never replace it)."""
    seen: dict[str, str] = {}
    people: list[str] = []
    for element in root.iter():
        tag = tag_of(element)
        if tag == "meta":
            name = (element.get("name") or element.get("property") or element.get("itemprop") or "").strip().lower()
            value = clean(element.get("content") or "")[:500]
            if name in ("citation_author", "dc.creator") and value:
                people.append(value)
            elif name and value:
                seen.setdefault(name, value)
        elif tag == "link" and (element.get("rel") or "").lower() == "canonical":
            seen.setdefault("canonical", (element.get("href") or "").strip()[:2000])
        elif tag == "title" and "title" not in seen:
            seen["title"] = clean(element.text or "")[:500]
        elif tag == "html":
            seen.setdefault(
                "language",
                (element.get("lang") or element.get("{http://www.w3.org/XML/1998/namespace}lang") or "")[:35],
            )
        elif tag == "time" and element.get("datetime"):
            seen.setdefault("date", element.get("datetime", "")[:40])
        elif tag == "script" and (element.get("type") or "").lower() == "application/ld+json":
            for name, value in _linked_data(element.text or ""):
                seen.setdefault(name, value)
    if people:
        seen.setdefault("author", "、".join(dict.fromkeys(people[:20])))
    yield from seen.items()


def _linked_data(text: str) -> Iterator[tuple[str, str]]:
    if len(text) > _MAX_JSON:
        return
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        return
    for entry in _entries(data):
        kinds = entry.get("@type")
        if not any(kind in _JSON_TYPES for kind in (kinds if isinstance(kinds, list) else [kinds])):
            continue
        for name in ("headline", "datePublished", "articleSection"):
            if isinstance(value := entry.get(name), str):
                yield name.lower(), clean(value)[:500]
        for name in ("author", "publisher"):
            if names := "、".join(_people(entry.get(name))):
                yield name, names[:500]


def _entries(data: object) -> Iterable[dict[str, object]]:
    roots = data if isinstance(data, list) else [data]
    for root in roots[:50]:
        if isinstance(root, dict):
            yield root
            graph = root.get("@graph")
            yield from (each for each in (graph[:50] if isinstance(graph, list) else []) if isinstance(each, dict))


def _people(value: object) -> Iterator[str]:
    for each in value[:20] if isinstance(value, list) else [value]:
        name = each.get("name") if isinstance(each, dict) else each
        if isinstance(name, str) and name.strip() and not name.startswith("http"):
            yield clean(name)


def first_heading(root: Any) -> str:
    """The text of the first heading of any level, empty when there is none."""
    for step, element, _ in walk(root):
        if step == "open" and tag_of(element) in HEADINGS and (text := clean("".join(element.itertext()))):
            return text
    return ""

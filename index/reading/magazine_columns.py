"""The names in, whether Chinese magazines share them as names of columns out; knows no pages."""

import re

_USUAL = re.compile(
    r"(?:本期|本刊|今日|特别)?(?:关注|特稿|策划|专题|专稿|报道|观察|聚焦|话题)|[卷刊]首语?|封面(?:故事|文章|报道)|专栏|要闻|时政|高端|访谈|对话"
    r"|(?:领导|高层|权威)?要论|经济|政治|文化|社会|生态(?:文明)?|党建|党的建设|法治|教育|科技|健康|民生|三农|国际|理论|实践|思想|评论|言论|漫笔|随笔|读者来信"
    r"|人物|前沿|视点|案例|资讯|动态|图说|书评|史话"
)


def is_usual_column(text: str) -> bool:
    """Whether many magazines have a column of this name."""
    return bool(_USUAL.fullmatch(text))

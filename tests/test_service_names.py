import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.answering.names import NameKind, find_names, place_stem, tagged

KINDS: tuple[NameKind, ...] = ("person", "organisation", "place", "document", "term")


@pytest.mark.parametrize(
    ("kind", "text", "names"),
    [
        ("person", "集团董事长周海平说，合并不是目的。", ["周海平"]),
        ("person", "人民法院院长李伟介绍，案件减少。", ["李伟"]),
        ("person", "专职调解员、律师段美玲就调成了一起纠纷。", ["段美玲"]),
        ("person", "省委书记易炼红把改革称作关键。", ["易炼红"]),
        ("person", "总经济师朱军说，要有新意。", ["朱军"]),
        ("person", "改革没有完成时。", []),
        ("organisation", "由中国银行牵头", ["中国银行"]),
        ("organisation", "省委改革办与浙江大学联合调研。", ["省委改革办", "浙江大学"]),
        ("organisation", "深圳市南山区人民法院受理", ["深圳市南山区人民法院"]),
        ("organisation", "阿里巴巴集团有限公司参与", ["阿里巴巴集团有限公司"]),
        ("organisation", "没有机构", []),
        ("place", "浙江省杭州市试点", ["浙江省", "杭州市"]),
        ("place", "改革", []),
        ("document", "出台《关于改革的意见》和《条例（试行）》", ["《关于改革的意见》", "《条例（试行）》"]),
        ("document", "《没有右边", []),
        ("document", "《外层《内层条例》》", ["《内层条例》"]),
        ("term", "“千万工程”和“一网通办”", ["千万工程", "一网通办"]),
        ("term", "“”", []),
        ("term", "没有引号", []),
    ],
)
def test_names(kind: NameKind, text: str, names: list[str]) -> None:
    assert [name.text for name in find_names(text, kind)] == names


@pytest.mark.parametrize(
    ("place", "stem"),
    [("深圳市", "深圳"), ("浙江省", "浙江"), ("内蒙古自治区", "内蒙古"), ("浦东新区", "浦东"), ("南京", "南京"), ("沙市", "沙市"),
     ("西湖街道", "西湖"), ("村", "村"), ("", "")],
)  # fmt: skip
def test_place_stem(place: str, stem: str) -> None:
    assert place_stem(place) == stem


PIECES = st.sampled_from(
    [
        "浙江省",
        "杭州市",
        "书记王",
        "张三",
        "说",
        "《",
        "》",
        "“",
        "”",
        "改革办",
        "有限公司",
        "集团",
        "的",
        "😀",
        "村",
        "\n",
        " ",
        "\0",
    ]
)


@settings(max_examples=200, deadline=None)
@given(st.one_of(st.text(max_size=30), st.lists(PIECES, max_size=12).map("".join)))
def test_any_text_gives_ordered_slices(text: str) -> None:
    for kind in KINDS:
        end = 0
        for name in find_names(text, kind):
            assert text[name.start : name.end] == name.text
            assert name.kind == kind
            assert end <= name.start < name.end
            end = name.end


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=40))
def test_tagged_words_cover_the_text(text: str) -> None:
    """Each word once and in order; those of dates are masked by commas."""
    words = tagged(text)
    assert [start for start, _, _ in words] == [sum(len(word) for _, word, _ in words[:i]) for i in range(len(words))]
    assert sum(len(word) for _, word, _ in words) == len(text)
    assert all(tag and (word == text[start : start + len(word)] or not word.strip("，")) for start, word, tag in words)

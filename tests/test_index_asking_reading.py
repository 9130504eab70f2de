"""Questions as people write them, and as they are read against a collection."""

import pytest

from index.asking.colloquial import plain
from index.asking.numerals import in_digits
from index.asking.reading import Reader, Reading
from index.retrieval import Retriever
from service.answering.answerer import Answerer
from tests.asking import collection
from tests.encoders import HashEncoder


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader(collection())


@pytest.mark.parametrize(
    ("asked", "text"),
    [
        ("营伤环境怎么样？", "营商环境怎么样?"),
        ("供富工坊有多少家？", "共富工坊有多少家?"),
        ("“共赋工坊”有多少家？", "“共富工坊”有多少家?"),
        ("全市引育了多少家树商？", "全市引育了多少家数商?"),
        ("“只管家”清查了多少份合同？", "“智管家”清查了多少份合同?"),
        ("“智家管”清查了多少份合同？", "“智管家”清查了多少份合同?"),
        ("周敦怡的后人办了什么？", "周敦颐的后人办了什么?"),
        ("“周敦怡”的后人办了什么？", "“周敦颐”的后人办了什么?"),
        ("營傷環境怎麼樣？", "營商環境怎麼樣?"),
    ],
)
def test_a_misspelling_is_read_as_the_word_of_the_collection(reader: Reader, asked: str, text: str) -> None:
    reading = reader.read(asked)
    assert reading.text == text
    assert len(reading.corrections) == 1
    assert reading.asked == asked
    assert reading.corrections[0].read in text or reading.corrections[0].read == "营商"


@pytest.mark.parametrize(
    "asked",
    [
        "营商环境怎么样？",
        "深圳有多少家共富工坊？",
        "苏州和宿州各有多少家？",
        "江背镇有多少家工坊？",
        "2023年和2024年相比怎么样？",
        "打算在哪几个方面使劲？",
        "方案和办法各提了多少条？",
        "《方案》和《办法》各提了多少条？",
        "查了多少份村经济合同？",
        "“四难”指哪四难？",
        "“八八战略”是什么？",
        "A4纸、GDP和5G",
        "共",
        "？",
        "🙂🙂",
        "",
        "   ",
    ],
)
def test_what_is_known_or_really_another_name_stays(reader: Reader, asked: str) -> None:
    reading = reader.read(asked)
    assert reading.text == asked
    assert not reading.corrections


def test_half_a_surrogate_pair_is_read(reader: Reader) -> None:
    assert reader.read("营商环境\ud800").text == "营商环境?"


def test_letters_keep_their_case_beside_a_correction(reader: Reader) -> None:
    assert reader.read("APEC和营伤环境").text == "APEC和营商环境"


@pytest.mark.parametrize(
    ("asked", "text"),
    [
        ("衞生院在哪裏", "卫生院在哪裏"),  # what is traditional is folded where it is matched
        ("甚麼時候建成", "什么時候建成"),
    ],
)
def test_variants_of_characters_are_read_in_their_common_form(reader: Reader, asked: str, text: str) -> None:
    assert reader.read(asked).text == text


def test_a_short_form_that_the_collection_introduces_is_searched_at_length(reader: Reader) -> None:
    assert reader.read("“数商方案”定了什么目标").also == ("云澜市数据商人培育发展行动方案",)
    assert reader.read("数商定了什么目标").also == ()


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        (
            "How many notary offices joined the pilot for overseas remote video notarization?",
            ("多少", "公证", "参加", "试点", "海外远程视频公证"),
        ),
        ("How many farmers work in Lin Saiyan's workshops?", ("多少", "农民", "林赛燕", "工坊")),
        ("What is the business environment of Jiashan in 2023?", ("环境", "嘉善", "2023年", "是什么")),
        ("How many “共富工坊” are there?", ("多少", "“共富工坊”")),
        ("In which year did Suzhou build a hospital?", ("哪一年", "苏州", "医院")),
        ("How much did revenue grow by June 12, 2024, and to 1.5 billion yuan?", ("多少", "2024年6月12日", "15亿元")),
    ],
)
def test_an_english_question_is_put_into_the_words_of_the_collection(
    reader: Reader, asked: str, words: tuple[str, ...]
) -> None:
    reading = reader.read(asked)
    assert reading.translated
    assert [word for word in words if word not in reading.text] == []


def test_a_question_with_a_few_letters_is_no_english_one(reader: Reader) -> None:
    assert not reader.read("GDP是多少？").translated
    assert not reader.read("ok").translated


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("二〇二三年全年", "2023年全年"),
        ("二零二四年", "2024年"),
        ("达到百分之六十的", "达到60%的"),
        ("百分之三十点五", "30.5%"),
        ("百分之几", "百分之几"),
        ("百分之六十多", "百分之六十多"),
        ("两千亿元", "2000亿元"),
        ("一万两千家企业", "1.2万家企业"),
        ("一亿两千万元", "1.2亿元"),
        ("一千零五十五场", "1055场"),
        ("三千多万张", "三千多万张"),
        ("八八战略", "八八战略"),
        ("第一百条", "第一百条"),
        ("十家", "十家"),
        ("三百六十行", "三百六十行"),
    ],
)
def test_numerals_become_digits(text: str, expected: str) -> None:
    assert in_digits(text, lambda _: False) == expected


def test_numerals_that_the_collection_writes_so_stay() -> None:
    assert in_digits("一千家", lambda numeral: numeral == "一千") == "一千家"


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("你好，请问一下温州供了多少地？谢谢啦", "温州供了多少地"),
        ("我想了解浙江的数商", "浙江的数商"),
        ("想问下，啥是“公开码”呀", "什么是“公开码”"),
        ("能帮我查一下龙港有多少企业吗？", "龙港有多少企业？"),
        ("麻烦问一下，授信多少啊？", "授信多少？"),
        ("咋办的？", "怎么办的？"),
        ("知道最多的企业是哪家", "知道最多的企业是哪家"),
        ("请问", "请问"),
        ("谢谢", "谢谢"),
        ("那文化驿站呢？", "那文化驿站呢？"),
    ],
)
def test_courtesies_are_left_out(asked: str, expected: str) -> None:
    assert plain(asked) == expected


def test_search_and_answers_use_what_was_read() -> None:
    retriever = Retriever(collection(), HashEncoder())
    assert retriever.search("营伤环境")[0].passage.article_id == "business"
    answer = Answerer(retriever).ask("How many “供富工坊” did Yunlan build?")
    assert answer.question == "How many “供富工坊” did Yunlan build?"
    assert answer.retrieved[0].article_id == "workshop"


def test_a_reading_is_searched_with_its_long_forms() -> None:
    assert Reading("问", "问", also=("甲", "乙")).searched == "问 甲 乙"

"""How Chinese asks: question words and what they ask for, units that count the same things, words that carry nothing.

General vocabulary only; nothing here knows a collection.
"""

import re
from enum import StrEnum

from service.answering.figures import MEASURE_WORDS, MONEY


class Kind(StrEnum):
    """What a slot of a question asks for."""

    FIGURE = "figure"
    DATE = "date"
    PERSON = "person"
    ORGANISATION = "organisation"
    PLACE = "place"
    DOCUMENT = "document"
    DEFINITION = "definition"
    LIST = "list"
    MEASURE = "measure"
    CHANGE = "change"
    REASON = "reason"
    YES_NO = "yes_no"
    OPEN = "open"


_BODIES = "厅(?!堂)|局|处室|科室|部委|机构|部门|单位|公司|企业|法院|银行|高校|大学|学校|组织|机关|委员会|医院|团队|厅局|协会|平台|中心|(?:产业|工业|科技)?园区?|开发区"
LANDS = "地方|地区|城市|设区市|地级市|县级市|区县|县区|乡镇|市县|地市|省份|国家|市|县|区|省|镇|村|乡|街道|地"
_PAPERS = "合同|协议|文件|条例|办法|法规|方案|规章|意见|通知|规划|纲要|指引|细则|法律|标准|作品|著作|典籍|古籍|公报|宣言|报告|书"
_KINDS_OF = "大?类|大|个|项|种|方面|家|条|部|点|样"
_COUNT = r"些|几|[二两三四五六七八九十]+|\d+"
_FEW = "[两二三四2-4](?:个|家|所|座|位|名)"
_PARTIES = "哪[两二三四五2-5](?:方(?!面)|家)"
_OF_RANK = "(?:省级|市级|县级|国家级?|主管|政府|上级)?"
_TAKEN = ("持续", "平均", "[办处]理", "响应", "所需")
_TIME_TAKEN, _MOMENT = f"(?:{'|'.join(_TAKEN)})时间", "".join(f"(?<!{word})" for word in _TAKEN) + "时间"
_DOINGS = "措施|举措|做法|机制|方式|手段|路径|办法|改革"

QUESTION_WORDS: tuple[tuple[Kind, re.Pattern[str]], ...] = tuple(
    (kind, re.compile("|".join(patterns)))
    for kind, patterns in (
        (
            Kind.REASON,
            (
                "(?<![变转改成级整化称定评列])为什么|为何(?![种类]|[？?]?$)|为啥|缘何|因何|何故|什么原因|出于(?:什么|何种?|啥)(?:考虑|目的|原因)?|原因是什么|因为什么|why",
            ),
        ),
        (
            Kind.DATE,
            (
                "哪一?年的?(?:哪一?个?月份?)?|哪一?个?月份?|哪[一几两三]?[天日]|何时|何[日月](?=$|[？?起开生施发公召举])|(?:啥|什么|哪个)年份|何年(?:何月(?:何[日时])?)?|啥时候?|什么时[候间]|什么日期|几月几[日号]|几月份?|几[日号]几[点时]|几号|(?<!哪)几点(?:钟|几分|(?=$|[？?开起到升结截才]))",
                rf"(?:日期|年月|年份|(?<!用){_MOMENT})(?:分别)?是(?:什么|啥)?(?=[？?]?$)",
                "when|what year|which year",
            ),
        ),
        (
            Kind.CHANGE,
            (
                "[从由](?:什么|哪|何种).{0,10}(?:到|向|为|成)了?(?:什么|哪|何种)(?:里)?(?:[种个类]?(?:类型|形态|模式|阶段|经济|服务))?|有(?:什么|何)(?:转变|改变|不同)|有(?:什么|何|哪些|多大)变化|(?:发生了?)?(?:什么|怎样的)变化|变化(?:是|有)多[大少]|(?:前后)?变化(?:如何|怎么?样)|怎么变化?|变化$",
            ),
        ),
        (
            Kind.DEFINITION,
            (
                "是(?:一[种个]|个)(?:什么|啥).{0,4}$|是(?:什么|啥)(?:东西|玩意儿?|概念|路数|名堂)|(?:是)?(?:怎样|什么样|怎么样|啥样)的?(?:一[种个类])(?:.{0,4}$)?|(?:是)?什么样的?|是?怎么(?:回事|个做法)",
                "是?(?:用来)?(?:做|干)(?:什么|啥|嘛|什么用)的|(?:起|有)(?:什么|啥)作用|(?:用来|用于)(?:做|干)(?:什么|啥)",
                "是?什么意思|指的?是?(?:什么|哪(?![几两二三四五六七八九十\\d]份)|啥)|(?:分别)?代表(?:了)?什么|是(?:个)?(?:什么|啥)(?=[？?]?$)|什么是|何谓|何为",
                "(?<=[a-z0-9”])(?:具体|究竟|到底)?(?:指的?是?|是指|代表)(?:的是)?谁|[该要]?(?:应[该当]?)?(?:怎么样?|怎样|如何)来?(?:理解|解释|界定|定义)|怎么?讲(?=[？?]?$)",
                "(?<!姓)什么叫|(?:所指)?为何(?=[？?]?$)|的?(?:含义|定义)(?:是什么)?|what does .{1,40} mean|what is the meaning",
            ),
        ),
        (
            Kind.MEASURE,
            (
                rf"(?:哪些|什么|哪几[个项种条])[^？?，,]{{0,4}}?(?:{_DOINGS})(?=[？?]?$|来|让|使|防|保|推)"
                rf"|(?:哪些|什么|啥|哪几)(?:高|妙|实|新|硬)?(?:招数?(?![牌商聘呼待募考])|法子|点子|对策)"
                rf"|(?:采[取用]|通过|运用|利用|依?靠|用|想[出到]?|拿出)了?(?:哪些|什么|哪几[个项种条])(?:{_DOINGS})",
            ),
        ),
        (
            Kind.LIST,
            (
                rf"(?:有|是|包括|包含|涵盖|分为|分成)?哪(?!{_FEW}(?:{_BODIES}|{LANDS}))(?![两二三2-3](?:位|个人|[份部]?(?:{_PAPERS})))(?!(?<=哪){_PARTIES[1:]})(?:{_COUNT})(?:{_KINDS_OF})?|(?:包[括含]|涵盖)(?:了|些)*(?:什么|啥)|有(?:什么|啥)(?!用)",
                r"分别是(?:什么|谁)|(?:有|分)(?:几|多少)(?:大)?类(?=.*(?:分别|哪))|名单$",
            ),
        ),
        (
            Kind.MEASURE,
            (
                rf"是?(?:如何|怎么|怎样|咋)样?|(?:做|干)了(?:些|点)?(?:什么|啥)|[要该应能](?:做|干)(?:些|点)?(?:什么|啥)|靠什么|通过什么|以什么|用什么(?:{_DOINGS})?|how (?:does|do|did|is|are)",
            ),
        ),
        (
            Kind.ORGANISATION,
            (
                rf"(?:哪|什么)(?:一?个|一?家|些|几个|几家|所|{_FEW})?{_OF_RANK}(?:{_BODIES})|哪(?:一?家|所)|{_PARTIES}|由谁(?:牵头|负责|主办)",
                "谁(?:牵头|主办|发布|颁布|颁发|授予|制定|评为|推出)|which (?:company|agency|organi[sz]ation|court|department)",
            ),
        ),
        (
            Kind.PLACE,
            (
                rf"哪里|哪儿|何处|何地|(?:哪|什么)(?:一?个|座|些|几个|一|{_FEW})?(?:[亚欧非美]洲|中东|东南亚|海外|西方|发达)?(?:{LANDS})(?!级|直|[委厅局])",
                "where|which (?:city|county|province|village|district|place)",
            ),
        ),
        (
            Kind.DOCUMENT,
            (
                rf"哪一?部[\u4e00-\u9fff]{{0,3}}?(?:{_PAPERS})|哪一?部(?![门委分位队])|(?:哪|什么)(?:一?份|一?部|一?个|一?项|些|几[个部份]|[两二三2-3][份部]?)?(?:{_PAPERS})(?:名称)?",
            ),
        ),
        (
            Kind.PERSON,
            (
                "姓(?:什么|啥)名?叫(?:什么|啥)|(?<=[员人长任官师者主授])(?:名?叫|姓)(?:什么|啥)(?:名字?)?|姓甚名谁|谁|哪[一两二三2-3]?位|何人|什么人|哪[一两二三2-3]?个人|who",
            ),
        ),
        (
            Kind.FIGURE,
            (
                "第(?:几|多少)|百分之(?:几|多少)|多少|几成|(?<![好这那])几[十百千万]|几何(?=[？?]?$)",
                rf"(?<![好这那近十])(?<!(?<!提)前)(?<!^后)(?<![之最往随此今以]后)几(?!年(?:下来|以?来|间))(?=[人块分回]|{MEASURE_WORDS})",
                "(?:什么|啥|何种|怎样的)规模|(?<=达到)(?:什么|何种|怎样的)水平|多大|多高|多长时间|多长|多久|多远|多快|多重|how (?:many|much|long|high|large)",
            ),
        ),
        (Kind.YES_NO, ("是否|是不是|有没有|能否|是真的吗|对吗|吗(?=[？?]?$)",)),
        (Kind.OPEN, ("叫(?:什么|啥)(?:名字|名称)?|什么|哪(?:个|项|种|款|类|一条|一|所|部|座)?|啥|what|which",)),
    )
)
"""Kinds in the order in which they are looked for; a stretch taken by one is not looked at by the next."""

KEYWORD_ENDS = re.compile(
    rf"(?P<date>(?:年份|年月|日期|{_MOMENT})(?=$| ))|(?P<measure>(?:{_DOINGS})$)"
    rf"|(?P<rank>名次|排名|位次)(?=$| )|(?:数量|数目|[人套户家条件次场亩宗项]数|人次|场次|用时|产能|{_TIME_TAKEN}|[数率额]|营收|资金$|(?:处理|生产|承载|接待|供[水电热气])能力|(?<![质力数])量|(?<!价)值|面积|增收|比例|占比|比重|规模|幅度|收入|产值|[增降涨]幅|增速|同比|成本|费用|价格|补贴|奖金|期限|时长|长度|高度|深度|宽度|重量|距离|额度|限额|得分|分数)"
    r"(?: ?(?:目标|要求|上限|下限|不低于|不少于|不超过|至少|超过))?(?=$| )"
)
"""Nouns that ask for a date, a measure, a place in an order or a figure as a word of a keyword query, the last of them."""

SUPPOSED = re.compile("谁(?:还想|要是|若|如果|想|的(?!是))|(?:哪[个家]|谁).{0,6}(?:要是|如果|一旦|只要)")
"""A part of a question whose question word stands for anybody (谁还想拉线，得先…)."""

BITS = re.compile("[、和与及][\u4e00-\u9fff](?=[、和与及]|各|分别)")
"""A single character among things named together: they are no names of their own."""

LONG_TOLD = re.compile(
    "(?:措施|举措|内容|意义|作用|特[点征色]|[区差]别|关系|目[的标]|流程|原则|思路|体系|机制|制度|要求|任务|方向|路径|[方做办]法|核心|内涵|[重要亮]点|情况|效果|成效|职责"
    "|功能|背景|原因|步骤|条件|标准|关键|经验|理念|[方模形]式|安排|规定|分工|不同|含义|意思|定义|改革|工程|行动|计划)$"
)
"""Nouns for what takes more than a name to tell."""

MONEY_UNITS = frozenset(MONEY.split("|"))
SHARE_UNITS = frozenset("% 百分点 倍 成".split())
LENGTH_UNITS = frozenset("公里 千米 米 里 英里 海里".split())
TIME_UNITS = frozenset("年 个月 月 天 日 周 小时 个小时 分钟 秒 工作日 个工作日".split())
AREA_UNITS = frozenset("亩 平方米 平方公里 公顷".split())
PEOPLE_UNITS = frozenset("个 人 名 位 例".split())
SCORE_UNITS = frozenset(["分"])
"""Scores mostly go without their unit."""

UNIT_FAMILIES: tuple[frozenset[str], ...] = (
    MONEY_UNITS,
    SHARE_UNITS,
    TIME_UNITS,
    AREA_UNITS,
    *(
        frozenset(family.split())
        for family in (
            "人 名 位",
            "人次 人 名",
            "家 户 个",
            "件 起 宗 例 案 笔 个 次 份",
            "个 项 条 种 类 款 门 件",
            "场 次 期 届 轮",
            "套 间 栋 台 辆",
            "吨 公斤 斤 千克",
            "公里 千米 里 米",
            "个 处 座 所 家",
            "所 间",
            "张 份 本 部 册 篇 幅 件",
            "根 条 支 杆",
            "个 只 支",
        )
    ),
)
"""Units that can answer for each other: who asks for 多少起案件 may be told 1.4万件."""

NUMERIC_NOUNS: tuple[tuple[re.Pattern[str], frozenset[str]], ...] = (
    (re.compile("率|占比|比重|比例|增幅|降幅|增速|份额|百分|幅度"), SHARE_UNITS),
    (
        re.compile(
            "金额|资金|损失|案款|货款|款项|债务?(?!权)|欠款|负债|(?:成交|售|卖|单|均|房|定|底|起拍)价|投资|产值|营收|资本|(?<!低)收入|贷款|成本|余额|总值|经费|费用|补贴|奖金|授信|标的|增收|价格|售价|销售额|"
            "交易额|(?<!多少)钱(?=有|是|总共|一共|$)|利润|工资|出资|融资|总额|资产|学费|税收|财政|gdp|生产总值|租金|工钱"
        ),
        MONEY_UNITS,
    ),
    (
        re.compile("人数|人员|人才|企业家|专家|农民|村民|学员|团队|干部|员工|职工|劳动力|低收入|劳动者|成员|粉丝"),
        frozenset("人 名 位 人次 户 万".split()),
    ),
    (re.compile(f"多久|多长时间|{_TIME_TAKEN}|时长|用时|耗时|工期|年头"), TIME_UNITS),
    (re.compile("面积"), AREA_UNITS),
    (re.compile("长度|高度|深度|宽度|距离|时速"), LENGTH_UNITS),
    (re.compile("得分|评分|分数|指数"), SCORE_UNITS),
)
"""What a thing is counted in when the question gives no measure word."""

FILLER = frozenset(
    """
    姓甚名谁 搞起 办起 建起 设起 多少 什么 哪些 哪个 哪里 哪年 哪家 哪几种 如何 怎么 怎样 为什么 是否 几个 时候 名字 请问 麻烦 一下 知道 告诉 想 想问 问下 了解 问
    查 关于 有关 情况 目前 现在 一共 总共 共 具体 主要 是 有 在 的 了 吗 呢 呀 啊 和 与 及 各 各有 各是 分别 到底 究竟 大概 大约 达到
    达 为 由 被 把 从 到 对 中 上 里 个 家 这 那 它 其 我 我们 你 您 能 可以 帮 截至 多大 多高 哪一天 其中 期间 意思 含义 定义 怎么回事 叫 让 给 用 已 已经 后 时
    打算 开始 听说 据说 提到 说到 谈到 讲到 讲 说 拿到 拿出 弄 搞 做 做到 办 看 算 算是 来着 啥 咋 咱 咱们 我们 你们 大家 那个 这个 那些 这些 那种 这种 那条 这条 那份
    那家 那位 那里 这里 那会儿 这会儿 这事 那事 事 事儿 事情 样子 路子 沾边 总共 统共 拢共 加起来 一起 一块儿 平时 一般 专门 特别 挺 蛮 真的 确实 其实 是不是 有没有
    能够 会 要 想要 需要 应该 得 还 还有 另外 又 再 就 才 都 也 只 单 单是 光 每 每个 各个 几成 头一个 目前为止 至今 如今 眼下 当下 近来 最近 后来 当时 出自 之口 原话
    """.split()
)
"""Words of a question that say nothing about its subject."""

KIND_NOUNS = frozenset(
    "东西 范围 应用 组织 比例 比重 比率 总额 总数 数量 数额 数目 金额 幅度 机构 办法 措施 举措 做法 手段 方面 类型 名称 内容 方式 方法 地方 企业 单位 部门 规模 贡献 变化 职务 职位 头衔 身份 担任 名单".split()
)
"""Words that name the kind of the answer more than its subject; a source need not repeat them."""

OTHERS = re.compile(
    "除了?(?P<known>[^，,。？?]{2,40}?)(?:之外|以外|外)|以外|另外|另[一两二三四五六七八九几]|其[他余]|剩下|还有哪"
)
"""What asks for others than those that a question names, `known` where it says so (除杭州、宁波外)."""

MODIFIERS = ("新增", "同比", "环比", "人均", "平均", "户均", "年均", "亩均", "首期", "其中")
"""Words before a figure that make it another figure; one that the question does not have speaks against it."""

SYNONYMS: dict[str, tuple[str, ...]] = {
    "gdp": ("生产总值",),
    "ai": ("人工智能",),
    "生产总值": ("gdp",),
    "外贸": ("进出口",),
    "成立": ("设立", "组建", "建立", "首创", "创立"),
    "建立": ("成立", "设立", "打造"),
    "设立": ("成立", "建立"),
    "兑现": ("兑付", "发放"),
    "提高": ("提升", "上升", "增长"),
    "下降": ("减少", "降低", "缩减"),
    "减少": ("下降", "降低", "缩减"),
    "增长": ("增加", "提高", "上升"),
    "获得": ("获评", "荣获"),
    "经开区": ("经济技术开发区", "经济开发区"),
    "高新区": ("高新技术产业开发区", "高新技术开发区"),
    "师傅": ("师承", "师从", "拜师", "师父"),
    "省": ("节约", "节省"),
    "节省": ("节约",),
    "总额": ("总值", "总量"),
    "费用": ("成本", "支出"),
    "案子": ("案件",),
    "官司": ("诉讼", "纠纷", "案件"),
    "毛病": ("问题",),
    "法子": ("办法",),
    "本事": ("技能",),
    "病人": ("患者",),
    "患者": ("病人",),
}
"""Other ways to write a word, few and general; a trained encoder knows more."""

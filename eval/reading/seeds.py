"""One small document of each format as bytes, in own words, for the tests of the readers and for fuzzing; reads nothing."""

import io
import json
import zipfile
from collections.abc import Mapping

TITLE = "窗口并到一处"
LINES = ("各县把办事窗口并到一处，来办事的人少跑了路。", "今年办了1200件，比去年多三成。")

PAGE = """<!DOCTYPE html>
<html lang="zh-CN"><head><meta charset="{charset}"><title>窗口并到一处_云川政策网</title>
<meta name="SiteName" content="云川政策网"><meta name="PubDate" content="2024-03-05 10:00"><meta name="ColumnName" content="政务">
<script>var hidden = "<p>脚本里的字。</p>";</script><style>p {{ color: red }}</style></head>
<body><div class="header"><a href="/">首页</a> <a href="/a">要闻</a></div>
<div id="nav"><ul><li><a href="/1">政务公开</a></li><li><a href="/2">民生服务</a></li></ul></div>
<div class="weizhi">您现在的位置：<a href="/">首页</a> &gt; <a href="/1">政务</a></div>
<div class="wrap"><div class="left"><h1>窗口并到一处</h1>
<div class="info">发布时间：2024-03-05 10:00　来源：云川日报　作者：林岚 周听</div>
<div id="zoom" class="TRS_Editor"><p>　　各县把办事窗口
并到一处，来办事的人少跑了路。</p><h2>一、怎么做到</h2>
<p>今年办了<b>1200</b>件，比去年&nbsp;多三成。<br>　　第二段也在这里。<!-- 注 --></p>
<ul><li>合并窗口；</li><li>减少材料。</li></ul>
<p>表1 各县收入</p><p>单位：万元</p>
<table><tr><td rowspan="2">县</td><td colspan="2">2023年</td></tr><tr><td>收入</td><td>支出</td></tr>
<tr><td>云澜</td><td>120</td><td>90</td></tr><tr><td>栖川</td><td>80</td><td></td></tr>
<tr><td colspan="3">数字见附件</td></tr></table>
<figure><img src="http://example.org/x.png"><figcaption>窗口前。李明摄</figcaption></figure><p>最后一段说完了。</p></div>
<div class="editor">责任编辑：王芳</div><div class="share">分享到：<a href="#">微信</a></div></div>
<div class="right"><h3>热点</h3><ul><li><a href="/3">云澜市研发投入两年记，多少钱？</a></li><li><a href="/4">夜校开班</a></li></ul></div></div>
<div class="footer"><p>主办单位：云川省人民政府办公厅 地址：云川路1号，邮编：000000</p><p>版权所有 云ICP备123号</p></div></body></html>
"""

CONTAINER = """<?xml version="1.0"?><container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>
<rootfile full-path="OEBPS/content.opf" media-type="application/oebps-package+xml"/></rootfiles></container>"""
PACKAGE = """<?xml version="1.0" encoding="utf-8"?><package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="id">
<metadata xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:identifier id="id">x</dc:identifier><dc:title>云川政策读本</dc:title>
<dc:creator>林岚</dc:creator><dc:creator>周听</dc:creator><dc:date>2024-03-05</dc:date><dc:language>zh</dc:language></metadata>
<manifest><item id="nav" href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"/>
<item id="cover" href="cover.xhtml" media-type="application/xhtml+xml"/><item id="a" href="text/a.xhtml" media-type="application/xhtml+xml"/>
<item id="a2" href="text/a2.xhtml" media-type="application/xhtml+xml"/><item id="b" href="text/b.xhtml" media-type="application/xhtml+xml"/>
</manifest><spine><itemref idref="cover"/><itemref idref="nav"/><itemref idref="a"/><itemref idref="a2"/><itemref idref="b"/></spine></package>"""
_XHTML = '<?xml version="1.0" encoding="utf-8"?><!DOCTYPE html><html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops"><head><title/></head><body>{}</body></html>'
CHAPTERS = {
    "nav.xhtml": '<nav epub:type="toc"><ol><li><a href="text/a.xhtml">第一章 窗口</a></li><li><a href="text/b.xhtml#one">第二章 公交</a>'
    '<ol><li><a href="text/b.xhtml#in">新车</a></li></ol></li><li><a href="text/b.xhtml#two">第三章 夜校</a></li></ol></nav>',
    "cover.xhtml": '<img src="cover.jpg" alt="封面"/>',
    "text/a.xhtml": "<h1>第一章 窗口</h1><p>各县把办事窗口并到一处。</p><h2>一、怎么做到</h2><p>今年办了1200件，",
    "text/a2.xhtml": "<p>窗口还开到了镇上。</p><table><tr><th>县</th><th>件数</th></tr><tr><td>云澜</td><td>700</td></tr></table>",
    "text/b.xhtml": '<h1 id="one">第二章 公交</h1><p>北岚市换了新车。</p><h2 id="in">新车</h2><p>一共460辆。</p>'
    '<h1 id="two">第三章 夜校</h1><p>开了85门课。</p>',
}
CHAPTERS["text/a.xhtml"] += "比去年&nbsp;多三成。</p>"

_STREAM = b"BT /F 14 Tf 20 250 Td (One window) Tj /F 10 Tf 0 -30 Td (The counties put 1200 counters together.) Tj ET"
_OBJECTS = (
    b"<</Type/Catalog/Pages 2 0 R>>",
    b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
    b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 300]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>",
    b"<</Length %d>>\nstream\n%s\nendstream" % (len(_STREAM), _STREAM),
    b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
)


def pdf_page() -> bytes:
    """A PDF of one page, its objects uncompressed."""
    data, table = b"%PDF-1.4\n", b"0000000000 65535 f \n"
    for number, made in enumerate(_OBJECTS, start=1):
        table += b"%010d 00000 n \n" % len(data)
        data += b"%d 0 obj%s endobj\n" % (number, made)
    tail = b"xref\n0 %d\n%strailer<</Root 1 0 R/Size %d>>\nstartxref\n%d\n%%%%EOF\n"
    return data + tail % (len(_OBJECTS) + 1, table, len(_OBJECTS) + 1, len(data))


def html_page(charset: str = "utf-8") -> bytes:
    """A page of a government site in that encoding, which it also names."""
    return PAGE.format(charset=charset).encode(charset)


def epub_book(changed: Mapping[str, bytes] = {}) -> bytes:
    """A book of three chapters in four files; `changed` replaces or adds members."""
    members = {
        "mimetype": b"application/epub+zip",
        "META-INF/container.xml": CONTAINER.encode(),
        "OEBPS/content.opf": PACKAGE.encode(),
        **{f"OEBPS/{name}": _XHTML.format(body).encode() for name, body in CHAPTERS.items()},
    }
    return zipped({**members, **changed})


def docx_report() -> bytes:
    """A report with title, byline, numbered headings, a table of merged cells under caption and unit, and a list."""
    import docx  # noqa: PLC0415 - kept out of what only wants the other formats
    from docx.enum.text import WD_ALIGN_PARAGRAPH  # noqa: PLC0415

    document = docx.Document()
    document.core_properties.author = "林岚"
    document.add_paragraph(TITLE, style="Title")
    document.add_paragraph("——云川三县见闻")
    document.add_paragraph("发布日期：2024年3月5日　来源：云川日报").alignment = WD_ALIGN_PARAGRAPH.CENTER
    document.add_paragraph(LINES[0])
    document.add_heading("一、怎么做到", level=1)
    document.add_paragraph().add_run(LINES[1][:5])
    document.paragraphs[-1].add_run(LINES[1][5:]).bold = True
    document.add_paragraph("合并窗口；", style="List Bullet")
    document.add_paragraph("减少材料。", style="List Bullet")
    document.add_paragraph("表1 各县收入", style="Caption")
    document.add_paragraph("单位：万元")
    table = document.add_table(rows=4, cols=3)
    for row, texts in enumerate(
        (("县", "2023年", ""), ("", "收入", "支出"), ("云澜", "120", "90"), ("栖川", "80", ""))
    ):
        for column, text in enumerate(texts):
            table.cell(row, column).text = text
    table.cell(0, 0).merge(table.cell(1, 0))
    table.cell(0, 1).merge(table.cell(0, 2))
    document.add_paragraph("图1 窗口前", style="Caption")
    document.add_paragraph("最后一段说完了。")
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def zipped(members: Mapping[str, bytes]) -> bytes:
    """The members as one zip package, in their order."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in members.items():
            package.writestr(zipfile.ZipInfo(name, (2024, 3, 5, 0, 0, 0)), data, zipfile.ZIP_DEFLATED)
    return stream.getvalue()


def unzipped(data: bytes) -> dict[str, bytes]:
    """The members of a zip package made here."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return {name: package.read(name) for name in package.namelist()}


def seeds() -> dict[str, list[bytes]]:
    """Some documents of each format, by extension."""
    line = json.dumps(
        {"title": TITLE, "text": "\n".join(LINES), "authors": ["林岚"], "date": "2024-03-05"}, ensure_ascii=False
    )
    plain = f"{TITLE}\n\n" + "\n".join(LINES * 3)
    magazine = "\n".join(("2024年第3期 云川政策", "目 录", "窗口并到一处 / 4", "■林 岚", "各县把办事窗口并到一处，来办事的人少跑了", "路。", "窗口并到一处", "4 云川政策")) * 4  # fmt: skip
    marked = f"---\ntitle: {TITLE}\nauthor: 林岚、周听\ndate: 2024-03-05\n---\n# 标题\n\n{LINES[0]}\n\n- 一\n- 二\n\n| 年 | 件 |\n|---|---|\n| 2023 | 12 |\n"
    return {
        ".txt": [plain.encode(), plain.encode("gb18030"), plain.encode("utf-16"), magazine.encode()],
        ".md": [marked.encode(), marked.encode("gb18030")],
        ".jsonl": [f"{line}\n{line}\n".encode()],
        ".html": [html_page(), html_page("gb18030")],
        ".docx": [docx_report()],
        ".epub": [epub_book()],
        ".pdf": [pdf_page()],
    }

"""A first document of our own, read in the server before it forks, so that no fork fills caches and tables again."""

from __future__ import annotations

import io
import zipfile
from contextlib import suppress

from jixiao.batch.handover import Handover
from jixiao.batch.work import document

FORM = """\
部门项目支出预算绩效目标表
(2025年度)
项目名称\t\t2025年公园管护项目
主管部门及代码\t\t某县林业局 207101\t实施单位\t某县公园管理所
项目属性\t\t0201-延续项目\t项目期\t1年
项目资金(万元)\t年度资金总额:\t20万元
\t其中:财政拨款\t20万元
\t其他资金
年度总体目标\t目标1:管护公园12处,面积1 566.2亩;目标2:群众满意度明显提升。
名称\t一级指标\t二级指标\t三级指标\t指标值
绩效指标\t产出指标\t数量指标（必填硬性指标）\t管护公园数量\t12处
\t\t\t管护公园面积\t1 1566.21平方米
\t\t质量指标（必填）\t验收合格率\t≧98%
\t\t时效指标（必填）\t完成时间\t2025年11月底前
\t\t成本指标（必填硬性指标）\t管护费用\t20万元
\t效益指标\t社会效益指标（必填）\t改善环境\t有效改善
\t满意度指标\t服务对象满意度指标（必填）\t群众满意度\t不低于95%
"""
"""A whole form with a little of what the repairs mend."""

_HEIGHT, _WIDTHS = 20, (80, 80, 120, 120, 120)
_LEFT, _TOP = 30, 800


def warm_up() -> None:
    """Read the form in each of the common kinds of files; what comes out is of no interest."""
    options = {"engine": "auto", "cross_check": False}
    request = {"source": "a", "shape": "files", "options": options, "passwords": []}
    texts = FORM.encode(), joined(FORM, '"', '","', '"').encode("gb18030"), joined(FORM, "| ", " | ", " |").encode()
    for data in (*texts, ruled_pdf(FORM), page(FORM), sheet(FORM), letter(FORM)):
        with suppress(Exception, Handover):
            document(request, data)


def joined(form: str, before: str, between: str, behind: str) -> str:
    """The cells of a text with tabs, as many in each row, with signs around them."""
    rows = [row.split("\t") for row in form.splitlines()]
    full = ([*row, *[""] * (len(_WIDTHS) - len(row))] for row in rows)
    return "\n".join(before + between.join(row) + behind for row in full)


def page(form: str) -> bytes:
    """The cells of a text with tabs as a table of HTML."""
    rows = ("".join(f"<td>{cell}</td>" for cell in row.split("\t")) for row in form.splitlines())
    return ("<html><body><table>" + "".join(f"<tr>{row}</tr>" for row in rows) + "</table></body></html>").encode()


def sheet(form: str) -> bytes:
    """The cells of a text with tabs as a sheet of a workbook."""
    rows = (
        "".join(f'<c t="inlineStr"><is><t>{cell}</t></is></c>' for cell in row.split("\t")) for row in form.splitlines()
    )
    return _package(
        "spreadsheetml.sheet",
        "xl/workbook.xml",
        f'<workbook xmlns="{_OFFICE}/spreadsheetml/2006/main" xmlns:r="{_RELATIONS}"><sheets>'
        '<sheet name="a" sheetId="1" r:id="r1"/></sheets></workbook>',
        {
            "xl/_rels/workbook.xml.rels": _related("worksheet", "worksheets/sheet1.xml"),
            "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{_OFFICE}/spreadsheetml/2006/main"><sheetData>'
            + "".join(f"<row>{row}</row>" for row in rows)
            + "</sheetData></worksheet>",
        },
    )


def letter(form: str) -> bytes:
    """The cells of a text with tabs as a table of a Word document."""
    rows = (
        "".join(f"<w:tc><w:p><w:r><w:t>{cell}</w:t></w:r></w:p></w:tc>" for cell in row.split("\t"))
        for row in form.splitlines()
    )
    return _package(
        "wordprocessingml.document",
        "word/document.xml",
        f'<w:document xmlns:w="{_OFFICE}/wordprocessingml/2006/main"><w:body><w:tbl>'
        + "".join(f"<w:tr>{row}</w:tr>" for row in rows)
        + "</w:tbl></w:body></w:document>",
        {},
    )


_OFFICE = "http://schemas.openxmlformats.org"
_RELATIONS = f"{_OFFICE}/officeDocument/2006/relationships"


def _related(kind: str, target: str) -> str:
    return (
        f'<Relationships xmlns="{_OFFICE}/package/2006/relationships">'
        f'<Relationship Id="r1" Type="{_RELATIONS}/{kind}" Target="{target}"/></Relationships>'
    )


def _package(main_kind: str, main: str, content: str, more: dict[str, str]) -> bytes:
    """A package of Office by its kind, its main part and its other parts."""
    kinds = (
        f'<Types xmlns="{_OFFICE}/package/2006/content-types"><Override PartName="/{main}" ContentType='
        f'"application/vnd.openxmlformats-officedocument.{main_kind}.main+xml"/></Types>'
    )
    parts = {"[Content_Types].xml": kinds, "_rels/.rels": _related("officeDocument", main), main: content}
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as file:
        for name, part in (parts | more).items():
            file.writestr(name, part)
    return packed.getvalue()


def ruled_pdf(form: str) -> bytes:
    """The cells of a text with tabs on one page, ruled; the font is one that every PDF reader knows by name."""
    steps = []
    for row, text in enumerate(form.splitlines()):
        left, bottom = _LEFT, _TOP - _HEIGHT * (row + 1)
        for width, cell in zip(_WIDTHS, [*text.split("\t"), *[""] * 5], strict=False):
            steps.append(f"{left} {bottom} {width} {_HEIGHT} re S")
            if cell:
                code = cell.encode("utf-16-be").hex()
                steps.append(f"BT /F 6 Tf {left + 2} {bottom + 6} Td <{code}> Tj ET")
            left += width
    content = "\n".join(steps).encode()
    objects = (
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F 5 0 R>>>>/Contents 4 0 R>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(content), content),
        b"<</Type/Font/Subtype/Type0/BaseFont/STSong-Light/Encoding/UniGB-UCS2-H/DescendantFonts[6 0 R]>>",
        b"<</Type/Font/Subtype/CIDFontType0/BaseFont/STSong-Light/CIDSystemInfo 8 0 R/FontDescriptor 7 0 R>>",
        b"<</Type/FontDescriptor/FontName/STSong-Light/Flags 6/FontBBox[-25 -254 1000 880]/ItalicAngle 0/StemV 93>>",
        b"<</Registry(Adobe)/Ordering(GB1)/Supplement 2>>",
    )
    found, places = b"%PDF-1.4\n", []
    for number, each in enumerate(objects, 1):
        places.append(len(found))
        found += b"%d 0 obj%s\nendobj\n" % (number, each)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    head = b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    return (
        found
        + head
        + table
        + b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n"
        % (
            len(objects) + 1,
            len(found),
        )
    )

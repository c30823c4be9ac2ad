"""The same form in other clothes: tab text -> Markdown pipes, CSV, columns padded with spaces, cells joined by spaces.

All take and give text whose lines end with a line feed. A line without tabs is a caption and stays as it is, and so
does a blank line. Cells hold no tabs, quotes or line breaks of their own.
"""

from __future__ import annotations

import csv
import io
import unicodedata

# Two forms of the seed, shortened: a caption, a cut inside a form, a label cut in two, a cell cut in two.
FORM = """\

附件 2：平罗县公安局项目支出预算绩效目标表

部门项目支出预算绩效目标表\t\t\t\t
(2024 年度)\t\t\t\t
项目名称\t\t2024 年平罗县武警中队官兵生活运行经费\t\t
主管部门及代码\t\t平罗县公安局 019001\t实施单位\t平罗县公安局
项目属性\t\t0101-一年期项目\t项目期\t1 年
项目资金 (万元)\t年度资金总额:\t\t10 万元\t
\t其中: 财政拨款\t\t10 万元\t
\t其他资金\t\t\t
年度总体目标\t保障官兵 45 人运行水电暖经费, 改善官兵生活, 提高工作积极性。\t\t\t
名称\t一级指标\t二级指标\t三级指标\t指标值
绩效指标\t产出指\t数量指标（必填硬性指\t补助武警中队官兵人数\t45人

\t标\t标)\t巡逻设卡执勤任务\t110天
\t\t质量指标（必填）\t公众安全感指数\t≥98%
\t\t时效指标（必填）\t保障巡逻社卡执勤任务\t2024 年
\t\t成本指标（必填硬性指标）\t日常工作运行费\t10万元
\t效益指标\t社会效益指标（必填）\t改善武警中队官兵生活\t有效改善
\t\t\t武警官兵工作积极性\t明显提高
\t满意度指标\t服务对象满意度指标（必填）\t武警中队官兵满意度\t≥95%

部门项目支出预算绩效目标表\t\t\t\t
(2024 年度)\t\t\t\t
项目名称\t\t附属用房业务用房建设项目\t\t
项目资金 (万元)\t年度资金总额:\t\t1,030,700.00 元\t
名称\t一级指标\t二级指标\t三级指标\t指标值
绩效指标\t产出指标\t数量指标\t硬化、绿化、灌溉, 安装附属\t1 1566.21平方米

\t\t\t设备等\t
\t\t\t完成业务用房建设\t7280.3平方米
\t\t质量指标\t工程质量达到图纸设计要求\t≥96%
"""


def to_pipes(text: str) -> str:
    """A Markdown table for each block, with a separator row under its first row."""
    lines: list[str] = []
    inside = False
    for line in text.split("\n"):
        cells = [cell.replace("|", r"\|") for cell in line.split("\t")]
        table = len(cells) > 1
        lines.append(f"| {' | '.join(cells)} |" if table else line)
        if table and not inside:
            lines.append("|---" * len(cells) + "|")
        inside = table
    return "\n".join(lines)


def to_csv(text: str, sep: str = ",") -> str:
    """An RFC 4180 file (with line feeds); `sep` may be a semicolon."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=sep, lineterminator="\n")
    for line in text.split("\n"):
        writer.writerow(line.split("\t") if line else [])
    return out.getvalue().removesuffix("\n")


def to_aligned(text: str, wide: str = "WF") -> str:
    """Columns padded over the whole text, as printed: characters of the East Asian widths in `wide` take two places."""
    rows = [line.split("\t") for line in text.split("\n")]
    widths: dict[int, int] = {}
    for row in rows:
        for col, cell in enumerate(row if len(row) > 1 else []):
            widths[col] = max(widths.get(col, 0), display_width(cell, wide))
    return "\n".join(_padded(row, widths, wide) for row in rows)


def to_joined(text: str) -> str:
    """Cells that are not blank joined by two spaces: the columns are lost."""
    return "\n".join("  ".join(cell for cell in line.split("\t") if cell) for line in text.split("\n"))


def display_width(text: str, wide: str = "WF") -> int:
    """How many places a text takes in a print with a fixed pitch."""
    return sum(2 if unicodedata.east_asian_width(char) in wide else 1 for char in text)


def _padded(row: list[str], widths: dict[int, int], wide: str) -> str:
    if len(row) == 1:
        return row[0]
    return "".join(cell + " " * (widths[col] + 2 - display_width(cell, wide)) for col, cell in enumerate(row)).rstrip()

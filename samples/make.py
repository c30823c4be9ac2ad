"""Write the small samples: one invented form, whole, and the same form under each kind of damage and in each carrier.

    python samples/make.py

Nothing is random, so the same sources come out every time. The expected JSON beside them is read by a person; it is
the same for all of them wherever the damage can be mended with evidence.
"""

from __future__ import annotations

from pathlib import Path

HERE = Path(__file__).resolve().parent
HEADER = ["名称", "一级指标", "二级指标", "三级指标", "指标值"]
Rows = list[list[str]]


def form() -> Rows:
    """The invented form, whole."""
    goal = "目标1:管护高标准农田1566.2亩,维修渠道11.5公里;目标2:培训管护人员120人,受益农户满意度明显提升。"
    return [
        ["部门项目支出预算绩效目标表", "", "", "", ""],
        ["(2025年度)", "", "", "", ""],
        ["项目名称", "", "2025年高标准农田管护项目", "", ""],
        ["主管部门及代码", "", "青川岭县农业农村局 207101", "实施单位", "青川岭县农田建设服务中心"],
        ["项目属性", "", "0201-延续项目", "项目期", "1年"],
        ["项目资金(万元)", "年度资金总额:", "86.5万元", "", ""],
        ["", "其中:财政拨款", "80万元", "", ""],
        ["", "其他资金", "6.5万元", "", ""],
        ["年度总体目标", goal, "", "", ""],
        HEADER,
        ["绩效指标", "产出指标", "数量指标（必填硬性指标）", "管护高标准农田面积", "1566.2亩"],
        ["", "", "", "维修灌溉渠道，清理淤泥及附属设施", "≥11.5公里"],
        ["", "", "", "培训管护人员", "120人"],
        ["", "", "质量指标（必填）", "渠道维修验收合格率", "≥98%"],
        ["", "", "时效指标（必填）", "完成全部管护任务", "2025年11月底前"],
        ["", "", "成本指标（必填硬性指标）", "管护补助资金", "80万元"],
        ["", "", "", "管护人员培训费用", "6.5万元"],
        ["", "效益指标", "社会效益指标（必填）", "改善项目区农业生产条件", "有效改善"],
        ["", "", "可持续影响指标（必填）", "管护机制持续运行", "≥3年"],
        ["", "满意度指标", "服务对象满意度指标（必填）", "受益农户满意度", "≥95%"],
    ]


def tabs(rows: Rows) -> str:
    """Rows as a tab-separated paste."""
    return "".join("\t".join(row) + "\n" for row in rows)


def put(rows: Rows, row: int, col: int, text: str) -> Rows:
    """The rows with another text in one cell."""
    rows = [list(each) for each in rows]
    rows[row][col] = text
    return rows


def tail(**cells: str) -> list[str]:
    """A row that holds only what runs over a cut."""
    names = ("block", "level1", "level2", "name", "value")
    return [cells.get(name, "") for name in names]


def label_cut() -> str:
    """产出指 at the foot, 标 at the head of the next page beside another row; a second label cut inside its note."""
    rows = put(put(form(), 10, 1, "产出指"), 10, 2, "数量指标（必填硬性指")
    return tabs(rows[:11]) + "\n" + tabs([["", "标", "标）", *rows[11][3:]], *rows[12:]])


def cell_cut() -> str:
    """A name cut inside; its value stays above. Further down a goal and a field cut at their ends."""
    rows = form()
    name, goal = rows[11][3], rows[8][1]
    above = put(put(rows, 11, 3, name[:9]), 8, 1, goal[:24])
    head, middle = [*above[:9]], [*above[9:12]]
    below = [tail(name=name[9:]), *rows[12:]]
    return tabs(head) + "\n" + tabs([["", goal[24:], "", "", ""], *middle]) + "\f" + tabs(below)


def name_before_value() -> str:
    """A name that begins on one page without its value, which stands beside the name's end on the next."""
    rows = form()
    name, value = rows[14][3:]
    above, below = [*rows[:14], [*rows[14][:3], name[:4], ""]], [tail(name=name[4:], value=value), *rows[15:]]
    return tabs(above) + "— 7 —\n" + tabs(below)


def repeated_headings() -> str:
    """Header alone at a page's foot; title, year and header printed again on the next pages."""
    rows = form()
    again = rows[:2]
    first, second = tabs(rows[:10]), tabs([*again, HEADER, *rows[10:14]])
    return first + "第1页\n" + second + "第2页\n" + tabs([*again, HEADER, *rows[14:]])


def split_numbers() -> str:
    """Numbers split by a space, in values, with and without a witness elsewhere in the form."""
    rows = put(put(form(), 10, 4, "15 66.2亩"), 11, 4, "≥1 1.5公里")
    return tabs(put(rows, 5, 2, "86 .5万元"))


def wrap_spaces() -> str:
    """Spaces of the typesetter inside words and between words and digits."""
    rows = put(put(form(), 2, 2, "2025 年高标准 农田管护项目"), 11, 3, "维修灌溉 渠道，清理 淤泥及附属设施")
    rows = put(put(rows, 12, 4, "120 人"), 13, 4, "≥ 98 %")
    rows = put(put(rows, 4, 4, "1 年"), 19, 2, "服务对象满意度 指标（必填）")
    return tabs(put(rows, 8, 1, rows[8][1].replace("亩", " 亩").replace("120人", " 120 人")))


def glyph_variants() -> str:
    """Operators, digits and percent signs in other forms; radicals in place of characters; zero-width characters."""
    rows = put(put(form(), 11, 4, "≧１１.５公里"), 13, 4, ">=98％")
    rows = put(put(rows, 18, 4, "⩾3年"), 12, 3, "培训管护⼈员")
    return tabs(put(put(rows, 19, 3, "受益农⼾满意度"), 15, 3, "管护补助\u200b资金"))


def noise() -> str:
    """Letters before the table, page counters between rows and inside a value, a stray letter in a label, padding."""
    rows = put(put(form(), 12, 4, "120人— 2 —"), 13, 2, "质量x指标（必填）")
    padded = [[*row, *[""] * 120] for row in rows]
    return "w\nQ\n" + tabs(padded[:13]) + "— 2 —\n" + tabs(padded[13:])


def shifted_rows() -> str:
    """Leading tabs lost by an editor: short rows are bound from the right."""
    return "".join("\t".join(row).strip("\t") + "\n" for row in form())


def unmarked_cuts() -> str:
    """Page cuts without any mark: a label and a name run over them."""
    rows = put(form(), 10, 1, "产出指")
    name = rows[16][3]
    cut = [*rows[:11], ["", "标", *rows[11][2:]], *rows[12:16], [*rows[16][:3], name[:4], rows[16][4]]]
    return tabs([*cut, tail(name=name[4:]), *rows[17:]])


def glued_title() -> str:
    """Two forms whose line break was lost: the title of the second stands behind the last value of the first."""
    second = put(form(), 2, 2, "2025年农田水利设施维修项目")
    return tabs(form()).rstrip("\n") + tabs(second)


def pipes() -> str:
    """The form pasted as a Markdown table."""
    rows = form()
    head, grid = rows[:9], rows[9:]
    lines = [f"{row[0]}\n" if not any(row[1:]) else _piped(row) for row in head]
    return "".join(lines) + "\n" + _piped(grid[0]) + "|---|---|---|---|---|\n" + "".join(map(_piped, grid[1:]))


def _piped(row: list[str]) -> str:
    return "| " + " | ".join(row) + " |\n"


def comma_separated() -> str:
    """The form as CSV; texts with commas are quoted."""
    quoted = [[f'"{cell}"' if "," in cell else cell for cell in row] for row in form()]
    return "".join(",".join(row) + "\n" for row in quoted)


def aligned_spaces() -> str:
    """The form padded to columns by the width that a terminal shows."""
    widths = [16, 18, 30, 40]
    lines = []
    for row in form():
        cells = [cell + " " * max(width - _width(cell), 2) for cell, width in zip(row, widths, strict=False)]
        lines.append("".join([*cells, row[4]]).rstrip() + "\n")
    return "".join(lines)


def joined_spaces() -> str:
    """The form with cells two spaces apart and blanks lost: only the order of the cells is left."""
    return "".join("  ".join(cell for cell in row if cell) + "\n" for row in form())


def _width(text: str) -> int:
    return sum(2 if ord(char) > 0x1100 else 1 for char in text)


def own_errors() -> str:
    """The author's own errors and inconsistencies: kept as they stand, and found by the checks."""
    rows = put(put(form(), 12, 4, "150人"), 13, 4, "≥198%")
    rows = put(put(rows, 15, 4, "90万元"), 14, 4, "2024年底")
    return tabs(put(put(rows, 10, 4, "≥**亩"), 17, 3, "改善项目区农业生产条件碧"))


SAMPLES = {
    "whole-form": (lambda: tabs(form()), "utf-8", "txt"),
    "label-cut": (label_cut, "utf-8", "txt"),
    "cell-cut": (cell_cut, "utf-8", "txt"),
    "name-before-value": (name_before_value, "utf-8", "txt"),
    "repeated-headings": (repeated_headings, "utf-8", "txt"),
    "split-numbers": (split_numbers, "utf-8", "txt"),
    "wrap-spaces": (wrap_spaces, "utf-8-sig", "txt"),
    "glyph-variants": (glyph_variants, "utf-8", "txt"),
    "noise": (noise, "utf-8", "txt"),
    "shifted-rows": (shifted_rows, "utf-8", "txt"),
    "unmarked-cuts": (unmarked_cuts, "utf-8", "txt"),
    "glued-title": (glued_title, "utf-8", "txt"),
    "own-errors": (own_errors, "utf-8", "txt"),
    "carrier-pipes": (pipes, "utf-8", "md"),
    "carrier-csv": (comma_separated, "gb18030", "csv"),
    "carrier-aligned": (aligned_spaces, "utf-16", "txt"),
    "carrier-joined": (joined_spaces, "utf-8", "txt"),
}


def main() -> None:
    """Write every source."""
    for slug, (text, encoding, extension) in SAMPLES.items():
        folder = HERE / slug
        folder.mkdir(exist_ok=True)
        (folder / f"source.{extension}").write_bytes(text().encode(encoding))


if __name__ == "__main__":
    main()

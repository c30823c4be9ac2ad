"""The text reader: encodings, delimiters, page cuts, exact places, and what it refuses."""

from __future__ import annotations

import pickle
import re
from collections.abc import Callable
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extract import ReadError, read
from extract.decoding import decode
from schemas.table import Cell, Document
from schemas.text import TextPlace
from tests.carriers import FORM, to_aligned, to_csv, to_joined, to_pipes

Carrier = Callable[[str], str]


def to_semicolons(text: str) -> str:
    return to_csv(text, ";")


def to_counted(text: str) -> str:
    """Padded by characters, as editors do that know nothing of wide characters."""
    return to_aligned(text, wide="")


def to_wide_signs(text: str) -> str:
    """Padded for a Chinese font, where ≥ and — are wide too."""
    return to_aligned(text, wide="WFA")


def as_tabs(text: str) -> str:
    return text


ALIGNED: list[Carrier] = [as_tabs, to_pipes, to_csv, to_semicolons, to_aligned, to_counted, to_wide_signs]
ENCODINGS = ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "gb18030", "gbk"]


def read_str(text: str) -> Document:
    return read(text.encode(), "form.txt")


def cells_of(document: Document) -> list[Cell]:
    return [cell for page in document.pages for table in page.tables for cell in table.cells]


def values(document: Document) -> list[str]:
    return [cell.text.value for cell in cells_of(document)]


def grid(document: Document) -> list[tuple[int, int, int, str]]:
    found = []
    for page in document.pages:
        found += [(page.number, c.row, c.col, c.text.value) for table in page.tables for c in table.cells]
    return found


def rows(document: Document) -> list[list[list[str]]]:
    """The texts of each row of each page."""
    return [
        [[c.text.value for c in table.cells if c.row == at] for table in page.tables for at in range(table.num_rows)]
        for page in document.pages
    ]


def place(cell: Cell) -> TextPlace:
    (found,) = cell.text.places
    assert isinstance(found, TextPlace)
    return found


def sliced(text: str, cell: Cell) -> str:
    """What stands at the place of a cell in the source."""
    where = place(cell)
    return re.split(r"\r\n|\n|\r", text)[where.line - 1][slice(*where.columns)]


def code_of(data: bytes) -> str:
    with pytest.raises(ReadError) as caught:
        read(data, "form.txt")
    assert caught.value.message.isprintable()
    assert str(caught.value) == caught.value.message
    return caught.value.code


# Encodings and delimiters.


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("carrier", ALIGNED, ids=lambda carrier: carrier.__name__)
def test_every_encoding_and_delimiter_gives_the_same_grid(carrier: Carrier, encoding: str) -> None:
    document = read(carrier(FORM).encode(encoding), "form.txt")
    assert grid(document) == grid(read_str(FORM))
    assert all(table.aligned for page in document.pages for table in page.tables)
    assert document.findings == ()


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_cells_joined_by_spaces_keep_their_texts_and_order_but_no_columns(encoding: str) -> None:
    document = read(to_joined(FORM).encode(encoding), "form.txt")
    assert values(document) == values(read_str(FORM))
    assert not any(table.aligned for page in document.pages for table in page.tables)


@pytest.mark.parametrize("gap", ["   ", "\u3000\u3000", " \u3000", "\xa0\xa0"])
def test_any_run_of_spaces_separates_cells_and_a_single_one_does_not(gap: str) -> None:
    assert values(read_str(f"项目　名称{gap}2024 年经费\n")) == ["项目　名称", "2024 年经费"]


@pytest.mark.parametrize("carrier", [*ALIGNED, to_joined], ids=lambda carrier: carrier.__name__)
def test_each_place_is_where_the_text_stands(carrier: Carrier) -> None:
    text = carrier(FORM)
    for cell in cells_of(read_str(text)):
        assert sliced(text, cell) == place(cell).text == cell.text.value


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_end_with_lf_crlf_or_cr_and_nothing_else(end: str) -> None:
    text = FORM.replace("\n", end).replace("生活", "生\u2028\x0b活", 1)
    found = read_str(text)
    assert [place(c).line for c in cells_of(found)] == [place(c).line for c in cells_of(read_str(FORM))]
    assert all(sliced(text, cell) == cell.text.value for cell in cells_of(found))


@pytest.mark.parametrize(
    ("carrier", "media_type"), [(as_tabs, "text/plain"), (to_csv, "text/csv"), (to_pipes, "text/markdown")]
)
def test_the_media_type_is_found_by_content(carrier: Carrier, media_type: str) -> None:
    source = read(carrier(FORM).encode(), "folder/form.pdf").source
    assert (source.media_type, source.name, source.pages) == (media_type, "form.pdf", 4)


def test_zero_width_characters_stay_for_the_normaliser_to_repair() -> None:
    assert values(read_str("产出\u200b指标\t\u202d数量\ufeff指标\n")) == ["产出\u200b指标", "\u202d数量\ufeff指标"]


def test_outer_blanks_stay_between_tabs_and_go_between_pipes() -> None:
    assert values(read_str(" a \tb\n")) == [" a ", "b"]
    assert values(read_str("| a | b |\n")) == ["a", "b"]


# Delimiters, one by one.


def test_markdown_knows_escaped_pipes_breaks_separator_rows_and_blank_cells() -> None:
    document = read_str("| 名称 | | 指标值 |\n|:---|:--:|---:|\n| 甲\\|乙 | - | 上<br>下<BR/> |\n| - | - | - |\n")
    assert grid(document) == [
        (1, 0, 0, "名称"), (1, 0, 2, "指标值"),
        (1, 1, 0, "甲|乙"), (1, 1, 1, "-"), (1, 1, 2, "上下"),
        (1, 2, 0, "-"), (1, 2, 1, "-"), (1, 2, 2, "-"),
    ]  # fmt: skip


def test_the_outer_pipes_of_markdown_are_optional() -> None:
    document = read_str("名称 | 指标 | 值\n---|---|---\n甲 | 乙 | 1\n | 丙 | 2\n")
    assert grid(document)[-2:] == [(1, 2, 1, "丙"), (1, 2, 2, "2")]


def test_csv_cells_may_hold_commas_doubled_quotes_and_line_breaks() -> None:
    document = read_str('名称,目标,值\n甲,"一, ""二""\n三",10\n乙,"1,030",20\n')
    assert values(document) == ["名称", "目标", "值", "甲", '一, "二"\n三', "10", "乙", "1,030", "20"]
    broken = cells_of(document)[4]
    assert broken.text.places == (TextPlace(1, 2, (3, 9), '一, "二"'), TextPlace(1, 3, (0, 1), "三"))
    assert place(cells_of(document)[5]) == TextPlace(1, 3, (3, 5), "10")
    assert place(cells_of(document)[6]).line == 4


def test_a_blank_line_or_a_page_counter_inside_a_quoted_cell_cuts_no_page() -> None:
    document = read_str('名称,目标\n甲,"一\n\n- 3 -\n二"\n乙,三\n')
    assert values(document) == ["名称", "目标", "甲", "一\n\n- 3 -\n二", "乙", "三"]
    assert not document.cuts_marked


def test_excel_quotes_a_pasted_cell_with_line_breaks() -> None:
    document = read_str('目标\t"第一行\n第二行"\t10\n甲\t乙\t丙\n')
    assert values(document) == ["目标", "第一行\n第二行", "10", "甲", "乙", "丙"]


@pytest.mark.parametrize(
    "text",
    [
        '甲\t"乙\t丙\n丁\t戊\t己\n',
        '甲\t"乙\t丙\n丁\t戊"\t己\n',
        '甲\t"乙"丙\t丁\n',
        '"甲\t乙\n' + "一\t二\n" * 60 + '丙"\t丁\n',
    ],
)
def test_an_unbalanced_quote_is_an_ordinary_character(text: str) -> None:
    assert values(read_str(text)) == re.findall(r"[^\t\n]+", text)


def test_commas_in_prose_are_not_a_delimiter() -> None:
    text = "目标 1: 保障经费, 改善生活\n总额 1,030,700.00\n其中 1,030,700.00\n"
    assert values(read_str(text)) == text.split("\n")[:-1]


def test_pages_of_one_file_may_have_different_delimiters() -> None:
    document = read_str("甲\t乙\n丙\t丁\n\n| 戊 | 己 |\n|---|---|\n| 庚 | 辛 |\n")
    assert rows(document) == [[["甲", "乙"], ["丙", "丁"]], [["戊", "己"], ["庚", "辛"]]]


def test_hundreds_of_padding_cells_are_harmless() -> None:
    document = read_str("名称\t指标值" + "\t" * 600 + "\n甲\t乙" + "\t" * 600 + "\n")
    (table,) = document.pages[0].tables
    assert (table.num_rows, table.num_cols, len(table.cells)) == (2, 2, 4)


# Columns of texts aligned by spaces.


def test_leading_spaces_are_blank_cells_where_the_text_is_aligned() -> None:
    tail = next(cell for cell in cells_of(read_str(to_aligned(FORM))) if cell.text.value == "设备等")
    assert tail.col == 3


def test_a_double_space_inside_a_cell_of_an_aligned_text_is_kept() -> None:
    head = "一级指标    二级指标    指标值\n产出        质量        10\n"
    document = read_str(head * 30 + "效益指标    数量  三    10\n")
    assert values(document)[-3:] == ["效益指标", "数量  三", "10"]
    assert document.pages[0].tables[0].aligned


def test_a_cell_a_little_off_its_column_is_not_swallowed_by_the_cell_before() -> None:
    text = "一级指标    二级指标    指标值\n产出        质量        10\n" * 30 + "“效益”    社会        良\n"
    assert [(cell.col, cell.text.value) for cell in cells_of(read_str(text))[-3:]] == [
        (0, "“效益”"),
        (1, "社会"),
        (2, "良"),
    ]


def test_cells_that_line_up_by_accident_are_not_aligned() -> None:
    assert not read_str("产出指标  数量指标  10\n" * 10).pages[0].tables[0].aligned


# Page cuts.

CUTS = [
    "\f",
    "\n\f",
    "— 3 —\n",
    "- 3 -\n",
    "第3页\n",
    "第 3 页 共 28 页\n",
    "  第 3 页  共 28 页\n",
    "3 / 28\n",
    "Page 3\n",
]
CUTS += ["－３－\n", "第三页\n", "共28页 第3页\n", "Page 3 of 28\n", "\n", "\n\n \t\n", "\t\t\n", "| | |\n", ",,,\n"]


@pytest.mark.parametrize("cut", CUTS)
def test_each_kind_of_cut_makes_a_page_and_is_no_row(cut: str) -> None:
    document = read_str(f"甲\t乙\n丙\t丁\n{cut}戊\t己\n")
    assert rows(document) == [[["甲", "乙"], ["丙", "丁"]], [["戊", "己"]]]
    assert document.cuts_marked
    assert [place(cell).page for cell in cells_of(document)] == [1, 1, 1, 1, 2, 2]


def test_the_place_behind_a_form_feed_is_exact() -> None:
    text = "甲\t乙\n\f丙\t丁\f戊\t己\n"
    document = read_str(text)
    assert rows(document) == [[["甲", "乙"]], [["丙", "丁"]], [["戊", "己"]]]
    assert [sliced(text, cell) for cell in cells_of(document)] == list("甲乙丙丁戊己")


def test_where_form_feeds_or_counters_stand_blank_lines_cut_nothing() -> None:
    assert rows(read_str("甲\t乙\n\n丙\t丁\n— 1 —\n\f戊\t己\n\n庚\t辛\n— 2 —\n")) == [
        [["甲", "乙"], ["丙", "丁"]],
        [["戊", "己"], ["庚", "辛"]],
    ]


def test_bare_numbers_are_counters_only_where_they_count_upwards() -> None:
    assert rows(read_str("甲\t乙\n1\n丙\t丁\n2\n")) == [[["甲", "乙"]], [["丙", "丁"]]]
    assert rows(read_str("甲\t乙\n12\n丙\t丁\n7\n")) == [[["甲", "乙"], ["12"], ["丙", "丁"], ["7"]]]
    assert rows(read_str("甲\t乙\n2023\n丙\t丁\n2024\n")) == [[["甲", "乙"], ["2023"], ["丙", "丁"], ["2024"]]]


def test_a_number_beside_delimiters_is_a_row() -> None:
    assert rows(read_str("甲\t乙\n\t1\n丙\t丁\n\t2\n")) == [[["甲", "乙"], ["1"], ["丙", "丁"], ["2"]]]


def test_a_caption_belongs_to_the_page_that_follows() -> None:
    document = read_str("附件\n\n说明\n\n甲\t乙\n\n丙\t丁\n\n尾注\n")
    assert rows(document) == [[["附件"], ["说明"], ["甲", "乙"]], [["丙", "丁"]], [["尾注"]]]


@pytest.mark.parametrize("cut", ["\f", "- 1 -\n", "第 1 页 共 3 页\n", "- 1 -\n\f"])
def test_a_cover_before_a_marked_cut_stays_a_page_so_that_pages_count_as_printed(cut: str) -> None:
    document = read_str(f"附件\n\n绩效目标表\n{cut}甲\t乙\n{cut.replace('1', '2', 1)}丙\t丁\n")
    assert rows(document) == [[["附件"], ["绩效目标表"]], [["甲", "乙"]], [["丙", "丁"]]]
    assert [place(cell).page for cell in cells_of(document)] == [1, 1, 2, 2, 3, 3]


def test_a_text_without_cuts_is_one_page_and_says_so() -> None:
    document = read_str(re.sub(r"\n+", "\n", FORM))
    assert len(document.pages) == 1
    assert not document.cuts_marked


@pytest.mark.parametrize("carrier", [*ALIGNED, to_joined], ids=lambda carrier: carrier.__name__)
def test_thirteen_forms_cut_in_two_under_one_caption_are_twenty_six_pages(carrier: Carrier) -> None:
    caption, first, second, *_ = FORM.strip("\n").split("\n\n")
    document = read_str(carrier("\n\n".join([caption, *[first, second] * 13]) + "\n"))
    assert [page.number for page in document.pages] == list(range(1, 27))
    assert document.cuts_marked


# What is damaged or refused.


@pytest.mark.parametrize(
    "data", [b"", b"\n\n \t\r\n", "\ufeff\u3000\n".encode(), b"\f\f", b",,,\n", b"|---|---|\n", b"- 1 -"]
)
def test_a_text_with_nothing_in_it_is_not_a_table(data: bytes) -> None:
    assert code_of(data) == "not-a-table"


@pytest.mark.parametrize(
    "data",
    [
        b"\x1f\x8b\x08\x00",
        bytes(range(256)) * 4,
        b"\x01\x02\x03\x04abc",
    ],
)
def test_binary_files_are_unsupported_whatever_their_name(data: bytes) -> None:
    assert code_of(data) == "unsupported"


def test_the_refusal_of_an_image_names_the_file_and_the_kind() -> None:
    with pytest.raises(
        ReadError,
        match=r"^a\\u000ab\.txt is a GIF image; this version reads text, PDF, pictures, Excel, Word and HTML$",
    ):
        read(b"GIF89a", "a\nb.txt")


def test_nuls_in_readable_text_are_damage() -> None:
    assert code_of(FORM.replace("必填", "\0", 1).encode()) == "damaged"
    assert code_of(FORM.replace("必填", "\0", 1).encode("utf-16")) == "damaged"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "gb18030"])
def test_a_last_character_that_is_cut_off_is_told_and_the_rest_read(encoding: str) -> None:
    document = read(f"{FORM}甲\t指标".encode(encoding)[:-1], "form.txt")
    assert [(finding.rule, finding.severity) for finding in document.findings] == [("undecodable-bytes", "error")]
    assert values(document)[-1] == "指\ufffd"


def test_few_undecodable_bytes_of_utf8_are_told_and_the_rest_read() -> None:
    document = read(FORM.replace("必填", "#").encode().replace(b"#", b"\xff", 1), "form.txt")
    (finding,) = document.findings
    assert (finding.rule, finding.severity) == ("undecodable-bytes", "error")
    assert "line 14" in finding.message_en
    assert "数量指标（\ufffd硬性指" in values(document)


def test_utf8_with_many_undecodable_bytes_is_damaged() -> None:
    assert code_of(FORM.replace("必填", "#").encode().replace(b"#", b"\xff")) == "damaged"


def test_text_in_another_encoding_is_never_read_as_rare_han() -> None:
    assert code_of("Señor él\tañejo è così où l'été\n".encode("latin-1") * 3) == "unsupported"
    assert code_of(("予算の目標を達成する\t" * 20).encode("shift-jis")) == "unsupported"


def test_a_long_line_is_too_large_and_named() -> None:
    with pytest.raises(ReadError, match="line 3 holds 200001 characters") as caught:
        read(("甲\t乙\n丙\n" + "x" * 200_001).encode(), "form.txt")
    assert caught.value.code == "too-large"
    assert len(values(read_str("x" * 200_000))) == 1


@pytest.mark.parametrize("end", ["\n", "\r", "\r\n", "\f"])
def test_more_than_three_hundred_thousand_lines_are_too_large(end: str) -> None:
    with pytest.raises(ReadError, match="holds 300001 lines; the limit is 300000") as caught:
        read(f"甲{end * 300_001}".encode(), "form.txt")
    assert caught.value.code == "too-large"


def test_three_hundred_thousand_lines_are_read() -> None:
    assert values(read_str("\n" * 299_999 + "甲\n")) == ["甲"]


def test_fifty_megabytes_of_one_line_are_too_large() -> None:
    assert code_of(b"x" * 50_000_000) == "too-large"
    assert code_of(b"x" * 32 * 2**20) == "too-large"


def test_the_error_survives_the_way_between_processes() -> None:
    error = pickle.loads(pickle.dumps(ReadError("damaged", "x\ny")))  # noqa: S301 - our own bytes
    assert (error.code, error.message) == ("damaged", "x\\u000ay")


# Properties.

CELL = st.text(st.sampled_from("指标年度经费必填甲乙丙（）：，。≥%0123456789abc ㎡\u200b\u2028\x0b"), max_size=8)
SIZES = st.tuples(st.integers(2, 6), st.integers(2, 5))
TABLES = SIZES.flatmap(
    lambda size: st.lists(st.lists(CELL, min_size=size[1], max_size=size[1]), min_size=size[0], max_size=size[0])
)


def to_filled(table: list[list[str]]) -> str:
    """A tab text of the table with words in its first and last columns, so that no row is blank or a caption."""
    return "".join("\t".join(["行", *row, "尾"]) + "\n" for row in table)


@given(TABLES, st.sampled_from(["\n", "\r\n", "\r"]))
def test_any_table_of_tabs_is_read_exactly(table: list[list[str]], end: str) -> None:
    text = to_filled(table).replace("\n", end)
    document = read_str(text)
    assert rows(document) == [[[cell for cell in ["行", *row, "尾"] if cell.strip()] for row in table]]
    assert all(sliced(text, cell) == place(cell).text == cell.text.value for cell in cells_of(document))


@given(TABLES)
def test_any_table_of_pipes_is_read_exactly(table: list[list[str]]) -> None:
    text = to_pipes(to_filled(table))
    document = read_str(text)
    assert rows(document) == [[[cell.strip() for cell in ["行", *row, "尾"] if cell.strip()] for row in table]]
    assert all(sliced(text, cell) == place(cell).text == cell.text.value for cell in cells_of(document))


@given(TABLES, st.sampled_from(",;"))
def test_any_table_of_commas_is_read_exactly(table: list[list[str]], sep: str) -> None:
    text = to_csv(to_filled([[f"{cell}{sep}" for cell in row] for row in table]), sep)
    document = read_str(text)
    assert rows(document) == [[["行", *(f"{cell}{sep}" for cell in row), "尾"] for row in table]]
    assert all(sliced(text, cell) == place(cell).text == cell.text.value for cell in cells_of(document))


MARKUP = st.text(st.sampled_from('\t\n\r\f "|,;-\\<br>13页第\u3000甲乙\0\u200b'), max_size=60)


@given(MARKUP)
def test_whatever_the_markup_no_cell_is_invented(text: str) -> None:
    try:
        document = read_str(text)
    except ReadError:
        return
    for cell in cells_of(document):
        assert cell.text.value == place(cell).text
        assert cell.text.value.strip()
        assert cell.col >= 0


@given(st.binary(max_size=200) | st.text(max_size=100).map(lambda text: text.encode("utf-16-le", "surrogatepass")))
def test_arbitrary_bytes_give_a_document_or_a_read_error(data: bytes) -> None:
    with suppress(ReadError):
        assert read(data, "x").pages


@given(
    st.text(st.sampled_from("部门项目支出预算绩效目标表产出指标\t\n 0123456789"), min_size=20),
    st.sampled_from(ENCODINGS),
)
def test_decoding_inverts_encoding(text: str, encoding: str) -> None:
    assert decode(("绩效目标" * 20 + text).encode(encoding), "x").text == "绩效目标" * 20 + text

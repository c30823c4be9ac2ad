"""Write the PDF samples: forms exported by real producers, one folder for each way of drawing them.

    python -m samples.make_pdfs [slug …]

Needs LibreOffice (Writer and Calc), Chromium, and the packages openpyxl, reportlab and weasyprint; fonts from Debian's
fonts-noto-cjk, fonts-wqy-zenhei, fonts-wqy-microhei, fonts-arphic-gbsn00lp, -gkai00mp, -uming and -ukai. What is
missing is said, and its samples are left as they are. Nothing is random, dates are fixed: the same versions of the
producers write the same bytes. The tests need none of them; they read the committed files.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

from samples import pdf_drawn, pdf_office, pdf_web
from samples.pdf_cells import SHARES, Sheet, seed_forms, whole_form, whole_form_apart
from samples.pdf_drawn import Drawing
from samples.pdf_office import Look, Paint

HERE = Path(__file__).resolve().parent
LARGEST = 150_000


def main(slugs: list[str]) -> int:
    """Write the named samples, or all; the number of those that could not be written is the exit code."""
    failed = 0
    for slug in slugs or SAMPLES:
        try:
            data = undated(SAMPLES[slug]())
        except (ImportError, FileNotFoundError) as error:
            sys.stderr.write(f"{slug}: left as it is, this machine lacks {error}\n")
            failed += 1
            continue
        if len(data) > LARGEST:
            raise ValueError(f"{slug} has {len(data)} bytes, more than {LARGEST}")
        (HERE / slug).mkdir(exist_ok=True)
        (HERE / slug / "source.pdf").write_bytes(data)
        sys.stdout.write(f"{slug}: {len(data)} bytes\n")
    return failed


def undated(data: bytes) -> bytes:
    """The file with fixed dates and identifiers of the same length, so that every offset in it stays right."""
    data = re.sub(rb"\(D:\d{14}([^)]*)\)", _dated, data)
    return re.sub(rb"(?<=<)[0-9A-Fa-f]{32}(?=>)|(?<=/DocChecksum /)[0-9A-F]{32}", b"0" * 32, data)


def _dated(found: re.Match[bytes]) -> bytes:
    zone = re.sub(rb"\d", b"0", found[1]).replace(b"-", b"+")
    return b"(D:20250101000000" + zone + b")"


def by_writer(sheets: Callable[[], list[Sheet]], look: Look) -> bytes:
    """Exported from a text document."""
    return pdf_office.convert(pdf_office.writer(sheets(), look), "fodt")


def by_calc(sheets: Callable[[], list[Sheet]], paint: Paint) -> bytes:
    """Exported from a workbook."""
    return pdf_office.convert(pdf_office.calc(sheets(), paint), "xlsx")


def by_chromium(sheets: Callable[[], list[Sheet]], css: str, *, repeat: bool = False, tagged: bool = True) -> bytes:
    """Printed from a web page."""
    return pdf_web.print_chromium(pdf_web.page(sheets(), css, repeat=repeat), tagged=tagged)


def by_weasyprint(sheets: Callable[[], list[Sheet]], css: str) -> bytes:
    """Set from a web page."""
    return pdf_web.print_weasyprint(pdf_web.page(sheets(), css))


def by_hand(drawing: Drawing, shares: tuple[float, ...] = SHARES) -> bytes:
    """Drawn line by line."""
    return pdf_drawn.drawn(whole_form(shares), drawing)


def one() -> list[Sheet]:
    """The invented form alone."""
    return [whole_form()]


def apart() -> list[Sheet]:
    """The invented form in three tables."""
    return [whole_form_apart()]


def narrow() -> list[Sheet]:
    """The invented form with little room for its labels and names."""
    return [whole_form((0.10, 0.14, 0.20, 0.32, 0.24))]


def _css(font: str, size: str, rules: str, page: str = "size: A4; margin: 18mm 16mm") -> str:
    return f"@page {{ {page} }} body {{ font: {size} '{font}' }} {rules}"


RULED = "td { border: 1px solid #000 }"
REPEATED = """
@page { size: A5 landscape; margin: 18mm 14mm;
  @top-center { content: "部门项目支出预算绩效目标表"; font-size: 9pt }
  @bottom-center { content: "— " counter(page) " —"; font-size: 9pt } }
@page :first { @top-center { content: none } }
"""
ROUND = """
@page { size: A5 landscape; margin: 14mm }
table { border-collapse: separate; border-spacing: 0 }
td { border: 1px solid #333; border-radius: 6px }
"""
DASHED = """
td { border: 1px dashed #000 }
.label { border: 1px dotted #000 } .first { font-family: 'Noto Serif CJK SC' }
"""
CUT = {"产出指标": 1, "数量指标（必填硬性指标）": 2, "维修灌溉渠道，清理淤泥及附属设施": 1}

# LibreOffice and Chromium write no space where a line ends; the sizes of the seed's exports are chosen so that no line
# ends at a space of its text, which no reader could bring back. ReportLab 5.1 sets a merged cell too narrow where it
# splits its row; at this size it splits none.
SAMPLES: dict[str, Callable[[], bytes]] = {
    "pdf-seed-writer": partial(by_writer, seed_forms, Look("WenQuanYi Micro Hei", margin=2.1, padding=0.12)),
    "pdf-seed-calc": partial(by_calc, seed_forms, Paint("WenQuanYi Micro Hei", size=10.5)),
    "pdf-seed-chromium": partial(
        by_chromium, seed_forms, _css("WenQuanYi Zen Hei", "15px", RULED + "td { padding: 5px 6px }"), tagged=False
    ),
    "pdf-seed-reportlab": lambda: pdf_drawn.document(seed_forms(), "micro", 11.5, (842, 595)),
    "pdf-double-rules": partial(
        by_writer, one, Look("Noto Sans CJK SC", outer="2.5pt double #000000", inner="0.05pt solid #000000")
    ),
    "pdf-narrow-columns": partial(
        by_writer, narrow, Look("AR PL UKai CN", size=9, page=(10.5, 14.8), margin=1, inner="0.5pt dotted #000000")
    ),
    "pdf-coloured-fills": partial(
        by_calc,
        one,
        Paint("AR PL SungtiL GB", label="FF1F4E79", ink="FFFFFFFF", bands=("FFDDEBF7", None, "FFFFF2CC")),
    ),
    "pdf-hair-rules": partial(by_calc, one, Paint("AR PL UMing CN", rule="hair", size=11)),
    "pdf-dashed-rules": partial(by_chromium, one, _css("WenQuanYi Zen Hei", "13px", DASHED), tagged=False),
    "pdf-vertical-label": partial(
        by_chromium,
        one,
        _css(
            "WenQuanYi Zen Hei",
            "14px",
            RULED + ".tall span { writing-mode: vertical-rl; display: inline-block; font-family: 'Noto Serif CJK SC' }",
        ),
    ),
    "pdf-repeated-header": partial(
        by_chromium,
        one,
        REPEATED + "body { font: 14px 'WenQuanYi Zen Hei' } td { padding: 9px 6px }" + RULED,
        repeat=True,
    ),
    "pdf-white-rules": partial(
        by_chromium,
        one,
        _css(
            "WenQuanYi Micro Hei",
            "13px",
            "td { border: 2px solid #fff; background: #e8eef4 } .odd { background: #cde } .label { background: #bcd }",
        ),
    ),
    "pdf-round-corners": partial(
        by_chromium,
        one,
        ROUND + "body { font: 13px 'WenQuanYi Micro Hei' } td { padding: 4px 6px }",
        tagged=False,
    ),
    "pdf-no-outer-rules": partial(
        by_weasyprint,
        one,
        _css(
            "AR PL UMing CN",
            "10.5pt",
            "td { border: 0.5pt solid #000 } .first { border-left: none } .last { border-right: none }",
        ),
    ),
    "pdf-several-tables": partial(
        by_weasyprint, apart, _css("AR PL UKai CN", "10.5pt", "td { border: 0.6pt solid #333 }")
    ),
    "pdf-borderless": partial(
        by_weasyprint, one, _css("AR PL KaitiM GB", "10pt", "td { vertical-align: top; padding: 6px 8px }")
    ),
    "pdf-cell-boxes": partial(by_hand, Drawing("boxes")),
    "pdf-filled-rules": partial(by_hand, Drawing("bars", font="kai")),
    "pdf-overpainted": partial(by_hand, Drawing("overpainted", font="hei", size=9)),
    "pdf-rotated-crop": partial(by_hand, Drawing(turn="page", crop=(50, 70))),
    "pdf-turned-text": partial(by_hand, Drawing(turn="text", font="kai")),
    "pdf-watermark": partial(by_hand, Drawing(watermark="内部资料")),
    "pdf-fake-bold": partial(by_hand, Drawing(twice=True, font="micro")),
    "pdf-form-object": partial(by_hand, Drawing(in_form=True, font="hei", size=11)),
    "pdf-filled-fields": partial(by_hand, Drawing(fields=True, font="hei")),
    "pdf-pixel-rules": partial(by_hand, Drawing("pixels", font="micro")),
    "pdf-header-grounds": partial(by_hand, Drawing("grounds", font="hei", size=11)),
    "pdf-cuts": partial(by_hand, Drawing(cut=9, held=CUT, size=11), (0.1, 0.08, 0.11, 0.29, 0.24)),
}

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

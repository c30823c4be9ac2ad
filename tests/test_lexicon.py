"""The closed vocabulary: every label is one, with whatever forms print around it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from normalize.lexicon import class_words, is_prose, label_kinds, may_be_label, titles
from normalize.words import load, use, vocabulary

AROUND = {
    "fields": ("三、{}", "2.{}", "{}（盖章）", "{} 单位签章：", "{}（10分）", "⼀、{} 10分"),
    "funding": ("其中：{}", "{}（万元）", "{}(金额单位：人民币元)", "2025年{}", "当年{}", "本年度{}"),
    "goals": ("{}(2024年—2026年)", "{}（2025年度）", "{}3"),
    "blocks": ("{}（50分）",),
}


def labels() -> Iterator[str]:
    known = vocabulary()
    for section in ("fields", "funding", "goals", "blocks"):
        for word in known.roles[section]:
            yield from (form.format(word) for form in ("{}", *AROUND[section]))
    yield from (*known.columns, *titles(), "（2024年度）", "预算年度：2024", "单位：人民币万元", "2025年 金额单位：元")
    notes = (*load("classes.toml")["notes"]["required"], "50分", "30%", "30", "5-10分")
    for word in (*class_words(1), *class_words(2)):
        yield from (word, f"（一）{word}", *(f"{word}（{note}）" for note in notes))


def test_no_label_is_taken_for_prose() -> None:
    taken = [label for label in labels() if is_prose(label) or not may_be_label(label)]
    assert not taken


@pytest.mark.parametrize("text", ["≥95%", "12.5", "(  )", "No.", "辅警人数", "补助326名辅警"])
def test_what_people_write_is_no_label(text: str) -> None:
    assert not may_be_label(text)
    assert not label_kinds(text)


def test_the_labels_of_a_place_s_own_layout_need_no_han_character() -> None:
    use([("own.toml", '[columns.name]\nheaders = ["Indicator"]\n[columns.target]\nheaders = ["贰垚犇"]\n')])
    try:
        assert label_kinds("Indicator") == label_kinds("贰垚犇") == {"header"}
    finally:
        use(())
    assert not label_kinds("贰垚犇")

"""A tree of indicators in one cell, wherever the typesetter breaks its lines."""

from __future__ import annotations

import pytest

from normalize.flow import Flow, Row
from normalize.layouts.trees import unfold_trees
from schemas.text import Text, TextPlace

COLONS = (
    "产出指标：数量指标：举办科普活动≥20场",
    "质量指标：活动完成率100%",
    "效益指标：社会效益指标：科学素质提升",
    "满意度指标：群众满意度≥90%",
)
BRACKETS = (
    "【产出-数量】指标1：抽检批次（≥4000批次）",
    "指标2：培训人次（≥300人次）",
    "【满意度-服务对象满意度】群众满意度（≥90%）",
)
LINES = "数量指标：修建道路12公里\n质量指标：验收合格率100%\n满意度指标：群众满意度≥90%"


def unfolded(tree: str) -> list[tuple[str, ...]]:
    texts = (Text("绩效指标", (TextPlace(1, 1, (0, 4), "绩效指标"),)), Text(tree, (TextPlace(1, 1, (5, 6), tree),)))
    flow = unfold_trees(Flow((Row(texts, 1),), marked=True))
    return [tuple(text.value for text in row.cells) for row in flow.rows]


@pytest.mark.parametrize("parts", [COLONS, BRACKETS], ids=["colons", "brackets"])
def test_a_break_within_a_tree_is_the_typesetter_s_where_stops_part_its_indicators(parts: tuple[str, ...]) -> None:
    tree = "；".join(parts)
    whole = unfolded(tree)
    assert len(whole) > len(parts)
    for at in range(1, len(tree)):
        assert unfolded(tree[:at] + "\n" + tree[at:]) == whole, tree[:at]


def test_lines_part_the_indicators_of_a_tree_that_has_no_stops() -> None:
    assert [row[2] for row in unfolded(LINES)[-3:]] == ["修建道路", "验收合格率", "群众满意度"]

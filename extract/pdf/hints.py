"""What the forms print in their header rows and titles: evidence of where a table without rules begins.

Only geometry is asked of these words: which line is a header, which line parts two tables. What they mean is the
business of `normalize`.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import chain

_BRACKETS = re.compile(r"[\s（(【\[].*$")
_HEADER = re.compile(
    r"(?:[一二三四]级|具体|绩效)?指标(?:[一二三四]级)?(?:名称|内容|分类|类型|性质|方向|说明|解释|单位)?"
    r"|(?:.{0,6}指标|目标|预期|计划|预期实现|实际完成|全年完成|完成|历史)值.{0,3}"
    r"|分值|权重|得分|自评得分|(?:度量|计量)?单位|备注|.{0,6}原因(?:分析)?.{0,8}|评分标准|绩效标准|名称"
)
_FIELD = re.compile(
    r"项目名称|项目属性|项目期限?|.{0,4}(?:主管|实施|预算|填报).{0,2}(?:部门|单位).{0,4}|项目资金.*|年?度?资金总额.*|.{0,4}总体目标|其中.?财政拨款|其他资金"
)
_CLASS = re.compile(r"(?:产出|数量|质量|时效|成本|效益|(?:经济|社会|生态)效益|可持续影响|(?:服务对象)?满意度)指标")
_NAME = re.compile(r"三级指标(?:名称)?|指标三级|指标内容|指标名称|具体指标")
_TITLE = re.compile(
    r".{0,30}(?:目标|自评|自评价|申报|批复|情况)表|[（(]?20\d\d年?度?[)）]?|(?:附件|附表|表)[\d一二三四五六七八九十-]*[:：]?"
)

_BARE_YEAR = re.compile(r"20\d\d年?度?")


def _bare(text: str) -> str:
    return _BRACKETS.sub("", text) or text


def is_header(text: str) -> bool:
    """Whether a text can stand in the header row of an indicator grid."""
    return bool(_HEADER.fullmatch(_bare(text)))


def is_class(text: str) -> bool:
    """Whether a text is a label merged down the left of an indicator grid (产出指标, 质量指标（必填）)."""
    return bool(_CLASS.fullmatch(_bare(text)))


def contradicts(first: str, second: str) -> bool:
    """Whether a class of the second level cannot stand beside one of the first; what is not known does not."""
    holds = _WITHIN.get(_class(first))
    name = _class(second)
    return holds is not None and name in _INNER and name not in holds


@lru_cache(256)
def _class(text: str) -> str:
    return _bare(text).removesuffix("指标")


_WITHIN = {
    "产出": ("数量", "质量", "时效", "成本"),
    "效益": ("经济效益", "社会效益", "生态效益", "可持续影响", "服务对象满意度", "满意度"),
    "满意度": ("服务对象满意度", "满意度"),
}
_INNER = frozenset(chain(*_WITHIN.values()))


def is_name_header(text: str) -> bool:
    """Whether a text heads the column of the indicators' names; left of it stand merged labels."""
    return bool(_NAME.fullmatch(_bare(text)))


def is_field(text: str) -> bool:
    """Whether a text is a label of the fields above the indicator grid."""
    return bool(_FIELD.fullmatch(_bare(text)))


def is_bare_year(text: str) -> bool:
    """Whether a text is a year without brackets: below a title it is the form's, elsewhere a value may be one."""
    return bool(_BARE_YEAR.fullmatch(text))


def is_title(text: str) -> bool:
    """Whether a text, alone on its line, is the title of a form or the year below it."""
    return bool(_TITLE.fullmatch(text))

"""Values: what a printed text is read as."""

from __future__ import annotations

import subprocess
import sys
import time
from decimal import Decimal

import pytest

from normalize.values import (
    OPERATOR_GLYPHS,
    Amount,
    is_value_like,
    map_glyphs,
    parse_amount,
    parse_period,
    parse_target,
    parse_time,
    tidy_value,
)
from normalize.values.targets import LONGEST_VALUE
from normalize.values.units import read_measure, unit_table
from schemas.project import Period, TargetValue

# Expected values in short: kind, then what was read, as printed by `gist`.
DOMAIN = {
    # operator + number + unit
    "≥95%": "number ≥ 95 [%]",
    "≥ 95%": "number ≥ 95 [%]",
    "≧200万": "number ≥ 200 [万] = 2000000",
    "⩾3": "number ≥ 3",
    "≥1起": "number ≥ 1 [起]",
    ">=60000人": "number ≥ 60000 [人]",
    "=>5人": "number ≥ 5 [人]",
    "<=475元/亩": "number ≤ 475 [元] per 亩",
    "≤7工作日": "number ≤ 7 [工作日]",
    "≦7 个工作日": "number ≤ 7 [工作日]",
    "=8个": "number = 8 [个]",
    "＝８个": "number = 8 [个]",
    "＞90％": "number > 90 [%]",
    "＜ 3 天": "number < 3 [天]",
    "> = 90%": "number ≥ 90 [%]",
    # operator in words
    "大于等于10157.6平方米": "number ≥ 10157.6 [平方米]",
    "不小于5次": "number ≥ 5 [次]",
    "不少于12种": "number ≥ 12 [种]",
    "不低于95%": "number ≥ 95 [%]",
    "不下于3次": "number ≥ 3 [次]",
    "至少3次": "number ≥ 3 [次]",
    "最少3次": "number ≥ 3 [次]",
    "达到95%以上": "number ≥ 95 [%]",
    "达95%以上": "number ≥ 95 [%]",
    "小于等于5%": "number ≤ 5 [%]",
    "不大于5%": "number ≤ 5 [%]",
    "不高于5%": "number ≤ 5 [%]",
    "不超过679.63万元": "number ≤ 679.63 [万元] = 6796300 [元]",
    "不多于5人": "number ≤ 5 [人]",
    "至多5人": "number ≤ 5 [人]",
    "最多5人": "number ≤ 5 [人]",
    "控制在1%以内": "number ≤ 1 [%]",
    "控制在3天内": "number ≤ 3 [天]",
    "大于95%": "number > 95 [%]",
    "多于5个": "number > 5 [个]",
    "高于90%": "number > 90 [%]",
    "超过90%": "number > 90 [%]",
    "超13万元/年": "number > 13 [万元] per 年 = 130000 [元]",
    "小于5%": "number < 5 [%]",
    "少于5个": "number < 5 [个]",
    "低于1%": "number < 1 [%]",
    "等于100%": "number = 100 [%]",
    "达到95%": "number 95 [%]",
    # suffixes
    "95%以上": "number ≥ 95 [%]",
    "95%及以上": "number ≥ 95 [%]",
    "90%（含）以上": "number ≥ 90 [%]",
    "≥95%以上": "number ≥ 95 [%]",
    "5%以下": "number ≤ 5 [%]",
    "5%及以下": "number ≤ 5 [%]",
    "5天之内": "number ≤ 5 [天]",
    "3天内": "number ≤ 3 [天]",
    "50余人": "number ~ 50 [人]",
    "20多人": "number ~ 20 [人]",
    "10万余元": "number ~ 10 [万元] = 100000 [元]",
    "10人左右": "number ~ 10 [人]",
    "10人上下": "number ~ 10 [人]",
    "约50人": "number ~ 50 [人]",
    "大约50人": "number ~ 50 [人]",
    "近100人": "number ~ 100 [人]",
    "不超过5次以上": "text",
    "95%（以上）": "number ≥ 95 [%]",
    "90%（含90%）以上": "number ≥ 90 [%]",
    "5人以上（不含）": "text",
    "高于或等于95%": "number ≥ 95 [%]",
    "≮3次": "number ≥ 3 [次]",
    "≯5%": "number ≤ 5 [%]",
    "≈20人": "number ~ 20 [人]",
    "〉95%": "number > 95 [%]",
    "〈5天": "number < 5 [天]",
    "〉=95%": "number ≥ 95 [%]",
    "《2025》": "text",
    "（≥95%）": "number ≥ 95 [%]",
    "“100%”": "number 100 [%]",
    "（5）": "text",
    # bare numbers and units
    "3374平方米": "number 3374 [平方米]",
    "5740平米": "number 5740 [平方米]",
    "10㎡": "number 10 [平方米]",
    "10m²": "number 10 [平方米]",
    "100%": "number 100 [%]",
    "5km": "number 5 [公里]",
    "5 km": "number 5 [公里]",
    "10M": "number 10 [米]",
    "326 人": "number 326 [人]",
    "2024": "number 2024",
    "≥1000（人次）": "number ≥ 1000 [人次]",
    "5台（套）": "number 5 [台(套)]",
    "5台/套": "number 5 [台/套]",
    "12窝": "number 12 [窝]",
    "3万窝": "number 3 [万窝] = 30000 [窝]",
    "-5%": "number -5 [%]",
    "≥-5%": "number ≥ -5 [%]",
    "-3人": "text",
    "—5%": "text",
    "019001": "text",
    "100提升": "text",
    "1 1566.21平方米": "text",
    "968.191 8": "text",
    "1  0人": "text",
    "- 5%": "text",
    # compound units
    "10万元/年": "number 10 [万元] per 年 = 100000 [元]",
    "1600元/亩": "number 1600 [元] per 亩",
    "530元/人*月": "number 530 [元] per 人*月",
    "400元/人、天": "number 400 [元] per 人、天",
    "3000元/人/年": "number 3000 [元] per 人/年",
    "500元/(生·年)": "number 500 [元] per 生·年",
    "10元/㎡": "number 10 [元] per 平方米",
    "10万元每年": "number 10 [万元] per 年 = 100000 [元]",
    "1次/月": "number 1 [次] per 月",
    "1346.0088万平方米": "number 1346.0088 [万平方米] = 13460088 [平方米]",
    "每人每月500元": "number 500 [元] per 人*月",
    "每人500元/月": "number 500 [元] per 人*月",
    "每年10万元": "number 10 [万元] per 年 = 100000 [元]",
    "10/人": "text",
    "1/3": "text",
    "300人·次": "number 300 [人次]",
    "10万人•次": "number 10 [万人次] = 100000 [人次]",
    "500元/人•月": "number 500 [元] per 人·月",
    "24h": "number 24 [小时]",
    "≤30min": "number ≤ 30 [分钟]",
    "≤35μg/m³": "number ≤ 35 [微克] per 立方米",
    "≤50mg/L": "number ≤ 50 [毫克] per 升",
    "5000m3/d": "number 5000 [立方米] per 天",
    "1.2万t/a": "number 1.2 [万吨] per 年 = 12000 [吨]",
    "≤60dB(A)": "number ≤ 60 [dB]",
    "人均500元/月": "number 500 [元] per 人*月",
    "户均不低于2000元": "number ≥ 2000 [元] per 户",
    "1次/2年": "number 1 [次] per 2年",
    "1次/3个月": "number 1 [次] per 3个月",
    "3次/200人": "text",
    "3个/4个": "text",
    # percent words
    "≥100百分比": "number ≥ 100 [%]",
    "≥0.97比例": "number ≥ 0.97 [比例]",
    "100.00%": "number 100.00 [%]",
    "95％": "number 95 [%]",
    "百分之九十五": "number 95 [%]",
    "百分之95": "number 95 [%]",
    "百分之百": "number 100 [%]",
    "0.5‰": "number 0.5 [‰]",
    "3个百分点": "number 3 [百分点]",
    # money
    "50万元": "number 50 [万元] = 500000 [元]",
    "1.50亿元": "number 1.50 [亿元] = 150000000 [元]",
    "1.2345千元": "number 1.2345 [千元] = 1234.5 [元]",
    "19270元": "number 19270 [元]",
    "10000元整": "number 10000 [元]",
    "5.8万": "number 5.8 [万] = 58000",
    "1,030,700.00": "number 1030700.00",
    "1，030，700.00元": "number 1030700.00 [元]",
    "1,03": "text",
    "￥5000": "number 5000 [元]",
    "≤¥1,200.50": "number ≤ 1200.50 [元]",
    "￥5万": "number 5 [万元] = 50000 [元]",
    "￥5000元/人": "number 5000 [元] per 人",
    "人民币5000元整": "number 5000 [元]",
    "￥5人": "text",
    "$5000": "text",
    "1,0300": "text",
    "2279.048 万元": "number 2279.048 [万元] = 22790480 [元]",
    "854万(其中…400万元)": "number 854 [万] = 8540000",
    "854万（其中中央资金400万元）": "number 854 [万] = 8540000",
    "100%完成": "number 100 [%]",
    "100%达标": "number 100 [%]",
    "100%发放到位": "number 100 [%]",
    "≥95%；": "number ≥ 95 [%]",
    "100%覆盖率": "text",
    # ranges
    "1-3次": "range 1..3 [次]",
    "1~3次": "range 1..3 [次]",
    "1至3次": "range 1..3 [次]",
    "1—3次": "range 1..3 [次]",
    "1 - 3次": "range 1..3 [次]",
    "90%-95%": "range 90..95 [%]",
    "5万-10万元": "range 5..10 [万元] = 50000 [元]",
    "95±2%": "range 93..97 [%]",
    "95%±0.5%": "range 94.5..95.5 [%]",
    "≥95%且≤100%": "range 95..100 [%]",
    "≤100%，≥95%": "range 95..100 [%]",
    "≥95%且<100%": "range 95..100 [%]",
    ">90%<100%": "range 90..100 [%]",
    "＞90%，＜100%": "range 90..100 [%]",
    "≤5天，≥3天": "range 3..5 [天]",
    "90%≤合格率≤100%": "range 90..100 [%]",
    "6≤pH≤9": "range 6..9",
    "90%到95%之间": "range 90..95 [%]",
    "介于5万元和10万元之间": "range 5..10 [万元] = 50000 [元]",
    "±2℃": "range -2..2 [℃]",
    "≤±5%": "range -5..5 [%]",
    "≥90%≤80%": "text",
    "≥90%≥95%": "text",
    "≥90次≤80%": "text",
    "≤95%，≥90": "text",
    "±0": "text",
    "3个之间": "text",
    "10-3": "text",
    "≥1-3次": "text",
    "50万元-1亿元": "text",
    "1-12月": "text",
    "2023-2025": "text",
    # dates
    "2024年": "date 2024 (year)",
    "2024 年": "date 2024 (year)",
    "2024年度": "date 2024 (year)",
    "2024年内": "date 2024 (year)",
    "2024年底": "date 2024 (year-end)",
    "2024年年底": "date 2024 (year-end)",
    "2024年末": "date 2024 (year-end)",
    "2024年底前完成": "date ≤ 2024 (year-end)",
    "2024年6月": "date 2024-06 (month)",
    "2024-06": "date 2024-06 (month)",
    "2024.06": "date 2024-06 (month)",
    "2024.6": "number 2024.6",
    "2024年6月底": "date 2024-06 (month)",
    "2021年12月31日前": "date ≤ 2021-12-31 (day)",
    "2021 年 12 月 31 日之前": "date ≤ 2021-12-31 (day)",
    "2021年12月31日以前完成": "date ≤ 2021-12-31 (day)",
    "≤2024年底": "date ≤ 2024 (year-end)",
    "不晚于2024年6月": "date ≤ 2024-06 (month)",
    "低于2023年": "text",
    "11月底之前": "date ≤ --11 (month)",
    "12月31日前": "date ≤ --12-31 (day)",
    "12月前": "date ≤ --12 (month)",
    "12月": "text",
    "3季度": "text",
    "三季度": "text",
    "3个季度": "number 3 [个季度]",
    "≥12月": "number ≥ 12 [月]",
    "2023-01-01": "date 2023-01-01 (day)",
    "2024/6/30": "date 2024-06-30 (day)",
    "20240630": "date 2024-06-30 (day)",
    "20241345": "number 20241345",
    "≥20240630": "number ≥ 20240630",
    "2022年3月-2023年11月": "date 2022-03/2023-11 (month)",
    "2024年3月至11月": "date 2024-03/2024-11 (month)",
    "2024年1-12月": "date 2024-01/2024-12 (month)",
    "202001-202012": "date 2020-01/2020-12 (month)",
    "2023-2025年": "date 2023/2025 (year)",
    "2024年1月1日-12月31日": "date 2024-01-01/2024-12-31 (day)",
    "2024年上半年": "date 2024-01/2024-06 (month)",
    "2024年第一季度": "date 2024-01/2024-03 (month)",
    "2024年4季度": "date 2024-10/2024-12 (month)",
    "2024年13月": "text",
    "2024年2月30日": "text",
    "2025年-2023年": "text",
    "年底前": "text",
    "当年": "text",
    "近3年": "text",
    # frequency
    "按月发放": "frequency per 月",
    "按季度": "frequency per 季度",
    "每月": "frequency per 月",
    "逐月": "frequency per 月",
    "每季度1次": "frequency 1 [次] per 季度",
    "每年≥2次": "frequency ≥ 2 [次] per 年",
    "每年不少于2次": "frequency ≥ 2 [次] per 年",
    "一月一次": "frequency 1 [次] per 月",
    "半年一次": "frequency 1 [次] per 半年",
    "每个月一次": "frequency 1 [次] per 月",
    "每2年1次": "frequency 1 [次] per 2年",
    "每两年一次": "frequency 1 [次] per 2年",
    "2年1次": "frequency 1 [次] per 2年",
    "每3个月≥1次": "frequency ≥ 1 [次] per 3个月",
    "3月1次": "text",
    "2年5人": "text",
    "按时": "text",
    "及时": "text",
    "逐年提升": "text",
    "按年度计划完成": "text",
    # grades and text
    "高中低": "grade",
    "优良": "grade",
    "良好": "grade",
    "是/否": "grade",
    "达标": "grade",
    "≥良好": "grade ≥",
    "Ⅲ类": "grade",
    "Ⅱ类及以上": "grade ≥",
    "5A级": "grade",
    "甲级": "grade",
    "优于Ⅲ类": "text",
    "A类": "text",
    "无": "text",
    "满意": "text",
    "有效提升": "text",
    "符合资金管理办法": "text",
    "1:2": "text",
    "7*24小时": "text",
    "前3名": "text",
    "0发生": "number 0",
    "0起": "number 0 [起]",
    "不发生": "text",
    # not filled in
    "≥**%": "unfilled ≥ [%]",
    "≥XX%": "unfilled ≥ [%]",
    "**": "unfilled",
    "XX": "unfilled",
    "XX个": "unfilled [个]",
    "XX年XX月": "unfilled",
    "公里": "unfilled [公里]",
    "万元/年": "unfilled [万元] per 年",
    "≧ %": "unfilled ≥ [%]",
    "%": "unfilled [%]",
    "-": "unfilled",
    "—": "unfilled",
    "——": "unfilled",
    "/": "unfilled",
    "___": "unfilled",
    "请填写指标值": "unfilled",
    "填写具体数值": "unfilled",
    "此处填指标值": "unfilled",
    "填写完整": "text",
    "达到": "text",
    # Chinese numerals
    "三人": "number 3 [人]",
    "十五个": "number 15 [个]",
    "一千二百人次": "number 1200 [人次]",
    "两次": "number 2 [次]",
    "十余家": "number ~ 10 [家]",
    "不少于三次": "number ≥ 3 [次]",
    "九成": "number 9 [成] = 90 [%]",
    "半年": "text",
    "一批": "text",
    "一期": "text",
    "三级": "text",
    "十分": "text",
    "一站式": "text",
    "进一步": "text",
    "第一": "text",
    "百余人": "text",
}

# fmt: off
WORDS = (
    "有效提升", "有效改善", "有效提高", "有效改变", "有效下降", "有效增强", "有效防止", "有效保障", "明显提升",
    "明显提高", "明显增强", "明显加强", "明显改善", "明显改变", "显著增强", "显著提升", "显著提高", "显著改变",
    "逐步提高", "逐步改善", "逐步改变", "持续发挥", "持续发展", "加强", "提升", "增强", "满意",
    "符合资金管理办法", "符合资金管理办法规定",
)
# fmt: on

# All distinct values of the 175 indicators of 平罗县公安局, 2024.
SEED = {
    "≤1%": "number ≤ 1 [%]",
    "≥1起": "number ≥ 1 [起]",
    "≥10起": "number ≥ 10 [起]",
    "≥5": "number ≥ 5",
    "≥90%": "number ≥ 90 [%]",
    "≥92%": "number ≥ 92 [%]",
    "≥ 95%": "number ≥ 95 [%]",
    "≥95%": "number ≥ 95 [%]",
    "≧95%": "number ≥ 95 [%]",
    "≥96%": "number ≥ 96 [%]",
    "≥98%": "number ≥ 98 [%]",
    "≧200万": "number ≥ 200 [万] = 2000000",
    "70%": "number 70 [%]",
    "98%": "number 98 [%]",
    "100%": "number 100 [%]",
    "3人": "number 3 [人]",
    "45人": "number 45 [人]",
    "253人": "number 253 [人]",
    "326 人": "number 326 [人]",
    "50余人": "number ~ 50 [人]",
    "5次": "number 5 [次]",
    "1处": "number 1 [处]",
    "2处": "number 2 [处]",
    "3处": "number 3 [处]",
    "4处": "number 4 [处]",
    "5处": "number 5 [处]",
    "7处": "number 7 [处]",
    "8处": "number 8 [处]",
    "10处": "number 10 [处]",
    "11处": "number 11 [处]",
    "13处": "number 13 [处]",
    "27处": "number 27 [处]",
    "2套": "number 2 [套]",
    "1个": "number 1 [个]",
    "2个": "number 2 [个]",
    "470个": "number 470 [个]",
    "10000个": "number 10000 [个]",
    "200块": "number 200 [块]",
    "408块": "number 408 [块]",
    "686块": "number 686 [块]",
    "110天": "number 110 [天]",
    "1000米": "number 1000 [米]",
    "1376米": "number 1376 [米]",
    "3374平方米": "number 3374 [平方米]",
    "5740平米": "number 5740 [平方米]",
    "6300平方米": "number 6300 [平方米]",
    "7280.3平方米": "number 7280.3 [平方米]",
    "7700平方米": "number 7700 [平方米]",
    "9560平方米": "number 9560 [平方米]",
    "20000平方米": "number 20000 [平方米]",
    "1 1566.21平方米": "text",
    "19270元": "number 19270 [元]",
    "2万元": "number 2 [万元] = 20000 [元]",
    "10万元": "number 10 [万元] = 100000 [元]",
    "20万元": "number 20 [万元] = 200000 [元]",
    "50万元": "number 50 [万元] = 500000 [元]",
    "150万元": "number 150 [万元] = 1500000 [元]",
    "200万元": "number 200 [万元] = 2000000 [元]",
    "272万元": "number 272 [万元] = 2720000 [元]",
    "300万元": "number 300 [万元] = 3000000 [元]",
    "316万元": "number 316 [万元] = 3160000 [元]",
    "1437.66 万元": "number 1437.66 [万元] = 14376600 [元]",
    "10万元/年": "number 10 [万元] per 年 = 100000 [元]",
    "240万元/年": "number 240 [万元] per 年 = 2400000 [元]",
    "2024年": "date 2024 (year)",
    "2024 年": "date 2024 (year)",
    "2024年底": "date 2024 (year-end)",
    "按月发放": "frequency per 月",
} | dict.fromkeys(WORDS, "text")


def gist(value: TargetValue) -> str:
    """All that was read, in short; the base only where it differs."""
    words: list[str] = [value.kind]
    words += ["~"] if value.approximate else []
    words += [value.operator] if value.operator else []
    if value.number is not None:
        words.append(str(value.number) + (f"..{value.upper}" if value.upper is not None else ""))
    words += [f"[{value.unit}]"] if value.unit else []
    words += [f"per {value.per}"] if value.per else []
    if (value.base_number, value.base_unit) != (value.number, value.unit) and value.base_number is not None:
        words.append(f"= {value.base_number}" + (f" [{value.base_unit}]" if value.base_unit else ""))
    words += [f"{value.date} ({value.precision})"] if value.date else []
    return " ".join(words)


@pytest.mark.parametrize(("text", "expected"), [*DOMAIN.items(), *SEED.items()])
def test_a_printed_value_is_read_as_expected(text: str, expected: str) -> None:
    assert gist(parse_target(text)) == expected


@pytest.mark.parametrize(
    ("raw", "typed"),
    [
        (" ≧ 95 ％ ", "≥95%"),
        ("> = ９０％", "≥90%"),
        ("326 人", "326人"),
        ("有效\n提升", "有效提升"),
        ("2024 年 6 月", "2024年6月"),
        ("854 万（其中 400 万元）", "854万（其中400万元）"),
        ("1 1566.21 平方米", "1 1566.21平方米"),
        ("10 ㎡", "10㎡"),
        ("GB 50 以上", "GB 50以上"),
        ("\ufeff≥\u200b95%", "≥95%"),
        ("，（）㎡：", "，（）㎡："),
    ],
)
def test_a_text_is_tidied_as_a_person_would_type_it(raw: str, typed: str) -> None:
    assert tidy_value(raw) == typed
    assert parse_target(raw).text == typed


def test_every_operator_glyph_becomes_its_one_form() -> None:
    assert {map_glyphs(glyph) for glyph in OPERATOR_GLYPHS} == set("≥≤><=")
    assert all(map_glyphs(glyph) == plain for glyph, plain in OPERATOR_GLYPHS.items())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2025.6", "date 2025-06 (month)"),
        ("2025.9底前", "date ≤ 2025-09 (month)"),
        ("12月", "date --12 (month)"),
        ("2025.1", "number 2025.1"),  # 2025.10 is displayed so, too
        ("≥2025.6", "number ≥ 2025.6"),
        ("90天", "number 90 [天]"),
        ("13月", "text"),
    ],
)
def test_where_a_time_is_asked_for_a_month_is_one(text: str, expected: str) -> None:
    assert gist(parse_time(text)) == expected.replace("text", gist(parse_target(text)))
    assert parse_time(text).text == text


@pytest.mark.parametrize("text", [None, "", "  ", "\n\u3000"])
def test_nothing_printed_is_unfilled_without_a_text(text: str | None) -> None:
    assert parse_target(text) == TargetValue(text=None, kind="unfilled")


def test_scaling_never_shows_an_exponent_and_never_rounds() -> None:
    digits = "123456789" * 10
    assert str(parse_target("0.00000001亿元").base_number) == "1"
    assert str(parse_target("1亿亩").base_number) == "100000000"
    assert str(parse_target(f"{digits}.{digits}万元").base_number) == f"{digits}1234.{digits[4:]}"


def test_a_text_beyond_any_value_is_not_looked_into() -> None:
    assert parse_target("9" * LONGEST_VALUE).kind == "number"
    assert parse_target("9" * (LONGEST_VALUE + 1)).kind == "text"


@pytest.mark.parametrize(
    "piece", ["每", "(", "1,", "百", "*", "以上", "1-", "(a", "≥", "1年", "每人", " ", "- ", "余", "约", "/人"]
)
def test_hostile_repetition_takes_no_time(piece: str) -> None:
    text = piece * (LONGEST_VALUE // len(piece))
    started = time.perf_counter()
    parse_target(text)
    parse_target("5" + text[:-1])
    assert time.perf_counter() - started < 0.5


def test_the_chinese_numeral_library_is_loaded_only_for_a_numeral() -> None:
    program = """
import sys
from normalize.values import parse_target
parse_target("≥95%"), parse_target("有效提升"), parse_target("2024年第一季度")
assert "cn2an" not in sys.modules
parse_target("三人")
assert "cn2an" in sys.modules
"""
    subprocess.run([sys.executable, "-c", program], check=True)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        *((text, True) for text in ("≥95%", "2024年", "按月发放", "优", "1-3次")),
        *((text, False) for text in ("有效提升", "补助人数", "公里", "≥**%", "", None)),
    ],
)
def test_only_understood_values_are_value_like(text: str | None, *, expected: bool) -> None:
    assert is_value_like(text) is expected


AMOUNTS: list[tuple[str, str | None, tuple[str, str | None, str | None]]] = [
    ("50 万元", None, ("50", "万元", "500000")),
    ("316", "(万元)", ("316", "万元", "3160000")),
    ("316", "项目资金（万元）", ("316", "万元", "3160000")),
    ("316", "单位：元", ("316", "元", "316")),
    ("316", None, ("316", None, None)),
    ("1,030,700.00", "元", ("1030700.00", "元", "1030700.00")),
    ("19270元", "万元", ("19270", "元", "19270")),
    ("1437.66 万元", None, ("1437.66", "万元", "14376600")),
    ("854万（其中中央400万元）", "元", ("854", "万元", "8540000")),
    ("￥500", "元", ("500", "元", "500")),
    ("-5.2", "万元", ("-5.2", "万元", "-52000")),
    ("0.00", "万元", ("0.00", "万元", "0")),
    ("5万美元", None, ("5", "万美元", None)),
]


@pytest.mark.parametrize(("text", "unit", "expected"), AMOUNTS)
def test_an_amount_is_read_with_its_unit(
    text: str, unit: str | None, expected: tuple[str, str | None, str | None]
) -> None:
    amount = parse_amount(text, unit)
    assert (str(amount.amount), amount.unit, None if amount.yuan is None else str(amount.yuan)) == expected


@pytest.mark.parametrize(
    "text", ["", "-", "/", "无", "50人", "≤50万元", "约50万元", "10万元/年", "1 030", "1,03", "9" * 600]
)
def test_a_text_that_is_no_amount_gives_none(text: str) -> None:
    assert parse_amount(text, "万元") == Amount(None, None, None)


PERIODS: list[tuple[str, str | None, str | None, str | None]] = [
    ("1年", None, None, "1"),
    ("1 年", None, None, "1"),
    ("一年", None, None, "1"),
    ("3年期", None, None, "3"),
    ("2021年-2023年", "2021", "2023", None),
    ("2023-2025", "2023", "2025", None),
    ("2024.01-2024.12", "2024-01", "2024-12", None),
    ("2024.1-2024.12", "2024-01", "2024-12", None),
    ("2024年1月1日至2024年12月31日", "2024-01-01", "2024-12-31", None),
    ("2024-01-01--2024-12-31", "2024-01-01", "2024-12-31", None),
    ("2024年", "2024", "2024", None),
    ("2024年底", None, None, None),
    ("11月底", None, None, None),
    ("长期", None, None, None),
    ("半年", None, None, None),
    ("", None, None, None),
]


@pytest.mark.parametrize(("text", "start", "end", "years"), PERIODS)
def test_a_period_gives_its_ends_or_its_years(text: str, start: str | None, end: str | None, years: str | None) -> None:
    expected = Period(text=tidy_value(text), start=start, end=end, years=Decimal(years) if years else None)
    assert parse_period(text) == expected


def test_every_listed_unit_is_read_as_its_canonical_name() -> None:
    for printed, name in unit_table().names.items():
        measure = read_measure(printed, listed_only=True)
        assert measure is not None
        assert (measure.unit, measure.per) == (name, None)
        assert listed_again(name) == name


def listed_again(name: str) -> str | None:
    measure = read_measure(name, listed_only=True)
    return measure.unit if measure else None

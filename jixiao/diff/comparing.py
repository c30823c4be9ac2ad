"""Two sides compared: projects paired, then their fields, amounts, goals and indicators."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from jixiao.diff.assignment import Pair, best_pairs
from jixiao.diff.changes import Change, Class, Kind
from jixiao.diff.matching import match_indicators, match_projects
from jixiao.diff.sides import Version
from jixiao.diff.values import Record, same_money, same_period, same_target
from jixiao.diff.wording import folded, likeness, numbers, same

_GOAL_LIKE = 0.3


@dataclass(frozen=True)
class Comparison:
    """The differences in the order of the new side, how many projects were compared, and how many more were known."""

    changes: list[Change]
    pairs: int
    known: int = 0


def compare(old: list[Version], new: list[Version]) -> Comparison:
    """The differences of two sides."""
    pairs = match_projects(old, new)
    shared = {each.sha256 for each in old if each.sha256} & {each.sha256 for each in new if each.sha256}
    changes = list(_gone(old, {a for a, _ in pairs}, shared))
    partners = {b: a for a, b in pairs}
    for b, version in enumerate(new):
        if b in partners:
            changes += _pair(old[partners[b]], version)
        else:
            changes.append(_whole("added", None, version, shared))
    return Comparison(changes, len(pairs))


def _gone(old: list[Version], matched: set[int], shared: set[str]) -> Iterator[Change]:
    for a, version in enumerate(old):
        if a not in matched:
            yield _whole("removed", version, None, shared)


def _whole(kind: Kind, old: Version | None, new: Version | None, shared: set[str]) -> Change:
    version = new or old
    if version is None:
        raise AssertionError
    cls: Class = "extraction" if version.sha256 in shared else "meaning"
    name = version.record["name"]
    return Change(cls, kind, "项目", name if old else None, name if new else None, old, new, "/name", "/name")


@dataclass(frozen=True)
class Spot:
    """What is compared, and its pointers on both sides."""

    what: str
    old: str
    new: str

    @classmethod
    def one(cls, what: str, pointer: str) -> Spot:
        """The same pointer on both sides."""
        return cls(what, pointer, pointer)

    def part(self, name: str) -> Spot:
        """A field of what is compared."""
        return Spot(self.what, f"{self.old}/{name}", f"{self.new}/{name}")

    def named(self, what: str) -> Spot:
        """The same place under another name."""
        return replace(self, what=what)


@dataclass
class Two:
    """Two versions of one project, and the differences found so far."""

    old: Version
    new: Version
    roll: int
    found: list[Change] = field(default_factory=list)

    def add(self, cls: Class, spot: Spot, before: Any, after: Any, kind: Kind = "changed") -> None:
        """A difference."""
        first, second = (None if value is None else str(value) for value in (before, after))
        self.found.append(Change(cls, kind, spot.what, first, second, self.old, self.new, spot.old, spot.new))

    def text(self, cls: Class, spot: Spot, before: str | None, after: str | None) -> None:
        """A text that changed: of class `cls`, unless both say the same."""
        if before != after:
            self.add("format" if same(before, after, self.roll) else cls, spot, before, after)

    def lone(self, kind: Kind, spot: Spot, text: str | None, *, empty: bool = False) -> None:
        """A row that only one side has; an empty one says nothing."""
        before, after = (text, None) if kind == "removed" else (None, text)
        self.add("format" if empty else "meaning", spot, before, after, kind)


def _pair(old: Version, new: Version) -> list[Change]:
    if old.data == new.data:
        return []
    two = Two(old, new, _roll(old.record, new.record))
    for compare_part in (_fields, _funding, _goals, _indicators, _extra):
        compare_part(two, old.record, new.record)
    if old.sha256 and old.sha256 == new.sha256:
        return [replace(each, cls="extraction") for each in two.found]
    return two.found


def _roll(old: Record, new: Record) -> int:
    """How many years the new budget is later."""
    if old["fiscal_year"] is None or new["fiscal_year"] is None:
        return 0
    return int(new["fiscal_year"]) - int(old["fiscal_year"])


_TEXTS: tuple[tuple[str, Class, str], ...] = (
    ("form", "wording", "表名"),
    ("name", "wording", "项目名称"),
    ("code", "meaning", "项目编码"),
    ("unit", "meaning", "实施单位"),
)
_NAMED = (("department", "主管部门"), ("attribute", "项目属性"))


def _fields(two: Two, old: Record, new: Record) -> None:
    if (old["fiscal_year"] is None) != (new["fiscal_year"] is None):
        two.add("meaning", Spot.one("预算年度", "/fiscal_year"), old["fiscal_year"], new["fiscal_year"])
    for key, cls, what in _TEXTS:
        two.text(cls, Spot.one(what, f"/{key}"), old[key], new[key])
    for key, what in _NAMED:
        for part, more in (("name", ""), ("code", "编码")):
            two.text("meaning", Spot.one(what + more, f"/{key}/{part}"), old[key][part], new[key][part])
    if old["period"] != new["period"]:
        texts = [each["period"] and each["period"]["text"] for each in (old, new)]
        alike = same_period(old["period"], new["period"], two.roll)
        two.add("format" if alike else "meaning", Spot.one("项目期", "/period"), *texts)


def _one_by_one(old: list[Record], new: list[Record], key: Callable[[Record], Any]) -> list[Pair]:
    """Rows that share a key, in their order where several do."""
    waiting: dict[Any, list[int]] = {}
    for a, row in enumerate(old):
        waiting.setdefault(key(row), []).append(a)
    return [(waiting[key(row)].pop(0), b) for b, row in enumerate(new) if waiting.get(key(row))]


def _lone(count: int, matched: Iterable[int]) -> list[int]:
    used = set(matched)
    return [at for at in range(count) if at not in used]


def _olds(pairs: list[Pair]) -> list[int]:
    return [a for a, _ in pairs]


def _news(pairs: list[Pair]) -> list[int]:
    return [b for _, b in pairs]


def _funding(two: Two, one: Record, other: Record) -> None:
    old, new = one["funding"], other["funding"]
    pairs = _one_by_one(old, new, lambda row: (row["scope"], row["kind"], folded(row["label"])))
    rest_old, rest_new = _lone(len(old), _olds(pairs)), _lone(len(new), _news(pairs))
    again = _one_by_one([old[a] for a in rest_old], [new[b] for b in rest_new], lambda row: (row["scope"], row["kind"]))
    pairs += [(rest_old[a], rest_new[b]) for a, b in again]
    for at in _lone(len(old), _olds(pairs)):
        spot = Spot.one(old[at]["label"], f"/funding/{at}/amount")
        two.lone("removed", spot, _money(old[at]), empty=old[at]["amount"] is None)
    for at in _lone(len(new), _news(pairs)):
        spot = Spot.one(new[at]["label"], f"/funding/{at}/amount")
        two.lone("added", spot, _money(new[at]), empty=new[at]["amount"] is None)
    for a, b in sorted(pairs, key=lambda pair: pair[1]):
        spot = Spot(new[b]["label"], f"/funding/{a}", f"/funding/{b}")
        two.text("wording", spot.part("label").named("资金栏目"), old[a]["label"], new[b]["label"])
        _amount(two, spot.part("amount"), old[a], new[b])


def _amount(two: Two, spot: Spot, old: Record, new: Record) -> None:
    if _money(old) != _money(new):
        two.add("format" if same_money(old, new) else "meaning", spot, _money(old), _money(new))
    one, other = old.get("execution") or {}, new.get("execution") or {}
    for key in dict.fromkeys([*one, *other]):
        if one.get(key) != other.get(key):
            two.add("meaning", spot.named(f"{spot.what} {key}"), one.get(key), other.get(key))


def _money(row: Record) -> str | None:
    return None if row["amount"] is None else f"{row['amount']}{row['unit'] or ''}"


def _goals(two: Two, one: Record, other: Record) -> None:
    old, new = one["goals"], other["goals"]
    scores = {}
    for a, left in enumerate(old):
        for b, right in enumerate(new):
            like = likeness(left["text"], right["text"])
            if left["scope"] == right["scope"] and (like > _GOAL_LIKE or len(old) == len(new) == 1):
                scores[a, b] = 1 + like
    pairs = best_pairs(scores)
    for a, b in pairs:
        before, after = old[a]["text"], new[b]["text"]
        alike = numbers(after) in (numbers(before), numbers(before, two.roll))
        two.text(
            "wording" if alike else "meaning", Spot("绩效目标", f"/goals/{a}/text", f"/goals/{b}/text"), before, after
        )
    for a in _lone(len(old), _olds(pairs)):
        two.lone("removed", Spot.one("绩效目标", f"/goals/{a}/text"), old[a]["text"])
    for b in _lone(len(new), _news(pairs)):
        two.lone("added", Spot.one("绩效目标", f"/goals/{b}/text"), new[b]["text"])


def _indicators(two: Two, one: Record, other: Record) -> None:
    old, new = one["indicators"], other["indicators"]
    if old == new:
        return
    pairs = match_indicators(old, new, two.roll)
    for a in _lone(len(old), _olds(pairs)):
        two.lone("removed", Spot.one(_called(old[a]), f"/indicators/{a}/target"), old[a]["target"]["text"] or "")
    for b in _lone(len(new), _news(pairs)):
        two.lone("added", Spot.one(_called(new[b]), f"/indicators/{b}/target"), new[b]["target"]["text"] or "")
    for a, b in pairs:
        if old[a] != new[b]:
            _indicator(two, Spot(_called(new[b]), f"/indicators/{a}", f"/indicators/{b}"), old[a], new[b])
    if _olds(pairs) != sorted(_olds(pairs)):
        two.add("format", Spot.one("指标次序", "/indicators"), None, None, "moved")


def _called(indicator: Record) -> str:
    return f"{indicator['level2'] or indicator['level1'] or '指标'} {indicator['name']}"


def _indicator(two: Two, spot: Spot, old: Record, new: Record) -> None:
    what = spot.what
    for level in ("level1", "level2"):
        two.text("meaning", spot.part(level).named(f"{what} 类别"), old[level], new[level])
    two.text("wording", spot.part("name").named("指标名称"), old["name"], new["name"])
    two.text("wording", spot.part("required").named(f"{what} 填报要求"), old["required"], new["required"])
    for key, label in (("target", what), ("actual", f"{what} 实际完成值")):
        if old[key] != new[key]:
            alike = same_target(old[key], new[key], two.roll)
            texts = [each[key] and each[key]["text"] for each in (old, new)]
            two.add("format" if alike else "meaning", spot.part(key).named(label), *texts)
    for key, label in (("weight", "分值"), ("score", "得分")):
        if old[key] != new[key]:
            two.add("meaning", spot.part(key).named(f"{what} {label}"), old[key], new[key])
    two.text("wording", spot.part("reason").named(f"{what} 偏差原因"), old["reason"], new["reason"])


def _extra(two: Two, one: Record, other: Record) -> None:
    old, new = one["extra"], other["extra"]
    for key in dict.fromkeys([*old, *new]):
        before, after = old.get(key), new.get(key)
        cls: Class = "wording" if numbers(after) in (numbers(before), numbers(before, two.roll)) else "meaning"
        two.text(cls, Spot.one(key, "/extra/" + key.replace("~", "~0").replace("/", "~1")), before, after)

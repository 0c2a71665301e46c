"""Rules as dated rows: what a text asks for, from when, with its clause and its own words.

A pack is a TOML file: `title`, optionally `stands_on` (packs that lie underneath), and `[[rules]]`.
`national` always lies at the bottom; a later pack overrides an earlier one by key and
`applies_to`, from the date its own row comes into force.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import groupby
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Any, Literal, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    field_validator,
    model_validator,
)

from analysis.toml_text import NotToml, read_toml_text
from analysis.wanted import wanted
from geo.errors import RuleError
from geo.language import Message, say
from geo.reasons import why
from geo.vocabulary import CATEGORIES, KINDS

PACKS = Path(__file__).resolve().parent / "rules"
NATIONAL = "national"
EVERYTHING = "all"

UNITS: Mapping[str, str] = MappingProxyType(
    {
        # floor area of estates, who may pool it, what its rooms must be like
        "care_floor_area_per_100_households": "m2/百户",
        "counts_as_care_floor_area": "是否",
        "phase_due_share": "比例",
        "pool_walk_min": "分钟",
        "pool_applies_to": "是否",
        "care_room_min_m2": "m2",
        "basement_room_counts": "是否",
        "lift_from_floor": "层",
        "highest_floor": "层",
        "handover_months": "月",
        "care_rooms_may_shrink": "是否",
        "provision_rate_target": "比例",
        "provision_review_since": "年",
        # land, networks, beds, presence
        "care_land_per_resident": "m2/人",
        "urban_community_coverage_target": "比例",
        "rural_community_coverage_target": "比例",
        "community_station_coverage_target": "比例",
        "street_centre_rate_target": "比例",
        "street_centre_min_m2": "m2",
        "health_agreement_target": "比例",
        "beds_per_1000_elderly": "张/千人",
        "nursing_share_of_institution_beds": "比例",
        "institution_beds_per_elderly": "比例",
        "basic_and_affordable_beds_share": "比例",
        "new_public_beds": "张",
        "county_presence_target": "比例",
        "transition_years": "年",
        "household_size": "人/户",
    }
)
"""Every key that is computed with, and its unit; a misspelt key must not pass in silence.

A row with another key is a line of the indicator ledger, and says so by its `name`.
"""


_BOUND: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        EVERYTHING: ("全部", "所有"),
        **KINDS,
        **CATEGORIES,
        "community": ("社区养老服务设施用地",),
        "welfare": ("社会福利用地",),
        "subdistrict": ("街道",),
        "combined_care": ("医养结合",),
        "activity_centre": ("老年人活动中心",),
    }
)
"""What a rule that is computed with may bind, and the Chinese words for it."""
_BOUND_CODE = MappingProxyType(
    {word: code for code, words in _BOUND.items() for word in (code, *words)}
)


class Rule(BaseModel):
    """One demand of one text, from one date on.

    value
        In `unit`; shares are 0-1.
    applies_to
        What it binds: `new` or `built` estates, a category, …; `all` binds everything.
    clause, quote
        Where it stands, in the text's own words; parts left out are marked ……
    confidence
        `policy text`: the quote is verbatim; `public page`: seen on one, named in `page`;
        `recalled`: neither, so it is told beside a figure but binds nobody.
    name, bureau
        What the indicator ledger calls it, and the office that answers for it.
    compare
        Whether a figure meets the value from above or from below; `told` where the text gives no
        number: the figure is told beside it and nobody is held against it.
    borrowed
        That the text is of another province and only gives a hint or a default here.
    of
        The whole that a sum, an average or a share is asked of: all of the city, all of the nation.
        A part of it is not held against it. Empty where each part is bound, as by 100 %.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    key: str
    value: Annotated[float, Field(strict=True, ge=0, allow_inf_nan=False)]
    unit: str
    applies_to: str = EVERYTHING
    in_force_from: date
    document: Annotated[str, Field(min_length=1)]
    clause: str = ""
    quote: str = ""
    confidence: Literal["policy text", "public page", "recalled"]
    page: str = ""
    target_year: int | None = None
    name: str = ""
    bureau: str = ""
    compare: Literal["at_least", "at_most", "told"] = "at_least"
    borrowed: bool = False
    of: Literal["", "city", "nation"] = ""
    pack: str = ""

    @model_validator(mode="after")
    def _quote_what_claims_to_be_verbatim(self) -> Self:
        if self.confidence == "policy text" and not (self.quote and self.clause):
            raise ValueError(str(say("标为 policy text 的规则须有 clause 与 quote")))
        if self.key in UNITS and self.unit != UNITS[self.key]:
            raise ValueError(str(say("单位应为“{unit}”", unit=UNITS[self.key])))
        return self

    @field_validator("applies_to")
    @classmethod
    def _code_of_what_it_binds(cls, said: str) -> str:
        return _BOUND_CODE.get(said.strip(), said.strip())

    @model_validator(mode="after")
    def _bind_something_known(self) -> Self:
        # A rule that binds nothing anybody asks for would pass in silence.
        if self.key in UNITS and self.applies_to not in _BOUND:
            raise ValueError(
                str(
                    say(
                        "applies_to“{said}”不认识；可写 new 新建、built 已建成、all 全部，"
                        "或设施类别",
                        said=self.applies_to,
                    )
                )
            )
        return self

    @property
    def binding(self) -> bool:
        """Tell whether anybody may be held against this row."""
        return self.confidence != "recalled"

    def meets(self, value: float) -> bool:
        """Return whether a figure, unrounded, meets the value; 不少于 and 以上 include it."""
        return value >= self.value if self.compare == "at_least" else value <= self.value

    @property
    def id(self) -> str:
        """Return the name of this row: pack, key, what it binds, date."""
        return f"{self.pack}/{self.key}/{self.applies_to}/{self.in_force_from}"


@dataclass(frozen=True)
class Pack:
    """The rows of one file, and the packs it stands on."""

    name: str
    title: str
    stands_on: tuple[str, ...]
    rules: tuple[Rule, ...]


@dataclass(frozen=True)
class Rulebook:
    """Packs in a stack, the lowest first."""

    packs: tuple[Pack, ...]

    @classmethod
    def load(cls, names: Iterable[str], *, folder: Path = Path()) -> Self:
        """Return the stack of the packs named, `national` underneath.

        names
            Bundled packs (`chifeng`) or the user's own files (`rules/ours.toml`).
        folder
            Where the user's own files are looked for: the study's folder.

        A pack that is missing or wrong raises RuleError naming file, rule and reason.
        """
        stack: dict[Path, Pack] = {}
        for name in (NATIONAL, *names):
            _lay(name, folder=folder, stack=stack, waiting=())
        return cls(tuple(stack.values()))

    def at(self, key: str, applies_to: str, on: date) -> Rule:
        """Return the rule in force on a date; RuleError where there is none."""
        rule = self.find(key, applies_to, on)
        if rule is None:
            raise RuleError(
                say(
                    "规则包 {packs} 中没有 {date} 已生效的规则“{key}”（适用于 {applies_to}），"
                    "请补充规则包或更改评价日期。",
                    packs="、".join(pack.name for pack in self.packs),
                    date=on.isoformat(),
                    key=key,
                    applies_to=applies_to,
                )
            )
        return rule

    def find(self, key: str, applies_to: str, on: date) -> Rule | None:
        """Return the rule in force on a date: the highest pack's latest; None where none is.

        Rows that are only recalled are no rules: see `recalled`.
        """
        return self._highest(key, applies_to, on, binding=True)

    def recalled(self, key: str, applies_to: str, on: date) -> Rule | None:
        """Return what is only recalled of a rule, to be told as such; None where nothing is."""
        return self._highest(key, applies_to, on, binding=False)

    def _highest(self, key: str, applies_to: str, on: date, *, binding: bool) -> Rule | None:
        rows = [
            (rank, rule.in_force_from, rule.applies_to != EVERYTHING, rule)
            for rank, pack in enumerate(self.packs)
            for rule in pack.rules
            if rule.key == key
            and rule.applies_to in (applies_to, EVERYTHING)
            and rule.in_force_from <= on
            and rule.binding is binding
        ]
        return max(rows, key=lambda row: row[:3])[3] if rows else None

    def ledger(self, on: date) -> tuple[Rule, ...]:
        """Return the lines of the indicator ledger that nothing is computed for, lowest first."""
        lines = dict.fromkeys(
            (rule.key, rule.applies_to) for rule in self.rules if rule.key not in UNITS
        )
        held = (
            self.find(key, applies_to, on) or self.recalled(key, applies_to, on)
            for key, applies_to in lines
        )
        return tuple(dict.fromkeys(rule for rule in held if rule is not None))

    def history(self, key: str, applies_to: str, *, until: date) -> tuple[Rule, ...]:
        """Return the rules that were in force one after the other, up to a date, oldest first."""
        days = sorted({rule.in_force_from for rule in self.rules if rule.in_force_from <= until})
        held = (self.find(key, applies_to, day) for day in days)
        return tuple(rule for rule, _ in groupby(held) if rule is not None)

    def in_force(self, on: date) -> tuple[Rule, ...]:
        """Return all rules in force on a date, one for each key and what it binds, sorted."""
        named = sorted({(rule.key, rule.applies_to) for rule in self.rules})
        held = (self.find(key, applies_to, on) for key, applies_to in named)
        return tuple(dict.fromkeys(rule for rule in held if rule is not None))

    def rules_used(self, on: date) -> list[dict[str, Any]]:
        """Return the rules in force on a date as plain rows with their ids, for parameters.json."""
        return [{"id": rule.id, **rule.model_dump(mode="json")} for rule in self.in_force(on)]

    def rule(self, rule_id: str) -> Rule:
        """Return the rule of an id; RuleError where no pack holds it."""
        if rule_id not in self._by_id:
            raise RuleError(say("规则包中没有规则“{id}”。", id=rule_id))
        return self._by_id[rule_id]

    @property
    def rules(self) -> Iterator[Rule]:
        """Return every row of every pack, the lowest pack first."""
        return (rule for pack in self.packs for rule in pack.rules)

    @cached_property
    def _by_id(self) -> Mapping[str, Rule]:
        return {rule.id: rule for rule in self.rules}


def _lay(name: str, *, folder: Path, stack: dict[Path, Pack], waiting: tuple[Path, ...]) -> None:
    """Put a pack on the stack, after those it stands on; each lies there once."""
    path = _path_of(name, folder=folder)
    if path in stack:
        return
    if path in waiting:
        raise RuleError(say("规则包“{name}”的 stands_on 绕回了自己。", name=name))
    pack = _read_pack(path)
    for below in pack.stands_on:
        _lay(below, folder=path.parent, stack=stack, waiting=(*waiting, path))
    stack[path] = pack


def _path_of(name: str, *, folder: Path) -> Path:
    """Return the file of a pack: one's own where the name ends in .toml, else a bundled one."""
    own = name.endswith(".toml")
    bundled = sorted(path.stem for path in PACKS.glob("*.toml"))
    if not own and name not in bundled:
        raise RuleError(
            say(
                "没有名为“{name}”的规则包；随附的有 {bundled}，自己的规则包请写出 .toml 文件名。",
                name=name,
                bundled="、".join(bundled),
            )
        )
    return (folder / name if own else PACKS / f"{name}.toml").resolve()


def _read_pack(path: Path) -> Pack:
    """Return the pack of a file; RuleError for whatever is wrong with it, all at once."""
    description = _read_toml(path)
    rows = description.pop("rules", [])
    title = description.pop("title", path.stem)
    stands_on = description.pop("stands_on", [])
    if description or not _is_list_of(rows, dict) or not _is_list_of(stands_on, str):
        raise RuleError(
            say("{file}：规则包只能有 title、stands_on（名称列表）和 [[rules]]。", file=path.name)
        )
    rules, faults = _rules_and_faults(rows, pack=path.stem)
    if faults:
        raise RuleError(*(say("{file}：{fault}", file=path.name, fault=f) for f in faults))
    return Pack(path.stem, str(title), tuple(stands_on), rules)


def _read_toml(path: Path) -> dict[str, Any]:
    try:
        return read_toml_text(path)
    except OSError as fault:
        raise RuleError(
            say("{file}：规则包无法打开（{reason}）。", file=path.name, reason=why(fault))
        ) from fault
    except NotToml as fault:
        raise RuleError(
            say("{file}：规则包不是有效的 TOML（{reason}）。", file=path.name, reason=fault.reason)
        ) from fault


def _is_list_of(value: object, kind: type) -> bool:
    return isinstance(value, list) and all(isinstance(item, kind) for item in value)


def _rules_and_faults(
    rows: list[dict[str, Any]], *, pack: str
) -> tuple[tuple[Rule, ...], list[Message]]:
    """Return the rows of a pack as rules, with everything that is wrong in them."""
    rules: dict[str, Rule] = {}
    faults: list[Message] = []
    for number, row in enumerate(rows, start=1):
        key = row.get("key", number)
        faults.extend(_unknown_names(row, key=key))
        try:
            rule = Rule.model_validate({**row, "pack": pack})
        except ValidationError as fault:
            faults.extend(_in_words(fault, key=key))
            continue
        if rule.id in rules:
            faults.append(say("规则“{key}”同一适用范围、同一日期写了两次", key=key))
        rules[rule.id] = rule
    return tuple(rules.values()), faults


def _unknown_names(row: Mapping[str, Any], *, key: object) -> Iterator[Message]:
    if "pack" in row:
        yield say("规则“{key}”：不认识的字段 {field}", key=key, field="pack")
    if isinstance(key, str) and key not in UNITS and not row.get("name"):
        yield say("规则“{key}”：不认识的规则名", key=key)


def _in_words(fault: ValidationError, *, key: object) -> Iterator[Message]:
    """Return what pydantic found, a sentence for each fault."""
    for error in fault.errors():
        field = ".".join(str(part) for part in error["loc"])
        if error["type"] == "missing":
            yield say("规则“{key}”：缺少字段 {field}", key=key, field=field)
        elif error["type"] == "extra_forbidden":
            yield say("规则“{key}”：不认识的字段 {field}", key=key, field=field)
        elif error["type"] == "value_error":
            yield say("规则“{key}”：{reason}", key=key, reason=wanted(error))
        else:
            yield say(
                "规则“{key}”：字段 {field} 的值“{value}”不合要求（{reason}）",
                key=key,
                field=field,
                value=error["input"],
                reason=wanted(error),
            )

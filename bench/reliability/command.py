"""What `carecircle reliability` does: a collection, attacks, the system's record, damage."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from bench.page import markdown, write_between
from bench.race import Tell
from bench.reliability.corpus import Outcome, outcomes
from bench.reliability.fuzz import Fuzzed, fuzz, seeds
from bench.reliability.run import Attacked, attacked
from bench.reliability.traced import Traced, can_trace, traced
from geo.language import say, translate

BUNDLED = Path(__file__).resolve().parent.parent.parent / "data"


@dataclass(frozen=True)
class Reliability:
    """What was found; a part that was not asked for, or cannot be done here, is None."""

    collection: tuple[Outcome, ...] | None
    attacks: Attacked
    traced: Traced | None
    fuzzed: Fuzzed | None

    @property
    def content(self) -> dict[str, Any]:
        """Return everything as plain values, without the damaged files themselves."""
        fuzzed = None if self.fuzzed is None else {
            **asdict(self.fuzzed), "ended": dict(self.fuzzed.ended),
            "broken": [(what, how) for what, how, _ in self.fuzzed.broken],
        }
        return {
            "collection": None if self.collection is None else [asdict(o) for o in self.collection],
            "attacks": asdict(self.attacks),
            "traced": None if self.traced is None else asdict(self.traced),
            "fuzz": fuzzed,
        }


def measure(
    collection: Path | None, *, executions: int, seed: int, tell: Tell
) -> Reliability:
    """Return how the door holds.

    collection
        A folder with a `manifest.csv`; None leaves that part out.
    executions
        How many files are damaged at random; 0 leaves that part out.
    """
    found = None
    if collection is not None:
        tell(say("读取文件集 {folder}", folder=collection.name))
        found = tuple(outcomes(collection))
    tell(say("试验攻击文件"))
    attacks = attacked()
    seen = None
    if can_trace():
        tell(say("由系统记录读取进程打开的文件和访问的地址"))
        given = [] if collection is None else [collection.resolve()]
        seen = traced("bench.reliability.run", [str(each) for each in given], given)
    fuzzed = None
    if executions:
        folders = [BUNDLED, *([] if collection is None else [collection])]
        fuzzed = fuzz(
            seeds(folders), executions=executions, seed=seed,
            tell=lambda done: tell(say("随机损坏的文件 {done}", done=done))
            if done % 1000 == 0 else None,
        )
    return Reliability(found, attacks, seen, fuzzed)


def tables(found: Reliability) -> Mapping[str, Sequence[tuple[str, ...]]]:
    """Return what was found as tables, the first row of each its heading."""
    heading = (translate("项目"), translate("结果"))
    made: dict[str, Sequence[tuple[str, ...]]] = {
        "attacks": (heading, *_attack_rows(found.attacks, found.traced))
    }
    if found.collection is not None:
        made["collection"] = (heading, *_collection_rows(found.collection))
        made["otherwise"] = (
            (translate("文件"), translate("清单写的"), translate("实际"), translate("没有点名的")),
            *((o.file, o.expected, o.ended, "、".join(o.unnamed)) for o in found.collection
              if not o.as_documented or o.unnamed),
        )
    if found.fuzzed is not None:
        made["fuzz"] = (heading, *_fuzz_rows(found.fuzzed))
    return made


def write_page(found: Reliability, page: Path) -> None:
    """Put the tables into the page, each in place of what stood between its marks."""
    for name, rows in tables(found).items():
        write_between(page, name, markdown(rows))


def _collection_rows(all_of_them: Sequence[Outcome]) -> list[tuple[str, str]]:
    count = len(all_of_them)
    named = [o for o in all_of_them if not o.unnamed]
    valid = [o for o in all_of_them if o.expected == "accept"]
    slowest = max(all_of_them, key=lambda o: o.seconds)
    peaks = [o.peak_mb for o in all_of_them if o.peak_mb is not None]
    return [
        (translate("按清单收下或拒绝"), _share(sum(o.as_documented for o in all_of_them), count)),
        (translate("消息点出了清单要求的每一项"), _share(len(named), count)),
        (translate("合格的文件被误拒"),
         _share(sum(o.ended == "reject" for o in valid), len(valid))),
        (translate("没有预见的异常、死掉的进程"), str(sum(bool(o.failure) for o in all_of_them))),
        (translate("最慢的文件"), f"{slowest.file}，{slowest.seconds:.1f} s"),
        (translate("读取进程的内存峰值"), f"{max(peaks):.0f} MB" if peaks else "—"),
    ]


def _attack_rows(attacks: Attacked, seen: Traced | None) -> list[tuple[str, str]]:
    untold = translate("未记录（没有 strace）")
    return [
        (translate("攻击文件"), str(attacks.count)),
        (translate("被拒绝的"), _share(attacks.refused, attacks.count)),
        (translate("内容外泄的"), str(len(attacks.leaked))),
        (translate("到达本机服务器的请求"), str(len(attacks.asked))),
        (translate("没有预见的异常、死掉的进程"), str(len(attacks.failed))),
        (translate("系统记录：读取进程打开的输入以外的文件"),
         untold if seen is None else "、".join(seen.opened) or "0"),
        (translate("系统记录：读取进程访问的网络地址"),
         untold if seen is None else "、".join(seen.asked) or "0"),
    ]


def _fuzz_rows(found: Fuzzed) -> list[tuple[str, str]]:
    ended = found.ended
    return [
        (translate("随机损坏的文件"), f"{found.executions:,}"),
        (translate("被拒绝的"), _share(ended["refused"], found.executions)),
        (translate("读入的（含逐格报错）"),
         _share(ended["read"] + ended["read with errors"], found.executions)),
        (translate("没有预见的异常"), str(ended["broken"])),
        (translate("读取进程死掉（主进程不受影响）"), str(ended["died"])),
        (translate("超时被停止"), str(ended["too long"])),
        (translate("主进程死掉"), "0"),  # else nobody would be here to write it
        (translate("最慢的一个"), f"{found.slowest_s:.1f} s"),
    ]


def _share(part: int, whole: int) -> str:
    return f"{part} / {whole}" + (f"（{part / whole:.1%}）" if whole else "")

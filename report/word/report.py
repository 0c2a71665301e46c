"""The report on a study as an official paper: conclusions, chapters, annexes."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from geo.language import Message, joined, say, spoken
from report.briefing.content import Briefing, Chapter, Column, Pictures, Said, Shown
from report.people_date import day_in_words
from report.word.annexes import Annex, add_annexes, annexes_of
from report.word.captions import Captions, numeral
from report.word.markup import paragraph, run
from report.word.paper import Paper
from report.word.printed_table import grid

Part = Message | Shown
_FIGURE: Final = (
    Column("label", say("指标"), weight=3.0),
    Column("text", say("数值"), weight=0.8),
    Column("of", say("口径"), weight=4.2),
)


def write_report(briefing: Briefing, path: Path, *, pictures: Pictures) -> None:
    """Write the report of a briefing, with its annexes.

    pictures
        Draws each map for the place it has on the page.
    """
    title = say("{title}汇报", title=briefing.title)
    paper = Paper(str(title), on=briefing.on, notice=briefing.notice)
    captions, annexes = Captions(paper, pictures), annexes_of(briefing)
    paper.add(paragraph("Title", run(title)))
    _add_conclusions(briefing, captions)
    for number, chapter in enumerate(briefing.chapters, start=1):
        _add_heading(paper, number, chapter.title)
        _add_chapter(chapter, briefing, captions, annexes)
    last = len(briefing.chapters)
    _add_numbered(paper, last + 1, say("下一步工作"), briefing.steps)
    _add_numbered(paper, last + 2, say("需要说明的事项"), briefing.caveats)
    _close(briefing, captions, annexes)
    captions.add_maps()
    add_annexes(annexes, paper)
    paper.save(path)


def _add_conclusions(briefing: Briefing, captions: Captions) -> None:
    paper = captions.paper
    paper.add(paragraph("Heading1", run(say("主要结论"))), *_sentences(briefing.headline))
    captions.title(say("主要数字"))
    rows = [[str(each.label), each.text, str(joined("；", *each.of))] for each in briefing.figures]
    paper.add(grid(_FIGURE, rows, paper.width), paragraph("Blank"))


def _add_chapter(
    chapter: Chapter, briefing: Briefing, captions: Captions, annexes: Sequence[Annex]
) -> None:
    """Add the sentences and tables of a chapter; a sentence points to the maps behind it."""
    for told, behind in _with_those_behind(chapter, briefing):
        if isinstance(told, Shown):
            captions.table(briefing.tables[told.key], told, elsewhere=_annex_of(told, annexes))
            continue
        apart = [_annex_of(each, annexes) for each in behind if each.apart]
        where = [say("（见{annex}）", annex=each) for each in apart if each is not None]
        maps = [briefing.maps[each.key] for each in behind if each.key in briefing.maps]
        where += [captions.point_to(maps)] if maps else []
        captions.paper.add(*_sentences([joined("", told, *where)]))


def _annex_of(shown: Shown, annexes: Sequence[Annex]) -> Message | None:
    """Return the annex in which a table stands whole; None for none."""
    return next((each.label for each in annexes if shown.key in each.keys), None)


def _with_those_behind(chapter: Chapter, briefing: Briefing) -> list[tuple[Part, list[Shown]]]:
    """Return sentences and tables, each sentence with what follows it and stands elsewhere."""
    found: list[tuple[Part, list[Shown]]] = []
    last: list[Shown] = []
    for part in chapter.parts:
        if isinstance(part, Shown) and (part.key in briefing.maps or part.apart):
            if not found:
                told = say("本章见所附地图。") if part.key in briefing.maps else say("本章见附件。")
                found.append((told, last))
            last.append(part)
            continue
        behind: list[Shown] = []
        if isinstance(part, Message):
            last = behind
        found.append((part, behind))
    return found


def _add_heading(paper: Paper, number: int, title: Said) -> None:
    told = say("{numeral}、{title}", numeral=numeral(number), title=title)
    paper.add(paragraph("Heading1", run(told)))


def _add_numbered(
    paper: Paper, number: int, title: Message, sentences: Sequence[Message]
) -> None:
    """Add a chapter of sentences, each with its number."""
    _add_heading(paper, number, title)
    paper.add(*_sentences([say("{at}．{text}", at=at, text=each)
                           for at, each in enumerate(sentences, start=1)]))  # fmt: skip


def _sentences(sentences: Sequence[Message | str]) -> list[str]:
    return [paragraph("BodyText", run(each)) for each in sentences]


def _close(briefing: Briefing, captions: Captions, annexes: Sequence[Annex]) -> None:
    """Name the annexes, one of them of the sources; sign, with the day that the figures are of."""
    paper, maps = captions.paper, captions.maps
    for annex in annexes:
        first = annex.number == 1
        word = run(say("附件：")) if first else ""
        line = run(say("{at}．{text}", at=annex.number, text=annex.title))
        paper.add(paragraph("BodyText", word, line, properties="" if first else _under()))
    if maps:
        told = say("附图：图1—图{last}", last=maps)
        paper.add(paragraph("BodyText", run(told)))
    told = day_in_words(briefing.on)
    right = '<w:ind w:rightChars="400" w:right="1280"/>'
    signed = [briefing.maker] if briefing.maker else []
    paper.add(*(paragraph("Closing", run(each), properties=right) for each in (*signed, told)))


def _under() -> str:
    """Return an indent that puts the numbers of annexes under each other, behind their word."""
    return '<w:ind w:firstLineChars="500" w:firstLine="1600"/>' if spoken() == "zh" else ""

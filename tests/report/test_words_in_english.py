"""Documents in English: capitals over columns and chapters, no Chinese marks between sentences."""

import re

from geo.language import speaking
from report.briefing.estates import UNKNOWN
from report.briefing.making import brief
from report.briefing.material import Material

CHINESE_MARKS = re.compile("[；，。：]")


def test_headings_begin_with_a_capital(material: Material) -> None:
    with speaking("en"):
        told = brief(material)
        titles = [str(column.title) for table in told.tables.values() for column in table.columns]
        titles += [str(chapter.title) for chapter in told.chapters]
        assert [title for title in titles if title[0] != title[0].upper()] == []
        guidance = [row[0] for row in told.tables["guidance"].texts(("told",))]
        assert guidance
        assert all(each[0].isupper() for each in guidance)


def test_sentences_are_parted_as_the_language_parts_them(material: Material) -> None:
    with speaking("en"):
        told = brief(material)
        said = [str(part) for chapter in told.chapters for part in chapter.parts
                if not hasattr(part, "key")]  # fmt: skip
        said += [str(table.told() or "") for table in told.tables.values()]
        said += [str(each) for figure in told.figures for each in figure.of]
        said += [figure.text for figure in told.figures]
        said += [row[0] for row in told.tables[UNKNOWN].texts(("whose",))]
        assert len(said) > 50
        assert [text for text in said if CHINESE_MARKS.search(text) or "、" in text or "㎡" in text
                ] == []  # fmt: skip

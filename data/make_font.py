"""Write the font of the maps: all Han characters of Noto Sans CJK SC Regular, without its hints.

The source is Debian's fonts-noto-cjk 20220127 (Noto Sans CJK 2.004). Run
`python data/make_font.py NotoSansCJK-Regular.ttc` with matplotlib's fontTools installed.
The same source gives the same bytes.
"""

import sys
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

FONT = Path(__file__).parent.parent / "report" / "maps" / "fonts" / "CareCircleSans-Regular.otf"
# A modified font of another name, so that no computer's own is taken for it.
FAMILY, POSTSCRIPT = "CareCircle Sans", "CareCircleSans-Regular"
SIMPLIFIED = 2  # the face SC in the collection
LEFT_OUT = ("vhea", "vmtx", "VORG", "BASE")  # nothing here is set in columns
KEPT = (
    (0x0020, 0x312F), (0x321F, 0x33FF), (0x3400, 0x9FFF), (0xF900, 0xFAFF), (0xFE10, 0xFF9F),
    (0xFFE0, 0xFFEF), (0x20000, 0x3FFFF),
)  # fmt: skip
_HEADINGS = (16, 17, 21, 22)  # further names of a family
_NAMES = {1: FAMILY, 3: f"2.004;{POSTSCRIPT}", 4: f"{FAMILY} Regular", 6: POSTSCRIPT}


def wanted(known: set[int]) -> set[int]:
    """Return the characters kept: signs of all kinds, and every Han character of the face.

    Latin, Greek, Cyrillic, symbols, kana, bopomofo and full-width forms stay; Hangul goes.
    """
    return {each for each in known for first, last in KEPT if first <= each <= last}


def make_font(source: Path, target: Path) -> None:
    """Write the subset under its own name."""
    options = subset.Options()
    options.font_number = SIMPLIFIED
    options.layout_features = []
    options.hinting = False
    options.notdef_outline = True
    options.drop_tables += LEFT_OUT
    font = subset.load_font(str(source), options)
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=wanted(set(font.getBestCmap())))
    subsetter.subset(font)
    _rename(font)
    subset.save_font(font, str(target), options)


def _rename(font: TTFont) -> None:
    for record in list(font["name"].names):
        if record.nameID in _NAMES:
            record.string = _NAMES[record.nameID]
        elif record.nameID in _HEADINGS:
            font["name"].names.remove(record)
    outlines = font["CFF "].cff
    outlines.fontNames = [POSTSCRIPT]
    top = outlines.topDictIndex[0]
    top.FamilyName, top.FullName = FAMILY, f"{FAMILY} Regular"


if __name__ == "__main__":
    make_font(Path(sys.argv[1]), FONT)
    print(f"{FONT.name}: {FONT.stat().st_size / 1e6:.1f} MB")

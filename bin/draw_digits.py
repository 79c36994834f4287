#!/usr/bin/env python3
"""Draw static/fonts/atkinson-digits-wght-normal.woff2, the face of digits with an open zero.

Atkinson Hyperlegible Next has only a slashed zero, without alternate. The slash cuts its counter in two,
but leaves one lower quarter and one upper quarter whole; the two others are their mirrors. So every point
of the open counter is a point of the font or its mirror, at every weight. The ten digits are the tabular
ones of the font (ADR 0061).
"""

from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont
from fontTools.ttLib.tables._g_l_y_f import GlyphCoordinates

FONTS = Path(__file__).resolve().parents[1] / "static/fonts"
FAMILY = FONTS / "atkinson-hyperlegible-next-latin-wght-normal.woff2"
DIGITS = FONTS / "atkinson-digits-wght-normal.woff2"
NAMES = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
SPACES = (0x20, 0xA0, 0x2009, 0x202F)  # Pango keeps the font of the digit before them

OUTLINE = range(16)
BOTTOM, LEFT, RIGHT, TOP = 16, 23, 31, 36
LOWER_LEFT = (24, 25, 26)
UPPER_RIGHT = (32, 33, 34, 35)
PHANTOMS = 4  # the four points of metrics that close each list of deltas

Point = tuple[float, float]


def open_counter(points: list[Point]) -> list[Point]:
    """The outline, then the counter from its bottom by the right, the top and the left; deltas or points."""
    axis = points[BOTTOM][0]

    def mirrored(*indexes: int) -> list[Point]:
        return [(2 * axis - points[index][0], points[index][1]) for index in indexes]

    def kept(*indexes: int) -> list[Point]:
        return [points[index] for index in indexes]

    return [
        *kept(*OUTLINE, BOTTOM),
        *mirrored(*reversed(LOWER_LEFT)),
        *kept(RIGHT, *UPPER_RIGHT, TOP),
        *mirrored(*reversed(UPPER_RIGHT)),
        *kept(LEFT, *LOWER_LEFT),
    ]


def open_zero(font: TTFont) -> None:
    glyph = font["glyf"]["zero"]
    points, flags = list(glyph.coordinates), list(glyph.flags)
    ends = list(glyph.endPtsOfContours)
    if ends != [15, 26, 38] or points[LEFT][0] + points[RIGHT][0] != 2 * points[BOTTOM][0]:
        raise SystemExit("another drawing of the zero: read its points again")
    for variation in font["gvar"].variations["zero"]:
        variation.calcInferredDeltas([*points, *[(0, 0)] * PHANTOMS], ends)
        deltas = variation.coordinates
        variation.coordinates = [*open_counter(deltas[:-PHANTOMS]), *deltas[-PHANTOMS:]]
    glyph.coordinates = GlyphCoordinates(open_counter(points))
    on_curve = {len(OUTLINE), len(OUTLINE) + 4, len(OUTLINE) + 9, len(OUTLINE) + 14}
    counter = [int(index in on_curve) for index in range(len(OUTLINE), len(glyph.coordinates))]
    glyph.flags = bytearray([*[flag & 1 for flag in flags[: len(OUTLINE)]], *counter])
    glyph.numberOfContours = 2
    glyph.endPtsOfContours = [len(OUTLINE) - 1, len(glyph.coordinates) - 1]
    glyph.recalcBounds(font["glyf"])


def main() -> None:
    font = TTFont(FAMILY, recalcTimestamp=False)
    open_zero(font)
    for table in font["cmap"].tables:
        table.cmap.update({0x30 + digit: f"{name}.tf" for digit, name in enumerate(NAMES)})
        table.cmap[0x202F] = table.cmap[0x2009]  # the narrow no-break space of French, missing in the family
    options = subset.Options(
        layout_features=[], name_IDs=[0, 1, 2, 13, 14], notdef_outline=False, hinting=False
    )
    options.drop_tables += ["MVAR", "STAT", "GPOS", "GSUB", "GDEF"]
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=[*range(0x30, 0x3A), *SPACES])
    subsetter.subset(font)
    font["name"].setName("Atkinson Digits", 1, 3, 1, 0x409)
    font.flavor = "woff2"
    font.save(DIGITS)


if __name__ == "__main__":
    main()

"""The digits: an open zero of one width in pages, pictures and paper; the slashed zero for references."""

import io
import re
from pathlib import Path

import pikepdf
import pytest
from fontTools.pens.recordingPen import DecomposingRecordingPen
from fontTools.ttLib import TTFont
from fontTools.varLib.instancer import instantiateVariableFont

from cep_portal.documents.services import render_pdf

ROOT = Path(__file__).resolve().parents[2]
FONTS, CSS = ROOT / "static/fonts", ROOT / "static/css"
FACE = FONTS / "atkinson-digits-wght-normal.woff2"
FAMILY = FONTS / "atkinson-hyperlegible-next-latin-wght-normal.woff2"


def contours(font, weight: int) -> int:
    drawn = instantiateVariableFont(font, {"wght": weight})
    pen = DecomposingRecordingPen(drawn.getGlyphSet())
    drawn.getGlyphSet()[drawn.getBestCmap()[ord("0")]].draw(pen)
    return sum(step == "closePath" for step, _ in pen.value)


def test_the_face_holds_the_ten_digits_of_one_width():
    font = TTFont(FACE)
    glyphs = font.getBestCmap()
    drawn = {chr(code) for code, glyph in glyphs.items() if font["glyf"][glyph].numberOfContours}

    assert drawn == set(
        "0123456789"
    )  # and blanks: Pango keeps the font of a digit for the space that follows it
    assert {font["hmtx"][glyphs[ord(digit)]][0] for digit in drawn} == {632}
    assert FACE.stat().st_size <= 6 * 1024
    assert (FONTS / "OFL.txt").read_text().count("SIL Open Font License, Version 1.1") >= 1


@pytest.mark.parametrize("weight", [200, 400, 800])
def test_the_zero_is_open_at_every_weight(weight):
    assert (contours(TTFont(FACE), weight), contours(TTFont(FAMILY), weight)) == (2, 3)


def test_the_face_stands_on_the_lines_of_its_family():
    face, family = TTFont(FACE), TTFont(FAMILY)

    for table, field in (
        ("hhea", "ascent"),
        ("hhea", "descent"),
        ("head", "unitsPerEm"),
        ("OS/2", "sTypoAscender"),
    ):
        assert getattr(face[table], field) == getattr(family[table], field)


@pytest.mark.parametrize("sheet", ["portal.css", "print.css", "print-training.css"])
def test_page_and_paper_name_the_face_before_the_family(sheet):
    """Every stack begins with the digits, but the one of references, whose zero is slashed."""
    text = re.sub(r"@font-face \{.*?\}", "", (CSS / sheet).read_text(), flags=re.DOTALL)

    stacks = re.findall(
        r'([^\n;{]*?)("Atkinson Digits", |var\(--font-reference\)|)"Atkinson Hyperlegible Next"', text
    )
    bare = [before.strip() for before, digits, *_ in stacks if not digits]

    assert bare == {"portal.css": ["--font-reference:"], "print.css": ["font-family:"]}.get(sheet, [])


def test_pictures_name_the_face_before_the_family():
    for drawing in (ROOT / "templates/components/charts").glob("*.svg"):
        named = set(re.findall(r'font-family="(.*?)"', drawing.read_text()))
        assert named <= {"Atkinson Digits, Atkinson Hyperlegible Next, sans-serif"}


def fonts_of(pdf: bytes) -> set[str]:
    with pikepdf.open(io.BytesIO(pdf)) as document:
        fonts = document.pages[0].Resources.Font.values()
        return {str(font.BaseFont).split("+")[-1] for font in fonts}


def test_paper_holds_the_face(settings, tmp_path):
    engine = settings.TEMPLATES[0]
    settings.TEMPLATES = [{**engine, "DIRS": [*engine["DIRS"], tmp_path]}]
    (tmp_path / "letter.html").write_text(
        '{% extends "documents/pdf/base.html" %}{% block title %}Lettre{% endblock %}'
        '{% block content %}<p>Le 10 mars</p><p class="reference">A0</p>{% endblock %}'
    )

    named = fonts_of(render_pdf(template="letter.html", context={}))

    assert any("Digits" in name for name in named), named
    assert all("Atkinson" in name for name in named), named

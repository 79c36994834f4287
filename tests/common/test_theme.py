"""The style sheet keeps its promises: contrasts, weight, no outside address."""

import gzip
import re
from pathlib import Path

import pytest

from cep_portal.common.charts import palette

STATIC = Path(__file__).resolve().parents[2] / "static"
CSS = (STATIC / "css" / "portal.css").read_text()
TEXT, SHAPE = 4.5, 3.0
TONES = ("info", "success", "warning", "error")
PAIRS = [
    *(
        (ink, ground, TEXT)
        for ink in ("ink", "ink-soft", "brand", "error")
        for ground in ("ground", "surface")
    ),
    *((ink, "sunken", TEXT) for ink in ("ink", "ink-soft", "brand")),
    *((tone, f"{tone}-tint", TEXT) for tone in TONES),
    *((ink, f"{tone}-tint", TEXT) for tone in TONES for ink in ("ink", "brand")),
    ("on-brand", "brand", TEXT),
    ("on-brand", "brand-strong", TEXT),
    ("brand-strong", "brand-tint", TEXT),
    ("ink-soft", "brand-tint", TEXT),
    ("on-deep", "deep", TEXT),
    ("on-deep-soft", "deep", TEXT),
    ("accent", "deep", TEXT),
    ("on-accent", "accent", TEXT),
    *(("edge", ground, SHAPE) for ground in ("ground", "surface", "sunken")),
    ("ink", "brand-tint", SHAPE),
]


def _tokens(block):
    return dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", block))


def _palettes():
    light, dark = re.findall(r":root \{(.*?)\}", CSS, re.DOTALL)[:2]
    return {"light": _tokens(light), "dark": _tokens(light) | _tokens(dark)}


def _luminance(colour):
    channels = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_contrast_of_black_on_white_is_21():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_colours_of_a_scheme_contrast_enough(scheme):
    palette = _palettes()[scheme]

    too_close = [
        f"{front} on {back}: {contrast(palette[front], palette[back]):.2f}"
        for front, back, least in PAIRS
        if contrast(palette[front], palette[back]) < least
    ]

    assert too_close == []


def test_every_colour_of_the_light_scheme_is_thought_again_for_the_dark_one():
    light, dark = re.findall(r":root \{(.*?)\}", CSS, re.DOTALL)[:2]

    assert set(_tokens(light)) == set(_tokens(dark))


@pytest.mark.parametrize("shown", [lambda colour: colour, palette.DARK.get], ids=["light", "dark"])
def test_colours_of_charts_are_readable_on_their_panel(shown):
    panel = shown(palette.PANEL)
    lines = (*palette.SERIES_COLOURS, palette.TARGET, palette.SOFT, palette.INK)
    faint = [colour for colour in lines if contrast(shown(colour), panel) < TEXT]
    inks = [palette.INK] * palette.LIGHT_CLASSES + [palette.ON_DARK] * 2
    unreadable = [
        c for c, ink in zip(palette.CLASSES, inks, strict=True) if contrast(shown(c), shown(ink)) < TEXT
    ]

    assert (faint, unreadable) == ([], [])


def test_the_dark_page_replaces_each_colour_of_a_drawing():
    rules = [" ".join(rule.split()) for rule in CSS.splitlines()]

    assert [rule for rule in palette.dark_rules(".chart ").split("\n") if rule not in rules] == []
    assert palette.DARK[palette.PANEL] == _palettes()["dark"]["surface"]


def test_style_sheet_weighs_less_than_30_kilobytes():
    assert len(gzip.compress(CSS.encode(), 9)) < 12_000


def test_style_sheet_and_scripts_of_ours_name_no_other_site():
    named = "http://www.w3.org/2000/svg"  # the name of a language, not an address to call
    own = [CSS, (STATIC / "js" / "portal.js").read_text().replace(named, "")]

    assert [text for text in own if "://" in text] == []


SIZES = ("text-s", "text", "text-l", "h2", "h1")


def test_there_are_five_sizes_of_text():
    """Each size of a page is one of five tokens; paper and the inside of a drawing have their own."""
    paper = CSS.index("@layer print {")
    screen = CSS[:paper] + CSS[CSS.index("\n}\n", paper) :]
    sizes = re.findall(r"([^{}]*)\{[^{}]*?\bfont-size: ([^;}]+?)[;\s}]", screen)
    other = [(rule.strip(), size) for rule, size in sizes if size not in {f"var(--{name})" for name in SIZES}]

    assert [line for line in other if line[1] != "inherit" and "svg" not in line[0]] == []
    assert set(re.findall(r"--(text\S*|h\d): ", CSS)) == set(SIZES)


def test_what_is_not_chosen_has_the_lighter_frame():
    for rule in (".choice {", ".choice-cards a {", ".filters a {"):
        assert "border: 1px solid var(--line)" in CSS[CSS.index(f"  {rule}") :].split("\n", 1)[0]


def test_paper_has_totals_once_no_search_and_the_data_of_charts():
    paper = CSS[CSS.index("@layer print {") :]

    assert "tfoot { display: table-row-group; }" in paper
    assert "tfoot { display: table-row-group; }" in (STATIC / "css" / "print.css").read_text()
    assert re.search(r'\[role="search"\], form\[method="get"\],[^{]*\{ display: none; \}', paper)
    assert ".chart details::details-content { content-visibility: visible; display: block; }" in paper
    assert 'addEventListener("beforeprint", openCharts)' in (STATIC / "js" / "portal.js").read_text()


def test_fonts_named_by_the_style_sheet_are_there():
    named = re.findall(r'url\("\.\./fonts/([^"]+)"\)', CSS)

    assert [name for name in named if not (STATIC / "fonts" / name).is_file()] == []
    assert len(named) == 3

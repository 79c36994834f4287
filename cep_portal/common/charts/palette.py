"""Colours of the drawings: written in light, replaced one by one where the reader asked for dark.

A drawing carries its light colours, which is all that a PDF knows. A page replaces them in
static/css/portal.css, an image that is taken away by the sheet it holds: both are dark_rules().
"""

from django.utils.html import format_html
from django.utils.safestring import SafeString

INK = "#1c2628"
SOFT = "#535f5f"
TARGET = "#a5261d"
PANEL = "#ffffff"
EMPTY = "#faf7f2"
ON_DARK = "#fefefe"
GRID = "#ddd5c8"
AXIS = "#7d7a70"
BORDER = "#3f5553"
SERIES_COLOURS = ("#0b5a58", "#b4471f", "#2a5caa", "#7a3b79", "#63620f", SOFT)
SERIES_DASHES = ("", "8 4", "2 4", "12 4 2 4", "5 3", "1 3")
CLASSES = ("#dfece7", "#aed3cb", "#72b1a9", "#2b7a78", "#0a4645")
LIGHT_CLASSES = 3

DARK = {
    INK: "#f0ece4",
    SOFT: "#b6bdb8",
    TARGET: "#f7a89d",
    PANEL: "#1d2526",
    EMPTY: "#141a1b",
    ON_DARK: "#06211f",
    GRID: "#364142",
    AXIS: "#8d9894",
    BORDER: "#8d9895",
    "#0b5a58": "#79d0c5",
    "#b4471f": "#f2a27d",
    "#2a5caa": "#9fc5f8",
    "#7a3b79": "#dba9da",
    "#63620f": "#d3cf6a",
    "#dfece7": "#1a3133",
    "#aed3cb": "#214647",
    "#72b1a9": "#285c5b",
    "#2b7a78": "#6fc2b9",
    "#0a4645": "#b9ece4",
}


def dark_rules(within: str = "") -> str:
    """One rule a line for each colour and use; `within` is the selector of what holds the drawing."""
    return "\n".join(
        f'{within}[{use}="{light}"] {{ {use}: {dark}; }}'
        for light, dark in DARK.items()
        for use in ("fill", "stroke")
    )


def dark_sheet() -> SafeString:
    """The same rules inside an image, which no page dresses."""
    return format_html("<style>@media (prefers-color-scheme: dark) {{\n{}\n}}</style>", dark_rules())

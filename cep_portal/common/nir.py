"""The social-security number is never asked: a text that looks like one is refused."""

import re

GAP = r"[\s. ‑-]?"
SHAPE = re.compile(
    rf"(?<!\d)[12]{GAP}\d\d{GAP}(?:0[1-9]|1[0-2]|[2-9]\d){GAP}(?:\d\d|2[ABab]){GAP}\d{{3}}{GAP}\d{{3}}"
    rf"(?:{GAP}\d\d)?(?!\d)"
)


def holds_nir(text: str) -> bool:
    """Whether 13 or 15 figures in the shape of a NIR are somewhere in a text, spaced or not."""
    return SHAPE.search(text) is not None

"""A code to scan, drawn here: no picture is asked from anybody."""

from django.utils.html import format_html
from django.utils.safestring import SafeString
from qrcode.constants import ERROR_CORRECT_M
from qrcode.main import QRCode

QUIET = 4  # modules left blank around, as the standard asks


def qr_code(text: str, *, label: str) -> SafeString:
    """An SVG of squares with its text alternative, for a page or a PDF."""
    code = QRCode(error_correction=ERROR_CORRECT_M, border=QUIET)
    code.add_data(text)
    code.make(fit=True)
    rows = code.get_matrix()
    dark = [(x, y) for y, row in enumerate(rows) for x, cell in enumerate(row) if cell]
    return format_html(
        '<svg class="qr" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {0} {0}" role="img"'
        ' aria-label="{1}"><rect width="{0}" height="{0}" fill="#fff"/><path d="{2}" fill="#000"/></svg>',
        len(rows),
        label,
        "".join(f"M{x} {y}h1v1h-1z" for x, y in dark),
    )

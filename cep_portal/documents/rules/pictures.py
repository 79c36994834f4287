"""How large a picture says it is, read in its first bytes: judged before anything decodes a pixel."""

import struct
from collections.abc import Iterator

from PIL import Image

from cep_portal.documents.errors import UploadRefused

PIXELS = 50_000_000  # a page scanned at 600 dpi has 35 million
SIDE = 30_000  # beyond, one line alone is a burden
SCANS = 100  # of a progressive JPEG: each is decoded over the whole picture
Image.MAX_IMAGE_PIXELS = PIXELS  # Pillow warns beyond, and refuses twice that, wherever it opens a picture

PNG, WEBP, GIF = b"\x89PNG\r\n\x1a\n", b"WEBP", (b"GIF87a", b"GIF89a")
FRAMES = frozenset({*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC})  # markers of JPEG that announce a size
ALONE = frozenset({0x01, *range(0xD0, 0xD8)})  # markers without a length
START_OF_SCAN = 0xDA


def require_sane_picture(content: bytes) -> None:
    """Raise UploadRefused for a PNG, JPEG, GIF or WebP whose announced size is absent or too large."""
    width, height = announced_size(content)
    if not width or not height:
        raise UploadRefused("Cette image est abîmée : elle ne dit pas sa taille.")
    if width > SIDE or height > SIDE or width * height > PIXELS:
        raise UploadRefused(
            f"Cette image est trop grande ({width} × {height} points) : réduisez-la."
            " La limite est de 50 millions de points."
        )
    if content.startswith(b"\xff\xd8") and content.count(b"\xff\xda") > SCANS:
        raise UploadRefused("Cette image est faite de trop de passages : enregistrez-la de nouveau en JPG.")


def announced_size(content: bytes) -> tuple[int, int]:
    """Width and height in points, the largest that the file announces; (0, 0) when it announces none."""
    if content.startswith(PNG):
        return struct.unpack(">II", content[16:24]) if content[12:16] == b"IHDR" else (0, 0)
    if content.startswith(GIF):
        return struct.unpack("<HH", content[6:10]) if len(content) >= 10 else (0, 0)
    if content.startswith(b"RIFF") and content[8:12] == WEBP:
        return _webp(content)
    if content.startswith(b"\xff\xd8"):
        return max(_jpeg(content), key=lambda size: size[0] * size[1], default=(0, 0))
    return (0, 0)


def _webp(content: bytes) -> tuple[int, int]:
    if len(content) < 30:
        return (0, 0)
    kind = content[12:16]
    if kind == b"VP8X":
        return (
            1 + int.from_bytes(content[24:27], "little"),
            1 + int.from_bytes(content[27:30], "little"),
        )
    if kind == b"VP8L":
        bits = int.from_bytes(content[21:25], "little")
        return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    width, height = struct.unpack("<HH", content[26:30])
    return width & 0x3FFF, height & 0x3FFF


def _jpeg(content: bytes) -> Iterator[tuple[int, int]]:
    """The size of each frame announced before the first pixels."""
    place = 2
    while place + 4 <= len(content) and content[place] == 0xFF:
        marker = content[place + 1]
        if marker == START_OF_SCAN:
            return
        if marker == 0xFF or marker in ALONE:  # filling
            place += 1 if marker == 0xFF else 2
            continue
        if marker in FRAMES and place + 9 <= len(content):
            height, width = struct.unpack(">HH", content[place + 5 : place + 9])
            yield width, height
        place += 2 + int.from_bytes(content[place + 2 : place + 4], "big")

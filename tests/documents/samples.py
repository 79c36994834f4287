"""Files as people have them, and as they should not."""

import io
import struct
import zipfile
import zlib

from PIL import Image

ODT = "application/vnd.oasis.opendocument.text"


def picture(kind="JPEG", *, size=(40, 20), mode="RGB", exif=None) -> bytes:
    buffer = io.BytesIO()
    details = {"exif": exif} if exif else {}
    Image.new(mode, size, "red").save(buffer, kind, **details)
    return buffer.getvalue()


def located_picture() -> bytes:
    """A photograph turned by a quarter, that says where it was taken and by which telephone."""
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010F] = "Telephone-Canari"
    exif.get_ifd(0x8825)[1] = "N"
    return picture(exif=exif)


def archive(names, *, mimetype="", content=b"<x/>") -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as opened:
        if mimetype:
            opened.writestr("mimetype", mimetype, zipfile.ZIP_STORED)
        for name in names:
            opened.writestr(name, content)
    return buffer.getvalue()


def docx(*more, content=b"<x/>") -> bytes:
    return archive(["[Content_Types].xml", "_rels/.rels", "word/document.xml", *more], content=content)


def odt(*more) -> bytes:
    return archive(["content.xml", "META-INF/manifest.xml", *more], mimetype=ODT)


def pdf(extra=b"", *, stream=b"", filters=b"/FlateDecode") -> bytes:
    body = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\n" + extra
    if stream:
        packed = zlib.compress(stream, 9)
        head = b"<< /Length %d /Filter %s >>" % (len(packed), filters)
        body += b"2 0 obj\n" + head + b"\nstream\n" + packed + b"\nendstream\nendobj\n"
    return body + b"%%EOF\n"


def _png_chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


# Some hundred bytes that announce 3.6 and 3 thousand million points.
PNG_ANNOUNCING = (
    b"\x89PNG\r\n\x1a\n"
    + _png_chunk(b"IHDR", struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0))
    + _png_chunk(b"IDAT", zlib.compress(b"\0" * 1000))
    + _png_chunk(b"IEND", b"")
)
JPEG_ANNOUNCING = picture().replace(
    b"\x08" + struct.pack(">HH", 20, 40) + b"\x03", b"\x08" + struct.pack(">HH", 50_000, 60_000) + b"\x03"
)

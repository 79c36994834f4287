"""What people may send: by content and by name, of a sane size once opened, pictures drawn again."""

import contextlib
import io
import struct
import time
import zlib

import pytest
from PIL import Image

from cep_portal.documents.errors import UploadRefused
from cep_portal.documents.rules.bombs import ACTIVE, LOCKED, MIB, TOO_BIG_INSIDE
from cep_portal.documents.rules.pictures import announced_size, require_sane_picture
from cep_portal.documents.rules.uploads import inspect_upload, safe_name
from tests.documents import samples


@pytest.mark.parametrize(
    ("name", "content", "media_type"),
    [
        ("CV.PDF", samples.pdf(stream=b"texte " * 100), "application/pdf"),
        ("photo.jpg", samples.picture(), "image/jpeg"),
        ("photo.jpeg", samples.picture(), "image/jpeg"),
        ("scan.png", samples.picture("PNG", mode="RGBA"), "image/png"),
        ("lettre.docx", samples.docx(), None),
        ("lettre.odt", samples.odt(), samples.ODT),
    ],
)
def test_allowed_file_is_taken(name, content, media_type):
    upload = inspect_upload(name=name, content=content)

    assert media_type in (None, upload.media_type)
    assert upload.name == f"{name.rsplit('.', 1)[0]}.{name.rsplit('.', 1)[1].lower()}"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("page.html", b"<html><script>"),
        ("programme.exe", b"MZ" + b"\0" * 200),
        ("cv.pdf.exe", samples.pdf()),
        ("cv", samples.pdf()),
        ("dessin.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
        ("cv.pdf", b"<html><script>alert(1)</script>"),
        ("cv.pdf", b"MZ" + samples.pdf()),
        ("photo.jpg", samples.picture("PNG")),
        ("photo.png", samples.pdf()),
        ("photo.jpg", samples.picture()[:60]),
        ("lettre.docx", samples.odt()),
        ("lettre.odt", samples.docx()),
        ("lettre.docx", samples.archive(["a.txt"])),
        ("lettre.docx", samples.docx()[:-30]),
        ("cv.pdf", b""),
    ],
)
def test_other_kinds_and_disguises_are_refused(name, content):
    with pytest.raises(UploadRefused):
        inspect_upload(name=name, content=content)


def test_too_big_a_file_is_refused_with_the_limit(settings):
    settings.PORTAL_UPLOAD_MAX_BYTES = MIB

    with pytest.raises(UploadRefused, match="dépasse 1 Mo"):
        inspect_upload(name="cv.pdf", content=samples.pdf() + b" " * MIB)


def test_picture_is_drawn_again_upright_and_says_nothing_else():
    upload = inspect_upload(name="photo.jpg", content=samples.located_picture())

    with Image.open(io.BytesIO(upload.content)) as drawn:
        assert dict(drawn.getexif()) == {}
        assert drawn.size == (20, 40)
    assert b"Telephone-Canari" not in upload.content


def test_what_hides_behind_a_picture_does_not_follow():
    upload = inspect_upload(name="photo.png", content=samples.picture("PNG") + b"<script>canari</script>")

    assert b"canari" not in upload.content


def test_picture_bomb_is_refused():
    with pytest.raises(UploadRefused, match="trop grande"):
        inspect_upload(name="photo.png", content=samples.picture("PNG", size=(9000, 9000), mode="1"))


@pytest.mark.parametrize(
    ("content", "size"),
    [
        (samples.PNG_ANNOUNCING[:33], (60_000, 60_000)),
        (samples.JPEG_ANNOUNCING, (60_000, 50_000)),
        (b"GIF89a" + struct.pack("<HH", 40_000, 30_001), (40_000, 30_001)),
        (b"RIFF\0\0\0\0WEBPVP8X" + b"\0" * 8 + b"\xff\xff\0\xff\xff\0", (65_536, 65_536)),
        (b"RIFF\0\0\0\0WEBPVP8L\0\0\0\0\x2f\xff\xff\xff\x0f" + b"\0" * 5, (16_384, 16_384)),
    ],
)
def test_picture_is_judged_by_what_its_first_bytes_announce(content, size):
    """Nothing follows them: there is no pixel to decode."""
    assert announced_size(content) == size
    with pytest.raises(UploadRefused) as refusal:
        require_sane_picture(content)
    assert str(refusal.value).startswith(f"Cette image est trop grande ({size[0]} × {size[1]} points)")


@pytest.mark.parametrize(
    ("name", "content"), [("bombe.png", samples.PNG_ANNOUNCING), ("bombe.jpg", samples.JPEG_ANNOUNCING)]
)
def test_picture_that_announces_too_much_is_refused_at_the_door(name, content):
    with pytest.raises(UploadRefused, match="trop grande"):
        inspect_upload(name=name, content=content)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "WEBP"])
def test_announced_size_is_the_size_that_pillow_finds(kind):
    assert announced_size(samples.picture(kind, size=(321, 123))) == (321, 123)


def test_picture_without_a_size_is_refused():
    with pytest.raises(UploadRefused, match="ne dit pas sa taille"):
        require_sane_picture(samples.picture()[:20])


def test_pillow_refuses_what_it_would_open_elsewhere():
    with pytest.raises(Image.DecompressionBombError), Image.open(io.BytesIO(samples.PNG_ANNOUNCING)):
        pass


def test_zip_bomb_is_refused():
    with pytest.raises(UploadRefused) as refusal:
        inspect_upload(name="lettre.docx", content=samples.docx(content=b"\0" * (40 * MIB)))

    assert str(refusal.value) == TOO_BIG_INSIDE


def test_zip_that_lies_on_its_size_is_refused():
    content = samples.docx(content=b"\0" * (40 * MIB))
    lying = content.replace((40 * MIB).to_bytes(4, "little"), (10).to_bytes(4, "little"))
    assert lying != content

    with pytest.raises(UploadRefused):
        inspect_upload(name="lettre.docx", content=lying)


@pytest.mark.parametrize("part", ["word/vbaProject.bin", "word/embeddings/a.exe", "a.zip"])
def test_office_file_with_a_program_or_an_archive_is_refused(part):
    with pytest.raises(UploadRefused) as refusal:
        inspect_upload(name="lettre.docx", content=samples.docx(part))

    assert str(refusal.value) == ACTIVE


@pytest.mark.parametrize(
    ("extra", "reason"),
    [
        (b"3 0 obj << /S /JavaScript /JS (app.alert) >> endobj\n", ACTIVE),
        (b"3 0 obj << /S /J#61vaScript >> endobj\n", ACTIVE),
        (b"3 0 obj << /S /Launch >> endobj\n", ACTIVE),
        (b"3 0 obj << /Names << /EmbeddedFiles 4 0 R >> >> endobj\n", ACTIVE),
        (b"trailer << /Encrypt 5 0 R >>\n", LOCKED),
    ],
)
def test_active_or_locked_pdf_is_refused(extra, reason):
    with pytest.raises(UploadRefused) as refusal:
        inspect_upload(name="cv.pdf", content=samples.pdf(extra))

    assert str(refusal.value) == reason


def test_pdf_that_hides_an_action_in_packed_objects_is_refused():
    packed = zlib.compress(b"1 0 << /S /JavaScript >>")
    head = b"<< /Type /ObjStm /Length %d /Filter /FlateDecode >>" % len(packed)
    extra = b"9 0 obj\n" + head + b"\nstream\n" + packed + b"\nendstream\nendobj\n"

    with pytest.raises(UploadRefused) as refusal:
        inspect_upload(name="cv.pdf", content=samples.pdf(extra))

    assert str(refusal.value) == ACTIVE


@pytest.mark.parametrize(
    "content",
    [
        samples.pdf(stream=b"\0" * (65 * MIB)),
        samples.pdf(stream=zlib.compress(b"\0" * MIB), filters=b"[/FlateDecode /FlateDecode]"),
    ],
)
def test_pdf_bomb_is_refused(content):
    with pytest.raises(UploadRefused) as refusal:
        inspect_upload(name="cv.pdf", content=content)

    assert str(refusal.value) == TOO_BIG_INSIDE


def test_pdf_stream_that_breaks_after_unfolding_is_still_counted():
    packed = zlib.compress(b"\0" * (65 * MIB), 9)[:-4] + b"bad!"
    head = b"<< /Length %d /Filter /FlateDecode >>" % len(packed)

    with pytest.raises(UploadRefused):
        inspect_upload(
            name="cv.pdf",
            content=samples.pdf(b"9 0 obj\n" + head + b"\nstream\n" + packed + b"\nendstream\n"),
        )


@pytest.mark.parametrize("part", [b"<<" * 500_000, b"/FlateDecode stream\n" * 50_000, b"stream\n" * 100_000])
def test_pdf_made_to_tire_its_reader_is_settled_soon(part):
    began = time.process_time()

    with contextlib.suppress(UploadRefused):
        inspect_upload(name="cv.pdf", content=samples.pdf(part))

    assert time.process_time() - began < 3


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("C:\\Users\\moi\\CV.PDF", "CV.pdf"),
        ("cv\u202efdp.exe.pdf", "cvfdp.exe.pdf"),
        ("a\r\nSet-Cookie: x.pdf", "aSet-Cookie: x.pdf"),
        ("", "fichier"),
        ("x" * 300 + ".pdf", "x" * 96 + ".pdf"),
    ],
)
def test_name_is_kept_without_its_traps(typed, kept):
    assert safe_name(typed) == kept

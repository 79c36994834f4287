"""What people send: known by its content, never by its name alone; pictures are drawn again."""

import io
import unicodedata
from dataclasses import dataclass
from pathlib import PurePath

import puremagic
from django.conf import settings
from PIL import Image, ImageOps

from cep_portal.documents.errors import UploadRefused
from cep_portal.documents.rules.bombs import MIB, check_pdf, open_office_file
from cep_portal.documents.rules.pictures import require_sane_picture

NAME_LENGTH = 100
KINDS = "PDF, JPG, PNG, DOCX ou ODT"
ODT = "application/vnd.oasis.opendocument.text"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
# Extension as people write it: what the content must look like, and the type it is served as.
ALLOWED = {
    ".pdf": ({".pdf"}, "application/pdf"),
    ".jpg": ({".jpg", ".jpeg"}, "image/jpeg"),
    ".jpeg": ({".jpg", ".jpeg"}, "image/jpeg"),
    ".png": ({".png"}, "image/png"),
    ".docx": ({".docx", ".zip"}, DOCX),
    ".odt": ({".odt", ".docx", ".zip"}, ODT),  # an archive too: what it holds decides below
}
ACCEPT = ",".join(ALLOWED)


@dataclass(frozen=True)
class Upload:
    """A file that may be kept: still to be scanned."""

    name: str
    media_type: str
    content: bytes


def inspect_upload(*, name: str, content: bytes) -> Upload:
    """A file of an allowed kind, by extension and by content alike, of a sane size once opened.

    Pictures are drawn again, so nothing of the place or the telephone stays in them. Raises UploadRefused.
    """
    require_sane_weight(content)
    extension = PurePath(name).suffix.lower()
    if extension not in ALLOWED:
        raise UploadRefused(f"Ce genre de fichier n’est pas accepté : {KINDS}.")
    looks, media_type = ALLOWED[extension]
    if not looks & _looks_like(content):
        raise UploadRefused(f"Le contenu de ce fichier n’est pas celui d’un {extension[1:].upper()}.")
    return Upload(safe_name(name), media_type, _checked(content, media_type))


def require_sane_weight(content: bytes) -> None:
    """Raise UploadRefused for nothing at all, or for more than PORTAL_UPLOAD_MAX_BYTES."""
    if not content:
        raise UploadRefused("Ce fichier est vide.")
    if len(content) > settings.PORTAL_UPLOAD_MAX_BYTES:
        raise UploadRefused(f"Ce fichier dépasse {settings.PORTAL_UPLOAD_MAX_BYTES // MIB} Mo.")


def _looks_like(content: bytes) -> set[str]:
    try:
        return {one.extension for one in puremagic.magic_string(content)}
    except (puremagic.PureError, ValueError):
        return set()


def _checked(content: bytes, media_type: str) -> bytes:
    match media_type:
        case "application/pdf":
            if not content.startswith(b"%PDF-"):
                raise UploadRefused("Le contenu de ce fichier n’est pas celui d’un PDF.")
            check_pdf(content)
        case "image/jpeg" | "image/png":
            return _drawn_again(content, "JPEG" if media_type == "image/jpeg" else "PNG")
        case _:
            _check_office(content, media_type)
    return content


def _check_office(content: bytes, media_type: str) -> None:
    with open_office_file(content) as archive:
        names = set(archive.namelist())
        if media_type == DOCX:
            is_text = {"[Content_Types].xml", "word/document.xml"} <= names
        else:
            is_text = {"mimetype", "content.xml"} <= names and archive.read(
                "mimetype"
            ).strip() == ODT.encode()
    if not is_text:
        raise UploadRefused("Ce fichier n’est pas un document de traitement de texte.")


def _drawn_again(content: bytes, kind: str) -> bytes:
    require_sane_picture(content)
    try:
        with Image.open(io.BytesIO(content), formats=[kind]) as picture:
            upright = ImageOps.exif_transpose(picture)
            plain = upright.convert(_mode(upright, kind))
    except (OSError, ValueError, SyntaxError, Warning, Image.DecompressionBombError):
        raise UploadRefused("Cette image est abîmée : elle ne s’ouvre pas.") from None
    drawn = Image.new(plain.mode, plain.size)
    drawn.paste(plain)  # a new picture: no comment, no place, no profile follows
    buffer = io.BytesIO()
    drawn.save(buffer, kind, quality=88)
    return buffer.getvalue()


def _mode(picture: Image.Image, kind: str) -> str:
    if picture.mode in ("L", "1"):
        return "L"
    transparent = kind == "PNG" and picture.has_transparency_data
    return "RGBA" if transparent else "RGB"


def safe_name(name: str) -> str:
    """The name as it was typed, without folders, control characters nor what turns text around."""
    last = unicodedata.normalize("NFC", name.replace("\\", "/").rsplit("/", 1)[-1])
    kept = "".join(one for one in last if unicodedata.category(one)[0] != "C").strip(" .") or "fichier"
    stem, extension = PurePath(kept).stem, PurePath(kept).suffix
    return f"{stem[: NAME_LENGTH - len(extension)]}{extension.lower()}"

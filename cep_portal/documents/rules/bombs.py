"""Small files that become huge, and active parts, in what people send: seen before anything opens them."""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator

from cep_portal.documents.errors import UploadRefused

MIB = 1024 * 1024
ZIP_ENTRIES, ZIP_BYTES, ZIP_RATIO = 2000, 100 * MIB, 200
RATIO_FROM = 10 * MIB  # below it, a good ratio is only good compression
STREAM_BYTES, PDF_BYTES = 64 * MIB, 256 * MIB
TOO_BIG_INSIDE = "Ce fichier devient démesuré une fois ouvert : il est refusé."
ACTIVE = "Ce fichier contient un programme ou un autre fichier : enregistrez-le en PDF simple."
LOCKED = "Ce fichier est protégé par un mot de passe : retirez la protection avant de l’envoyer."

STREAMS, LOOK_BACK, PIECE = 20_000, 2048, 64 * 1024
STREAM = re.compile(rb"stream\r?\n")
FLATE = re.compile(rb"/(?:FlateDecode|Fl)\b")
# Long names only: a short one like /JS appears by chance in the packed bytes of one big file in two.
ACTIVE_PDF = re.compile(rb"/(?:JavaScript|Launch|EmbeddedFiles?|RichMedia)\b")
HEX_NAME = re.compile(rb"#([0-9A-Fa-f]{2})")
NESTED = (".zip", ".jar", ".exe", ".js", ".vbs", ".bat", ".cmd", ".scr", ".dll", ".hta", ".ps1")


def open_office_file(content: bytes) -> zipfile.ZipFile:
    """The archive of an office file, once known to be of a sane size. Raises UploadRefused."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        raise UploadRefused("Ce fichier est abîmé : il ne s’ouvre pas.") from None
    entries = archive.infolist()
    if any(zip_info.flag_bits & 1 for zip_info in entries):
        raise UploadRefused(LOCKED)
    if len(entries) > ZIP_ENTRIES:
        raise UploadRefused(TOO_BIG_INSIDE)
    _check_real_sizes(archive, entries, len(content))
    for name in (zip_info.filename.lower() for zip_info in entries):
        if name.endswith(NESTED) or "vbaproject" in name or name.startswith("basic/"):
            raise UploadRefused(ACTIVE)
    return archive


def _check_real_sizes(archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo], packed: int) -> None:
    """Counts what comes out: the sizes written in the archive may lie."""
    total = 0
    for zip_info in entries:
        try:
            with archive.open(zip_info) as part:
                while read := len(part.read(MIB)):
                    total += read
                    if total > ZIP_BYTES or (total > RATIO_FROM and total > packed * ZIP_RATIO):
                        raise UploadRefused(TOO_BIG_INSIDE)
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError):
            raise UploadRefused("Ce fichier est abîmé : il ne s’ouvre pas.") from None


def check_pdf(content: bytes) -> None:
    """Refuse a PDF that is locked, active, or that unfolds without end. Raises UploadRefused.

    Each step is bounded: a file made to tire the reader is refused like one made to fill the disk.
    """
    _check_passive(content)
    total = 0
    for number, match in enumerate(STREAM.finditer(content)):
        if number == STREAMS:
            raise UploadRefused(TOO_BIG_INSIDE)
        about = content[max(0, match.start() - LOOK_BACK) : match.start()].rpartition(b"obj")[2]
        filters = len(FLATE.findall(about))
        if filters > 1:
            raise UploadRefused(TOO_BIG_INSIDE)  # a stream packed twice has no honest use
        if filters:
            total += _check_stream(content, match.end(), is_objects=b"/ObjStm" in about)
            if total > PDF_BYTES:
                raise UploadRefused(TOO_BIG_INSIDE)


def _check_stream(content: bytes, start: int, *, is_objects: bool) -> int:
    """How many bytes a packed stream gives, counted as they come out, be it broken further on."""
    given, kept = 0, []
    for part in _unfolded(content, start):
        given += len(part)
        if given > STREAM_BYTES:
            raise UploadRefused(TOO_BIG_INSIDE)
        if is_objects:
            kept.append(part)
    _check_passive(b"".join(kept))
    return given


def _unfolded(content: bytes, start: int) -> Iterator[bytes]:
    packer, view = zlib.decompressobj(), memoryview(content)
    try:
        for place in range(start, len(content), PIECE):
            data: bytes | memoryview = view[place : place + PIECE]
            while data and not packer.eof:
                yield packer.decompress(data, MIB)
                data = packer.unconsumed_tail
            if packer.eof:
                return
    except zlib.error:
        return


def _check_passive(content: bytes) -> None:
    names = HEX_NAME.sub(lambda match: bytes([int(match.group(1), 16)]), content)
    if re.search(rb"/Encrypt\b", names):
        raise UploadRefused(LOCKED)
    if ACTIVE_PDF.search(names):
        raise UploadRefused(ACTIVE)

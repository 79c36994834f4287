"""The bytes of a delivery, kept until they are read; those of a check, until they are sent or a day later."""

import hashlib
from collections.abc import Iterable, Iterator
from pathlib import Path

from django.conf import settings

from operators.exchange.deliveries.errors import FileRefused, FileTooBig
from operators.exchange.deliveries.models import DataDelivery

PIECE = 1 << 16


def path_of(delivery: DataDelivery) -> Path:
    return Path(settings.PORTAL_DATA_DIR) / "deliveries" / delivery.uuid.hex


def store(delivery: DataDelivery, pieces: Iterable[bytes]) -> None:
    """Write the bytes piece by piece; sets size and digest. Raises FileTooBig, and keeps nothing then."""
    digest, size, path = hashlib.sha256(), 0, path_of(delivery)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        for piece in pieces:
            size += len(piece)
            if size > settings.PORTAL_DELIVERY_BYTES:
                break
            digest.update(piece)
            file.write(piece)
    if size > settings.PORTAL_DELIVERY_BYTES:
        destroy(delivery)
        raise FileTooBig(
            f"Ce fichier dépasse {settings.PORTAL_DELIVERY_BYTES // 1_000_000} Mo : envoyez-le en deux fois."
        )
    delivery.size_bytes, delivery.sha256 = size, digest.hexdigest()


def is_kept(delivery: DataDelivery) -> bool:
    return path_of(delivery).exists()


def pieces_of(delivery: DataDelivery) -> Iterator[bytes]:
    """The bytes as they came. Raises FileRefused when they are no longer kept."""
    try:
        with path_of(delivery).open("rb") as file:
            while piece := file.read(PIECE):
                yield piece
    except FileNotFoundError as gone:
        raise FileRefused("Ce fichier n’est plus gardé : choisissez-le de nouveau.") from gone


def destroy(delivery: DataDelivery) -> None:
    """Safe to run twice."""
    path_of(delivery).unlink(missing_ok=True)

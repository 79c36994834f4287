import uuid

import pgtrigger
from django.db import models
from django.db.models import Q

from cep_portal.common.days import PARIS


class StoredDocument(models.Model):
    """A file as it was issued: bytes on disk under a random name, hash and check code here. Never changed."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField("nature", max_length=60, db_index=True)
    title = models.CharField("titre", max_length=200)
    version = models.PositiveSmallIntegerField("version", default=1)
    file_name = models.CharField("nom de fichier", max_length=120)
    media_type = models.CharField("type", max_length=80)
    path = models.CharField("emplacement", max_length=200, unique=True)
    size_bytes = models.PositiveIntegerField("taille en octets")
    sha256 = models.CharField("empreinte SHA-256", max_length=64)
    check_code = models.CharField("code de vérification", max_length=24, unique=True)
    issued_at = models.DateTimeField("émis le")
    zone = models.CharField("fuseau des heures imprimées", max_length=40, default=PARIS, db_default=PARIS)

    class Meta:
        verbose_name = "document"
        constraints = [
            models.CheckConstraint(
                name="document_sha256_hexadecimal",
                condition=Q(sha256__regex=r"^[0-9a-f]{64}$"),
                violation_error_message="L’empreinte compte 64 chiffres hexadécimaux.",
            ),
        ]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.title} ({self.check_code})"

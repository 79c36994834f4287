import uuid

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q

from beneficiaries.request.models import Beneficiary, untouched
from operators.casework.desk.enums import FileReasonKind


class FileReason(models.Model):
    """Why somebody who does not follow a person opened the file, asked once a day. Written by
    desk.services alone, shown to the person; `text` is for « autre raison », and goes with the identity.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    beneficiary = models.ForeignKey(Beneficiary, models.PROTECT, related_name="file_reasons")
    given_on = models.DateField("donné le")
    given_at = models.DateTimeField("donné à")
    kind = models.CharField("motif", max_length=20, choices=FileReasonKind)
    text = models.CharField("précision", max_length=200, blank=True)

    class Meta:
        verbose_name = "motif d’ouverture"
        verbose_name_plural = "motifs d’ouverture"
        constraints = [
            models.UniqueConstraint(
                fields=["beneficiary", "user", "given_on"],
                name="file_reason_once_a_day",
                violation_error_message="Le motif est déjà donné pour ce jour.",
            ),
            models.CheckConstraint(
                name="file_reason_other_says_which",
                condition=Q(kind=FileReasonKind.OTHER, text__gt="")
                | (~Q(kind=FileReasonKind.OTHER) & Q(text="")),
                violation_error_message="« Autre raison » dit laquelle.",
            ),
        ]
        triggers = [
            *untouched(texts=["text"]),
            pgtrigger.ReadOnly(
                name="reason_stays", fields=["user", "beneficiary", "given_on", "given_at", "kind"]
            ),
        ]

    def __str__(self) -> str:
        return f"Motif {self.uuid}"

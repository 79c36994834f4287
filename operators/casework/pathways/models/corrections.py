import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q

from beneficiaries.request.models import untouched
from operators.casework.pathways.enums import CorrectionChannel, CorrectionReason
from operators.casework.pathways.models.pathways import of_pathway
from operators.casework.pathways.models.sessions import CounsellingSession


class SessionCorrection(models.Model):
    """What a logged session said before it was corrected, and why: a change is never silent.

    Written by operators.casework.pathways.services; a file of facts says why when its operator does. Undone
    within ten minutes, it stays with its hour. It goes with a session that its operator withdraws, whose
    former fact is then kept by the delivery.
    """

    session = models.ForeignKey(CounsellingSession, models.PROTECT, related_name="corrections")
    former = models.JSONField("avant")
    reason = models.CharField("motif", max_length=12, choices=CorrectionReason, blank=True)
    corrected_at = models.DateTimeField("corrigée le")
    corrected_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    channel = models.CharField("voie", max_length=5, choices=CorrectionChannel)
    undone_at = models.DateTimeField("annulée le", null=True, blank=True)

    class Meta:
        verbose_name = "correction d’une séance"
        constraints = [
            models.CheckConstraint(
                name="session_correction_says_why",
                condition=Q(reason__gt="") | Q(channel="FILE"),
                violation_error_message="Une correction dit pourquoi.",
            ),
            models.CheckConstraint(
                name="session_correction_undone_after",
                condition=Q(undone_at__isnull=True) | Q(undone_at__gte=models.F("corrected_at")),
                violation_error_message="On n’annule qu’une correction faite.",
            ),
        ]
        triggers = [
            *untouched(of_pathway(("operators_counsellingsession", "pathway_id"), start="NEW.session_id")),
            pgtrigger.ReadOnly(
                name="facts_fixed",
                fields=["session", "former", "reason", "corrected_at", "corrected_by", "channel"],
            ),
        ]

    def __str__(self) -> str:
        return f"Avant le {self.corrected_at:%Y-%m-%d}, séance {self.session_id}"

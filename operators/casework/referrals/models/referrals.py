import uuid
from typing import Self

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q

from beneficiaries.request.models import untouched
from cep_portal.accounts.enums import Role
from cep_portal.accounts.models import User
from operators.casework.pathways.models import Pathway, of_pathway
from operators.casework.referrals.enums import (
    REFERRAL_TRANSITIONS,
    AnsweredBy,
    ReferralReason,
    ReferralState,
    Way,
)
from operators.casework.referrals.models.doors import ReferralDoor


class ReferralQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> Self:
        """As the pathway: advisers of its organisation, and the person; a frozen file is hidden."""
        if user.role == Role.ADVISER:
            return self.filter(
                pathway__contract__holder=user.organisation_id,
                pathway__beneficiary__restricted_at__isnull=True,
                pathway__beneficiary__erased_at__isnull=True,
            )
        if user.role == Role.BENEFICIARY:
            return self.filter(pathway__beneficiary__user=user)
        return self.none()


class Referral(models.Model):
    """A person sent to another service with what they agreed to transmit, and what the service answered.

    `transmitted` is the text shown to the person, word for word. State moves only through
    referrals.services; the triggers refuse to rewrite what was agreed, except to blank it at erasure.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    pathway = models.ForeignKey(Pathway, models.PROTECT, related_name="referrals")
    door = models.ForeignKey(ReferralDoor, models.PROTECT, related_name="referrals")
    reason = models.CharField("motif", max_length=20, choices=ReferralReason)
    note = models.CharField("précision", max_length=300, blank=True)
    transmitted = models.TextField("ce qui est transmis", blank=True)
    consent_wording = models.CharField("accord", max_length=400)
    consented_at = models.DateTimeField("accord donné le")
    way = models.CharField("voie", max_length=10, choices=Way)
    sent_at = models.DateTimeField("envoyée le")
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    state = models.CharField("état", max_length=10, choices=ReferralState, default=ReferralState.PENDING)
    answered_at = models.DateTimeField("réponse du", null=True, blank=True)
    answered_how = models.CharField("réponse donnée par", max_length=10, choices=AnsweredBy, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    answer_note = models.CharField("précision de la réponse", max_length=300, blank=True)
    done_at = models.DateTimeField("personne reçue, su le", null=True, blank=True)
    withdrawn_at = models.DateTimeField("accord retiré le", null=True, blank=True)

    objects = ReferralQuerySet.as_manager()

    class Meta:
        verbose_name = "orientation"
        indexes = [
            models.Index("pathway", "sent_at", name="referral_of_pathway"),
            models.Index("sent_at", name="referral_pending", condition=Q(state=ReferralState.PENDING)),
        ]
        constraints = [
            models.CheckConstraint(
                name="referral_sent_with_consent",
                condition=Q(consent_wording__gt="", consented_at__lte=F("sent_at")),
                violation_error_message="Rien n’est transmis sans l’accord de la personne.",
            ),
            models.UniqueConstraint(
                fields=["pathway", "door"],
                condition=Q(state__in=ReferralState.open),
                name="referral_one_open",
                violation_error_message="Une orientation vers cette porte est déjà en cours.",
            ),
            models.CheckConstraint(
                name="referral_state_complete",
                condition=Q(
                    state=ReferralState.PENDING,
                    answered_at__isnull=True,
                    done_at__isnull=True,
                    withdrawn_at__isnull=True,
                )
                | Q(
                    state__in=(ReferralState.ACCEPTED, ReferralState.REFUSED),
                    answered_at__isnull=False,
                    done_at__isnull=True,
                    withdrawn_at__isnull=True,
                )
                | Q(
                    state=ReferralState.DONE,
                    answered_at__isnull=False,
                    done_at__isnull=False,
                    withdrawn_at__isnull=True,
                )
                | Q(state=ReferralState.WITHDRAWN, done_at__isnull=True, withdrawn_at__isnull=False),
                violation_error_message="L’état et les dates d’une orientation ne vont pas ensemble.",
            ),
            models.CheckConstraint(
                name="referral_answer_has_author",
                condition=Q(answered_at__isnull=True, answered_how="", answered_by__isnull=True)
                | Q(answered_at__isnull=False, answered_how=AnsweredBy.LINK, answered_by__isnull=True)
                | Q(answered_at__isnull=False, answered_how=AnsweredBy.ADVISER, answered_by__isnull=False),
                violation_error_message="Une réponse dit qui l’a donnée.",
            ),
        ]
        triggers = [
            *untouched(of_pathway(), texts=["note", "transmitted", "answer_note"]),
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
            pgtrigger.FSM(
                name="state_moves",
                field="state",
                transitions=[
                    (str(start), str(end))
                    for start, ends in REFERRAL_TRANSITIONS.items()
                    for end in sorted(ends)
                ],
            ),
            pgtrigger.ReadOnly(
                name="agreement_fixed",
                fields=["uuid", "door", "consent_wording", "consented_at", "way", "sent_at", "sent_by"],
            ),
            pgtrigger.Protect(
                name="text_only_blanked",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    "((OLD.transmitted IS DISTINCT FROM NEW.transmitted AND NEW.transmitted <> '')"
                    " OR (OLD.note IS DISTINCT FROM NEW.note AND NEW.note <> '')"
                    " OR (OLD.reason IS DISTINCT FROM NEW.reason AND NEW.reason <> 'OTHER'))"
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"Orientation {self.uuid}"

import uuid
from typing import Self

import pgtrigger
from django.db import models
from django.db.models import F, Q

from beneficiaries.complaints.enums import AnswerChannel, ComplaintState, ComplaintTopic
from beneficiaries.request.models import Beneficiary
from cep_portal.accounts.enums import Role
from cep_portal.accounts.models import Mandate, User
from procurement.contracts.models import Contract


class ComplaintQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> Self:
        """The operator complained of answers; the person reads through a signed link, others count only."""
        if user.role == Role.OPERATOR_MANAGER:
            return self.filter(contract__holder=user.organisation_id)
        return self.none()


class Complaint(models.Model):
    """A written complaint to the operator: the step before the mediator (R6123-14).

    Its facts and its clocks never change; what was written may only be emptied, by erasure. `answer` is the
    first one, which stops the month; each Contest carries its reason and the answer it got. State moves by
    beneficiaries.complaints.services alone.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    reference = models.CharField("référence", max_length=16, unique=True)
    received_at = models.DateTimeField("reçue le", db_index=True)
    received_on = models.DateField("jour de réception")
    answer_due_on = models.DateField("réponse attendue au plus tard le")
    mediator_until_on = models.DateField("médiateur jusqu’au")
    contract = models.ForeignKey(Contract, models.PROTECT, related_name="complaints")
    beneficiary = models.ForeignKey(
        Beneficiary, models.PROTECT, null=True, blank=True, related_name="complaints"
    )
    topic = models.CharField("sujet", max_length=10, choices=ComplaintTopic)
    text = models.TextField("réclamation", max_length=4000, blank=True)
    first_name = models.CharField("prénom", max_length=100, blank=True)
    last_name = models.CharField("nom", max_length=100, blank=True)
    channel = models.CharField(
        "réponse", max_length=5, choices=AnswerChannel, default=AnswerChannel.EMAIL, db_default="EMAIL"
    )
    email = models.EmailField("adresse électronique", blank=True)
    phone = models.CharField("téléphone", max_length=20, blank=True, default="", db_default="")
    address = models.TextField("adresse postale", max_length=300, blank=True, default="", db_default="")
    state = models.CharField("état", max_length=10, choices=ComplaintState, default=ComplaintState.RECEIVED)
    answer = models.TextField("réponse", max_length=4000, blank=True)
    answered_at = models.DateTimeField("répondue le", null=True, blank=True)
    answered_under = models.ForeignKey(Mandate, models.PROTECT, null=True, blank=True, related_name="+")
    told_at = models.DateTimeField("réponse dite ou postée le", null=True, blank=True)
    told_under = models.ForeignKey(Mandate, models.PROTECT, null=True, blank=True, related_name="+")
    contested_at = models.DateTimeField("contestée le", null=True, blank=True)
    erased_at = models.DateTimeField("effacée le", null=True, blank=True)

    objects = ComplaintQuerySet.as_manager()

    class Meta:
        verbose_name = "réclamation"
        indexes = [
            models.Index(
                "answer_due_on", name="complaint_waiting", condition=Q(state=ComplaintState.RECEIVED)
            )
        ]
        constraints = [
            models.CheckConstraint(
                name="complaint_reference_shape",
                condition=Q(reference__regex=r"^[0-9A-HJKMNP-TV-Z]{12}$"),
                violation_error_message="Une référence compte 12 caractères.",
            ),
            models.CheckConstraint(
                name="complaint_clocks_ordered",
                condition=Q(answer_due_on__gt=F("received_on"), mediator_until_on__gt=F("answer_due_on")),
                violation_error_message="Le mois de réponse précède la fin de l’année.",
            ),
            models.CheckConstraint(
                name="complaint_written",
                condition=(
                    Q(text__gt="", erased_at__isnull=True)
                    & (
                        Q(channel=AnswerChannel.EMAIL, email__gt="")
                        | Q(channel__in=[AnswerChannel.SMS, AnswerChannel.PHONE], phone__gt="")
                        | Q(channel=AnswerChannel.POST, address__gt="")
                    )
                )
                | Q(
                    text="",
                    first_name="",
                    last_name="",
                    email="",
                    phone="",
                    address="",
                    erased_at__isnull=False,
                ),
                violation_error_message="Une réclamation est écrite, et dit où répondre.",
            ),
            models.CheckConstraint(
                name="complaint_answer_complete",
                condition=Q(
                    state=ComplaintState.RECEIVED,
                    answer="",
                    answered_at__isnull=True,
                    answered_under__isnull=True,
                )
                | (
                    Q(
                        state__in=ComplaintState.closed,
                        answered_at__gte=F("received_at"),
                        answered_under__isnull=False,
                    )
                    & (Q(answer__gt="") | Q(erased_at__isnull=False))
                ),
                violation_error_message="Une réponse porte son texte, sa date et son auteur.",
            ),
            models.CheckConstraint(
                name="complaint_contest_complete",
                condition=Q(answered_at__isnull=False, contested_at__gte=F("answered_at"))
                | (~Q(state=ComplaintState.CONTESTED) & Q(contested_at__isnull=True)),
                violation_error_message="Une réponse est contestée après avoir été reçue.",
            ),
            models.CheckConstraint(
                name="complaint_told_is_whole",
                condition=Q(told_at__isnull=True, told_under__isnull=True)
                | Q(told_at__gte=F("answered_at"), told_under__isnull=False, answered_at__isnull=False),
                violation_error_message="Une réponse dite ou postée dit par qui et quand.",
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(
                name="facts_fixed",
                fields=[
                    *("uuid", "reference", "received_at", "received_on", "answer_due_on"),
                    *("mediator_until_on", "contract", "topic"),
                ],
            ),
            pgtrigger.Protect(
                name="words_fixed",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    "((NEW.text IS DISTINCT FROM OLD.text AND NEW.text <> '')"
                    " OR (OLD.answer <> '' AND NEW.answer IS DISTINCT FROM OLD.answer AND NEW.answer <> ''))"
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def displayed_reference(self) -> str:
        """The reference as a person reads it aloud: ABCD-EFGH-JKMN."""
        return "-".join(self.reference[start : start + 4] for start in (0, 4, 8))

    @property
    def full_name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip() or "Personne effacée"

    @property
    def is_contested(self) -> bool:
        return self.state == ComplaintState.CONTESTED

    @property
    def contact(self) -> str:
        """Where the answer goes, by the channel the person chose; blank once erased."""
        return {
            AnswerChannel.EMAIL: self.email,
            AnswerChannel.SMS: self.phone,
            AnswerChannel.PHONE: self.phone,
            AnswerChannel.POST: self.address,
        }[AnswerChannel(self.channel)]


class ComplaintContest(models.Model):
    """Why an answer did not suit, and the new one. Written by beneficiaries.complaints.services alone."""

    complaint = models.ForeignKey(Complaint, models.PROTECT, related_name="contests")
    contested_at = models.DateTimeField("contestée le")
    reason = models.TextField("raison", max_length=4000, blank=True)
    answer = models.TextField("nouvelle réponse", max_length=4000, blank=True)
    answered_at = models.DateTimeField("répondue le", null=True, blank=True)
    answered_under = models.ForeignKey(Mandate, models.PROTECT, null=True, blank=True, related_name="+")
    told_at = models.DateTimeField("réponse dite ou postée le", null=True, blank=True)
    told_under = models.ForeignKey(Mandate, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = "contestation"
        constraints = [
            models.UniqueConstraint(
                fields=["complaint"],
                condition=Q(answered_at__isnull=True),
                name="complaint_contest_once_at_a_time",
                violation_error_message="Cette réponse est déjà contestée.",
            ),
            models.CheckConstraint(
                name="complaint_contest_answer_complete",
                condition=Q(answer="", answered_at__isnull=True, answered_under__isnull=True)
                | Q(answered_at__gte=F("contested_at"), answered_under__isnull=False),
                violation_error_message="Une réponse porte sa date et son auteur.",
            ),
            models.CheckConstraint(
                name="complaint_contest_told_is_whole",
                condition=Q(told_at__isnull=True, told_under__isnull=True)
                | Q(told_at__gte=F("answered_at"), told_under__isnull=False, answered_at__isnull=False),
                violation_error_message="Une réponse dite ou postée dit par qui et quand.",
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(name="facts_fixed", fields=["complaint", "contested_at"]),
            pgtrigger.Protect(
                name="words_fixed",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    "((NEW.reason IS DISTINCT FROM OLD.reason AND NEW.reason <> '')"
                    " OR (OLD.answer <> '' AND NEW.answer IS DISTINCT FROM OLD.answer AND NEW.answer <> ''))"
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"Contestation {self.pk}"

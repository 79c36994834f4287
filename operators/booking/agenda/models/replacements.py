import uuid
from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from cep_portal.accounts.enums import Role
from cep_portal.accounts.models import User
from operators.booking.agenda.enums import CancelReason, ReplacementState
from operators.booking.agenda.models.absences import Absence
from operators.booking.agenda.models.appointments import Appointment
from operators.network.models import Adviser, SiteClosure


class ReplacementQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> Self:
        """An operator's own, but those of frozen files."""
        if user.role in Role.of_operators:
            return self.filter(
                appointment__site__contract__holder=user.organisation_id,
                appointment__beneficiary__restricted_at__isnull=True,
                appointment__beneficiary__erased_at__isnull=True,
            )
        return self.none()

    def waiting(self) -> Self:
        return self.filter(state__in=ReplacementState.waiting)


class Replacement(models.Model):
    """What is proposed to a person whose appointment cannot be kept, and what they answered (ADR 0018).

    Moved only by operators.booking.agenda.services.replacements. With a colleague, the appointment is
    already the colleague's; else it is cancelled and `slots` are the three starts that the message told.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    appointment = models.ForeignKey(Appointment, models.PROTECT, related_name="replacements")
    reason = models.CharField("motif", max_length=20, choices=CancelReason)
    absence = models.ForeignKey(
        Absence, models.SET_NULL, null=True, blank=True, related_name="replacements"
    )  # an absence taken back leaves what was told
    closure = models.ForeignKey(
        SiteClosure, models.SET_NULL, null=True, blank=True, related_name="replacements"
    )  # the same
    former_adviser = models.ForeignKey(Adviser, models.PROTECT, related_name="+")
    colleague = models.ForeignKey(Adviser, models.PROTECT, null=True, blank=True, related_name="+")
    slots = ArrayField(models.DateTimeField(), verbose_name="créneaux proposés", default=list, blank=True)
    state = models.CharField("état", max_length=10, choices=ReplacementState)
    asked_at = models.DateTimeField("proposé le")
    answer_by = models.DateTimeField("réponse attendue avant")
    answered_at = models.DateTimeField("réglé le", null=True, blank=True)

    objects = ReplacementQuerySet.as_manager()

    class Meta:
        verbose_name = "remplacement"
        indexes = [
            models.Index("answer_by", name="replacement_waiting", condition=Q(answered_at__isnull=True)),
        ]
        constraints = [
            models.UniqueConstraint(
                name="replacement_one_waiting",
                fields=["appointment"],
                condition=Q(state__in=ReplacementState.waiting),
                violation_error_message="Un remplacement est déjà proposé pour ce rendez-vous.",
            ),
            models.CheckConstraint(
                name="replacement_answered_or_waiting",
                condition=Q(state__in=ReplacementState.waiting, answered_at__isnull=True)
                | (~Q(state__in=ReplacementState.waiting) & Q(answered_at__isnull=False)),
                violation_error_message="Un remplacement réglé dit quand.",
            ),
            models.CheckConstraint(
                name="replacement_names_its_colleague",
                condition=~Q(state__in=["COLLEAGUE", "ACCEPTED", "KEPT"]) | Q(colleague__isnull=False),
                violation_error_message="Un collègue proposé a un nom.",
            ),
        ]

    def __str__(self) -> str:
        return f"Remplacement {self.uuid}"

    @property
    def message_key(self) -> str:
        """What names the message that told it: written once."""
        return f"replacement-{self.uuid}"

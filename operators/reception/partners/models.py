import uuid
from typing import Self

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q

from cep_portal.accounts.enums import Role
from cep_portal.accounts.models import Organisation, User
from operators.booking.agenda.models import Appointment


class PartnerBookingQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> Self:
        """A partner sees the bookings of its own organisation, but frozen files; nobody else does."""
        if user.role in Role.of_partners:
            return self.filter(
                organisation=user.organisation_id,
                appointment__beneficiary__restricted_at__isnull=True,
                appointment__beneficiary__erased_at__isnull=True,
            )
        return self.none()


class PartnerBooking(models.Model):
    """An appointment booked by a partner with the person beside, who said the code aloud.

    `appointment` is the hour they chose together, `present` where it stands after moves: the partner never
    learns of it. `agreed_at` is the code; `outcome_agreed_at` when the person alone, from their own page, let
    the partner know the outcome: nobody asks for it beside the partner (docs/adr/0054). Only `present` moves,
    and each of the two wishes is written once: the triggers refuse the rest.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    appointment = models.OneToOneField(Appointment, models.PROTECT, related_name="partner_booking")
    present = models.OneToOneField(Appointment, models.PROTECT, related_name="partner_follow_up")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    booked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    agreed_at = models.DateTimeField("accord donné le")
    outcome_agreed_at = models.DateTimeField("accepte de dire si elle est venue", null=True, blank=True)
    withdrawn_at = models.DateTimeField("accord retiré le", null=True, blank=True)

    objects = PartnerBookingQuerySet.as_manager()

    class Meta:
        verbose_name = "rendez-vous pris avec un partenaire"
        constraints = [
            models.CheckConstraint(
                name="partner_withdraws_what_was_agreed",
                condition=Q(withdrawn_at__isnull=True) | Q(outcome_agreed_at__isnull=False),
                violation_error_message="On ne retire qu’un accord donné.",
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(
                name="agreement_fixed",
                fields=["uuid", "appointment", "organisation", "booked_by", "agreed_at"],
            ),
            *(
                pgtrigger.Protect(
                    name=name,
                    operation=pgtrigger.Update,
                    condition=pgtrigger.Condition(
                        f"OLD.{column} IS NOT NULL AND OLD.{column} IS DISTINCT FROM NEW.{column}"
                    ),
                )
                for name, column in (
                    ("outcome_agreed_once", "outcome_agreed_at"),
                    ("withdrawn_once", "withdrawn_at"),
                )
            ),
        ]

    def __str__(self) -> str:
        return f"Accompagnement {self.uuid}"

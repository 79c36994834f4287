import uuid
from typing import Self

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from beneficiaries.request.models import Beneficiary, ServiceRequest, follows_merge, open_file, untouched
from cep_portal.accounts.enums import Role
from cep_portal.accounts.models import User
from operators.booking.demand.enums import ENTRY_TRANSITIONS, EntryState, WishedHours
from operators.network.enums import Mode, ServiceLevel
from operators.network.models import Site
from procurement.contracts.models import Contract


class WaitingEntryQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> Self:
        """The people of the operator whose list it is; steering roles see none."""
        if user.role in Role.of_operators:
            return self.filter(open_file("beneficiary__"), contract__holder=user.organisation_id)
        return self.none()

    def waiting(self) -> Self:
        return self.filter(state=EntryState.WAITING)


class WaitingEntry(models.Model):
    """A place in the waiting list of a contract: `queued_at` is the place. Moved only by demand.services.

    `site` is where the person wants to come, or the closest one; with `anywhere` any site of the contract
    will do. The first of `modes` is the one preferred, and the one counted.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    service_request = models.ForeignKey(ServiceRequest, models.PROTECT, related_name="waiting_entries")
    beneficiary = models.ForeignKey(Beneficiary, models.PROTECT, related_name="waiting_entries")
    contract = models.ForeignKey(Contract, models.PROTECT, related_name="waiting_entries")
    site = models.ForeignKey(Site, models.PROTECT, null=True, blank=True, related_name="waiting_entries")
    anywhere = models.BooleanField("dans tous les lieux", default=False)
    level = models.CharField("niveau", max_length=3, choices=ServiceLevel)
    modes = ArrayField(models.CharField(max_length=10, choices=Mode), verbose_name="modalités")
    hours = ArrayField(
        models.CharField(max_length=10, choices=WishedHours), verbose_name="heures souhaitées", default=list
    )
    from_on = models.DateField("à partir du", null=True, blank=True)
    created_at = models.DateTimeField("inscrite le")
    queued_at = models.DateTimeField("à cette place depuis le")
    unanswered = models.PositiveSmallIntegerField("propositions sans réponse", default=0)
    state = models.CharField("état", max_length=10, choices=EntryState, default=EntryState.WAITING)
    ended_at = models.DateTimeField("close le", null=True, blank=True)

    objects = WaitingEntryQuerySet.as_manager()

    class Meta:
        verbose_name = "place en liste d’attente"
        verbose_name_plural = "liste d’attente"
        indexes = [
            models.Index(
                "contract", "queued_at", name="waiting_in_order", condition=Q(state=EntryState.WAITING)
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["service_request"],
                condition=Q(state=EntryState.WAITING),
                name="waiting_one_place_a_request",
                violation_error_message="Cette demande est déjà en liste d’attente.",
            ),
            models.CheckConstraint(
                name="waiting_wish_known",
                condition=Q(modes__len__gt=0, modes__contained_by=Mode.values)
                & Q(hours__contained_by=WishedHours.values),
                violation_error_message="Les souhaits sont dans les listes.",
            ),
            models.CheckConstraint(
                name="waiting_ended_tells_when",
                condition=Q(state=EntryState.WAITING, ended_at__isnull=True)
                | (~Q(state=EntryState.WAITING) & Q(ended_at__isnull=False)),
                violation_error_message="Une place quittée dit quand.",
            ),
        ]
        triggers = [
            pgtrigger.FSM(
                name="state_moves",
                field="state",
                transitions=[(old, new) for old, ends in ENTRY_TRANSITIONS.items() for new in sorted(ends)],
            ),
            pgtrigger.ReadOnly(name="place_is_whose", fields=["service_request", "contract", "created_at"]),
            follows_merge(),
            *untouched(),
        ]

    def __str__(self) -> str:
        return f"Attente {self.uuid}"

import uuid
from typing import Self

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q

from cep_portal.accounts.enums import Role
from cep_portal.accounts.models import User
from operators.booking.supervision.enums import OPENING_REQUEST_TRANSITIONS, CloseReason, OpeningRequestState
from operators.network.enums import Mode, ServiceLevel
from operators.network.models import Site
from procurement.contracts.models import Contract


class OpeningRequestQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> Self:
        """A manager sees the requests of the operator; steering reads counts (selectors.lot_supply)."""
        if user.role == Role.OPERATOR_MANAGER:
            return self.filter(contract__holder=user.organisation_id)
        return self.none()

    def open(self) -> Self:
        return self.filter(state=OpeningRequestState.OPEN)


class OpeningRequest(models.Model):
    """People wait and too few slots are free: the operator is asked to open `missing` of them.

    Without a `site`, those who wait named no place. Counted and met by supervision.services alone; a
    manager may close it with a reason. Once over it never changes.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    contract = models.ForeignKey(Contract, models.PROTECT, related_name="opening_requests")
    site = models.ForeignKey(Site, models.PROTECT, null=True, blank=True, related_name="opening_requests")
    level = models.CharField("niveau", max_length=3, choices=ServiceLevel)
    mode = models.CharField("modalité", max_length=10, choices=Mode)
    asked_at = models.DateTimeField("demandée le")
    counted_on = models.DateField("comptée le")
    counted_at = models.DateTimeField("comptée à")
    waiting = models.PositiveIntegerField("personnes en attente")
    free = models.PositiveIntegerField("créneaux libres")
    missing = models.GeneratedField(
        verbose_name="à ouvrir",
        expression=F("waiting") - F("free"),
        output_field=models.IntegerField(),
        db_persist=True,
    )
    state = models.CharField(
        "état", max_length=6, choices=OpeningRequestState, default=OpeningRequestState.OPEN
    )
    closed_at = models.DateTimeField("close le", null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    reason = models.CharField("motif", max_length=10, choices=CloseReason, blank=True)

    objects = OpeningRequestQuerySet.as_manager()

    class Meta:
        verbose_name = "demande d’ouverture"
        constraints = [
            models.UniqueConstraint(
                fields=["contract", "site", "level", "mode"],
                condition=Q(state=OpeningRequestState.OPEN),
                nulls_distinct=False,
                name="opening_request_one_live",
                violation_error_message="Une demande d’ouverture est déjà en cours.",
            ),
            models.CheckConstraint(
                name="opening_request_asks_for_some",
                condition=Q(state="MET", waiting__lte=F("free"))
                | (~Q(state="MET") & Q(waiting__gt=F("free"))),
                violation_error_message="Il manque des créneaux tant que la demande est ouverte.",
            ),
            models.CheckConstraint(
                name="opening_request_end_tells_who",
                condition=Q(state="OPEN", closed_at__isnull=True, closed_by__isnull=True, reason="")
                | Q(state="MET", closed_at__isnull=False, closed_by__isnull=True, reason="")
                | Q(state="CLOSED", closed_at__isnull=False, closed_by__isnull=False, reason__gt=""),
                violation_error_message="Une demande close dit quand, par qui et pourquoi.",
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(
                name="subject_fixed", fields=["contract", "site", "level", "mode", "asked_at"]
            ),
            pgtrigger.Protect(
                name="over_is_over",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition("OLD.state <> 'OPEN'"),
            ),
        ]

    def __str__(self) -> str:
        return f"Demande d’ouverture {self.uuid}"

    def may_become(self, target: str) -> bool:
        return target in OPENING_REQUEST_TRANSITIONS[OpeningRequestState(self.state)]

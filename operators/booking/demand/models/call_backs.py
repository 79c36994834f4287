import uuid
from typing import Self

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from beneficiaries.request.enums import ContactHours
from beneficiaries.request.models import ServiceRequest, open_file
from cep_portal.accounts.enums import Role
from cep_portal.accounts.models import User
from operators.booking.demand.enums import CALL_BACK_TRANSITIONS, CallBackState, GiveUpReason, WishedHours
from operators.network.enums import Mode, ServiceLevel
from operators.network.models import Site


class CallBackQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> Self:
        """The people of the operator that promised; steering roles see none."""
        if user.role in Role.of_operators:
            return self.filter(
                open_file("service_request__beneficiary__"),
                service_request__contract__holder=user.organisation_id,
            )
        return self.none()


class CallBack(models.Model):
    """A promise to call somebody on a day. Moved only by operators.booking.demand.services.

    `name` and `phone` are what the caller typed: they prove nothing and open no file.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    service_request = models.ForeignKey(ServiceRequest, models.PROTECT, related_name="call_backs")
    name = models.CharField("qui demander", max_length=100)
    phone = models.CharField("téléphone", max_length=20)
    call_hours = models.CharField(
        "heures où appeler", max_length=10, choices=ContactHours, default=ContactHours.ANY
    )
    level = models.CharField("niveau", max_length=3, choices=ServiceLevel)
    modes = ArrayField(models.CharField(max_length=10, choices=Mode), verbose_name="modalités")
    hours = ArrayField(
        models.CharField(max_length=10, choices=WishedHours), verbose_name="heures souhaitées", default=list
    )
    site = models.ForeignKey(Site, models.PROTECT, null=True, blank=True, related_name="call_backs")
    asked_at = models.DateTimeField("demandé le")
    promised_on = models.DateField("promis pour le")
    state = models.CharField("état", max_length=10, choices=CallBackState, default=CallBackState.DUE)
    ended_at = models.DateTimeField("clos le", null=True, blank=True)
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    taken_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    taken_at = models.DateTimeField("pris en charge le", null=True, blank=True)
    give_up_reason = models.CharField(
        "motif de l’abandon", max_length=15, choices=GiveUpReason, blank=True, default="", db_default=""
    )

    objects = CallBackQuerySet.as_manager()

    class Meta:
        verbose_name = "rappel promis"
        indexes = [
            models.Index("promised_on", name="call_back_due", condition=Q(state=CallBackState.DUE)),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["service_request"],
                condition=Q(state=CallBackState.DUE),
                name="call_back_one_due",
                violation_error_message="Un rappel est déjà promis pour cette demande.",
            ),
            models.CheckConstraint(
                name="call_back_ended_tells_when",
                condition=Q(state=CallBackState.DUE, ended_at__isnull=True)
                | (~Q(state=CallBackState.DUE) & Q(ended_at__isnull=False)),
                violation_error_message="Un rappel clos dit quand.",
            ),
            models.CheckConstraint(
                name="call_back_taken_by_somebody",
                condition=Q(taken_by__isnull=True, taken_at__isnull=True)
                | Q(taken_by__isnull=False, taken_at__isnull=False),
                violation_error_message="Un rappel pris en charge l’est par quelqu’un, à un instant.",
            ),
            models.CheckConstraint(
                name="call_back_given_up_for_a_reason",
                condition=Q(state=CallBackState.GIVEN_UP, give_up_reason__in=GiveUpReason.values)
                | (~Q(state=CallBackState.GIVEN_UP) & Q(give_up_reason="")),
                violation_error_message="Un rappel clos sans suite dit pourquoi, un autre non.",
            ),
            models.CheckConstraint(
                name="call_back_wish_known",
                condition=Q(modes__len__gt=0, modes__contained_by=Mode.values)
                & Q(hours__contained_by=WishedHours.values),
                violation_error_message="Les souhaits sont dans les listes.",
            ),
        ]
        triggers = [
            pgtrigger.FSM(
                name="state_moves",
                field="state",
                transitions=[
                    (old, new) for old, ends in CALL_BACK_TRANSITIONS.items() for new in sorted(ends)
                ],
            ),
            pgtrigger.ReadOnly(name="promise_kept", fields=["service_request", "asked_at"]),
        ]

    def __str__(self) -> str:
        return f"Rappel {self.uuid}"


class CallTry(models.Model):
    """A call made for a promise: by whom, when, whether somebody answered. Never changed."""

    call_back = models.ForeignKey(CallBack, models.PROTECT, related_name="tries")
    number = models.PositiveSmallIntegerField("essai")
    tried_at = models.DateTimeField("appelée le")
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    reached = models.BooleanField("jointe")

    class Meta:
        verbose_name = "essai d’appel"
        constraints = [
            models.UniqueConstraint(fields=["call_back", "number"], name="call_try_numbered_once"),
            models.CheckConstraint(
                name="call_try_number_positive",
                condition=Q(number__gte=1),
                violation_error_message="Les essais se comptent à partir de 1.",
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="kept_as_made", operation=pgtrigger.Update | pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"Essai {self.number} du rappel {self.call_back_id}"

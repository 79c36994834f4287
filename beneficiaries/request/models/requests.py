import uuid
from typing import Self

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from beneficiaries.request.enums import (
    AccessNeed,
    CommuneBasis,
    Need,
    RequestState,
    Situation,
    Urgency,
)
from beneficiaries.request.models.former import REQUEST_PAST
from beneficiaries.request.models.people import Beneficiary
from beneficiaries.request.models.walls import follows_merge, untouched
from beneficiaries.request.rules import plans_to_resign
from cep_portal.accounts.enums import Role
from cep_portal.accounts.models import User
from cep_portal.common.marks import by_mark, changed_xid, marked
from cep_portal.common.pasts import known_from
from cep_portal.documents.models import StoredDocument
from cep_portal.territories.models import Commune
from procurement.contracts.models import Contract


class ServiceRequestQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> Self:
        """The person sees own requests, an operator those routed to its contracts, others none.

        A restricted file is hidden from the operator, here as for appointments and pathways.
        """
        if user.role == Role.BENEFICIARY:
            return self.filter(beneficiary__user=user)
        if user.role in Role.of_operators:
            return self.filter(
                contract__holder=user.organisation_id,
                beneficiary__restricted_at__isnull=True,
                beneficiary__erased_at__isnull=True,
            )
        return self.none()

    def with_person(self) -> Self:
        """Those whose person can be reached: nobody waits in a queue whom nobody can call or write to."""
        return self.filter(beneficiary__isnull=False, beneficiary__erased_at__isnull=True)


class ServiceRequest(models.Model):
    """A person asked for the service at an instant that nobody can change afterwards (R5422-2-1).

    Only the state and, once, the person may be written later: the triggers refuse the rest, merges apart.
    One without a key is under way: the answers of a session, read from `selectors.asked_here` and written by
    the first act that needs it (ADR 0050).
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    reference = models.CharField("référence", max_length=16, unique=True)
    requested_at = models.DateTimeField("demandée le", db_index=True)
    situation = models.CharField("situation", max_length=20, choices=Situation)
    commune = models.ForeignKey(Commune, models.PROTECT, related_name="+")
    commune_basis = models.CharField("commune", max_length=4, choices=CommuneBasis)
    needs = ArrayField(models.CharField(max_length=20, choices=Need), verbose_name="besoins")
    urgency = models.CharField("urgence", max_length=20, choices=Urgency, default=Urgency.NO_HURRY)
    access_needs = ArrayField(
        models.CharField(max_length=20, choices=AccessNeed),
        verbose_name="besoins d’accès",
        default=list,
    )
    contract = models.ForeignKey(Contract, models.PROTECT, related_name="service_requests")
    beneficiary = models.ForeignKey(
        Beneficiary,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="service_requests",
    )
    state = models.CharField("état", max_length=10, choices=RequestState, default=RequestState.REGISTERED)
    attestation = models.OneToOneField(
        StoredDocument, models.PROTECT, null=True, blank=True, related_name="+"
    )
    # Told afterwards by the operator's own software, which answers it there: in no queue of the portal.
    is_delivered = models.BooleanField("remontée par l’opérateur", default=False, db_default=False)
    changed_xid = changed_xid()
    known_from = known_from()

    objects = ServiceRequestQuerySet.as_manager()

    class Meta:
        verbose_name = "demande"
        indexes = [by_mark("request_changed")]
        constraints = [
            models.CheckConstraint(
                name="request_reference_shape",
                condition=Q(reference__regex=r"^[0-9A-HJKMNP-TV-Z]{12}$"),
                violation_error_message="Une référence compte 12 caractères.",
            ),
            models.CheckConstraint(
                name="request_needs_known",
                condition=Q(needs__len__gt=0, needs__contained_by=Need.values),
                violation_error_message="Une demande a au moins un besoin de la liste.",
            ),
            models.CheckConstraint(
                name="request_urgency_known",
                condition=Q(urgency__in=Urgency.values),
                violation_error_message="L’urgence est dans la liste.",
            ),
            models.CheckConstraint(
                name="request_access_needs_known",
                condition=Q(access_needs__contained_by=AccessNeed.values),
                violation_error_message="Les besoins d’accès sont dans la liste.",
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(
                name="facts_fixed",
                fields=[
                    "reference",
                    "requested_at",
                    "situation",
                    "commune",
                    "commune_basis",
                    "needs",
                    "urgency",
                    "access_needs",
                    "contract",
                    "is_delivered",
                ],
            ),
            follows_merge(),
            *untouched(named_late=True),
            marked("state", "beneficiary_id"),
            *REQUEST_PAST,
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def is_written(self) -> bool:
        return self.pk is not None

    @property
    def needs_label(self) -> str:
        """« Changer de métier ou de secteur, Me former », in the order of the list."""
        return ", ".join(Need(value).label for value in self.needs)

    @property
    def plans_to_resign(self) -> bool:
        return plans_to_resign(self.needs, self.urgency)

    @property
    def pressing(self) -> str:
        """What presses, in the few words of a desk; empty when nothing does."""
        return Urgency.desk_words.get(self.urgency, "")

    @property
    def displayed_reference(self) -> str:
        """The reference as a person reads it aloud: ABCD-EFGH-JKMN."""
        return "-".join(self.reference[start : start + 4] for start in (0, 4, 8))

import uuid
from typing import Self

from django.db import models
from django.db.models import F, Q

from beneficiaries.request.models import Beneficiary, ServiceRequest, follows_merge, untouched
from cep_portal.accounts.enums import Role
from cep_portal.accounts.models import User
from cep_portal.common.marks import by_mark, changed_xid, marked
from cep_portal.common.pasts import known_from
from cep_portal.territories.models import Region
from operators.casework.pathways.enums import ClosingOutcome, PathwayState
from operators.casework.pathways.models.former import PATHWAY_CHANGING, PATHWAY_PAST
from operators.network.models import Adviser
from procurement.contracts.models import Contract


def of_pathway(*steps: tuple[str, str], start: str = "NEW.pathway_id") -> str:
    """The SQL of the person of a row: `steps` are (table, column) from the row's own key up to a pathway."""
    key = start
    for table, column in (*steps, ("operators_pathway", "beneficiary_id")):
        key = f"(SELECT {column} FROM {table} WHERE id = {key})"  # noqa: S608 -- names of our own tables
    return key


class PathwayQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> Self:
        """Advisers see those of their organisation; who books, manages or steers reads no file."""
        if user.role == Role.ADVISER:
            return self.filter(
                contract__holder=user.organisation_id,
                beneficiary__restricted_at__isnull=True,
                beneficiary__erased_at__isnull=True,
            )
        if user.role == Role.BENEFICIARY:
            return self.filter(beneficiary__user=user)
        return self.none()


class Pathway(models.Model):
    """What a person lives with the service: one line through both levels, reopenable.

    `entered_on` is the local day of the first session: the entry, counted once by the rule set. Who comes
    back in time goes on (`reopened_at`, the first session after the closing); later, a new pathway enters.
    One that `continues` another operator's began there: `entered_on` is its reception, and no entry.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    beneficiary = models.ForeignKey(Beneficiary, models.PROTECT, related_name="pathways")
    contract = models.ForeignKey(Contract, models.PROTECT, related_name="pathways")
    region = models.ForeignKey(Region, models.PROTECT, related_name="+")
    service_request = models.ForeignKey(ServiceRequest, models.PROTECT, null=True, related_name="pathways")
    adviser = models.ForeignKey(Adviser, models.PROTECT, related_name="pathways")
    entered_on = models.DateField("entrée", db_index=True)
    state = models.CharField("état", max_length=10, choices=PathwayState, default=PathwayState.OPEN)
    closed_at = models.DateTimeField("clos le", null=True, blank=True)
    outcome = models.CharField("issue", max_length=20, choices=ClosingOutcome, blank=True)
    reopened_at = models.DateTimeField("repris le", null=True, blank=True)
    continues = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="continued_by", verbose_name="poursuit"
    )
    # Two entries of one human being (ADR 0036): the sessions are in the other one, which alone counts.
    joined_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="joined", verbose_name="réuni à"
    )

    changed_xid = changed_xid()
    known_from = known_from()

    objects = PathwayQuerySet.as_manager()

    class Meta:
        verbose_name = "parcours"
        indexes = [
            by_mark("pathway_changed"),
            models.Index(
                fields=["closed_at"],
                name="pathway_closed_at",
                condition=Q(state=PathwayState.CLOSED),
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["beneficiary", "contract"],
                condition=Q(state=PathwayState.OPEN),
                name="pathway_one_open",
                violation_error_message="Cette personne a déjà un parcours en cours.",
            ),
            models.CheckConstraint(
                name="pathway_closed_complete",
                condition=Q(state="OPEN", closed_at__isnull=True, outcome="")
                | (
                    Q(state="CLOSED", closed_at__isnull=False)
                    & (Q(outcome__gt="") | Q(joined_into__isnull=False))
                ),
                violation_error_message="Un parcours clos porte sa date et son issue.",
            ),
            models.CheckConstraint(
                name="pathway_continues_another",
                condition=Q(continues__isnull=True) | ~Q(continues=models.F("pk")),
                violation_error_message="Un parcours en poursuit un autre.",
            ),
            models.CheckConstraint(
                name="pathway_joined_is_closed",
                condition=Q(joined_into__isnull=True)
                | (Q(state=PathwayState.CLOSED) & ~Q(joined_into=F("pk"))),
                violation_error_message="Un parcours réuni à un autre est clos.",
            ),
        ]
        triggers = [
            follows_merge(),
            *untouched(),
            marked(*PATHWAY_CHANGING),
            *PATHWAY_PAST,
        ]

    def __str__(self) -> str:
        return f"Parcours {self.uuid}"

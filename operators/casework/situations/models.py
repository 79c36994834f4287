import uuid
from datetime import date
from typing import Self

import pgtrigger
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Q

from beneficiaries.request.enums import Need
from beneficiaries.request.models import untouched
from cep_portal.accounts.models import User
from cep_portal.common.marks import by_mark, changed_xid, marked
from cep_portal.territories.models import Department
from operators.casework.pathways.models import Pathway, of_pathway
from operators.casework.situations.enums import EmploymentStatus, RectificationAnswer, SituationPart
from operators.casework.situations.reference import (
    CONTRACT_TYPES,
    DIPLOMAS,
    EMPLOYER_SIZES,
    PROFESSIONS,
    SECTORS,
)

LISTS = {
    "status": EmploymentStatus.values,
    "profession": PROFESSIONS.codes,
    "sector": SECTORS.codes,
    "diploma": DIPLOMAS.codes,
    "employer_size": EMPLOYER_SIZES.codes,
    "contract_type": CONTRACT_TYPES.codes,
}
# Only erasure takes words away; nothing puts others in their place.
REWRITTEN = " OR ".join(
    f"(OLD.{name} <> NEW.{name} AND NEW.{name} <> '')" for name in LISTS if name != "status"
)


class SituationQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> Self:
        return self.filter(pathway__in=Pathway.objects.visible_to(user))

    def present(self) -> Self:
        """What is held true now; what a correction replaced is left out."""
        return self.filter(replaced_at__isnull=True)


class PathwaySituation(models.Model):
    """Where a person stands and what brings them, from a day on; only services write it.

    Two dates: the period when it is true (`effective`, its end moves when the next one begins) and the
    instant it was written. Never overwritten: a correction is another row, and `replaced_at` ends this one.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    pathway = models.ForeignKey(Pathway, models.PROTECT, related_name="situations")
    effective = DateRangeField("période")
    reasons = ArrayField(models.CharField(max_length=20, choices=Need), verbose_name="ce qui amène")
    status = models.CharField("statut", max_length=20, choices=EmploymentStatus, blank=True)
    contract_type = models.CharField("contrat", max_length=10, choices=CONTRACT_TYPES.choices, blank=True)
    profession = models.CharField(
        "profession", max_length=10, choices=PROFESSIONS.grouped_choices, blank=True
    )
    sector = models.CharField("secteur", max_length=10, choices=SECTORS.choices, blank=True)
    employer_size = models.CharField(
        "taille de l’employeur", max_length=10, choices=EMPLOYER_SIZES.choices, blank=True
    )
    department = models.ForeignKey(
        Department,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="département de travail",
    )
    diploma = models.CharField("diplôme", max_length=10, choices=DIPLOMAS.choices, blank=True)
    recorded_at = models.DateTimeField("écrite le")
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="écrite par")
    replaced_at = models.DateTimeField("remplacée le", null=True, blank=True)
    changed_xid = changed_xid()

    objects = SituationQuerySet.as_manager()

    class Meta:
        verbose_name = "situation"
        indexes = [by_mark("situation_changed")]
        constraints = [
            ExclusionConstraint(
                name="situation_one_a_day",
                expressions=[
                    ("pathway", RangeOperators.EQUAL),
                    ("effective", RangeOperators.OVERLAPS),
                ],
                condition=Q(replaced_at__isnull=True),
                violation_error_message="Une seule situation est vraie à la fois.",
            ),
            models.CheckConstraint(
                name="situation_starts_some_day",
                condition=Q(effective__lower_inf=False, effective__isempty=False),
                violation_error_message="Une situation commence un jour.",
            ),
            models.CheckConstraint(
                name="situation_reasons_known",
                condition=Q(reasons__len__gt=0, reasons__contained_by=Need.values),
                violation_error_message="Indiquez au moins une raison de la liste.",
            ),
            models.CheckConstraint(
                name="situation_replaced_after",
                condition=Q(replaced_at__isnull=True) | Q(replaced_at__gte=F("recorded_at")),
                violation_error_message="Une situation est remplacée après avoir été écrite.",
            ),
            *(
                models.CheckConstraint(
                    name=f"situation_{name}_known",
                    condition=Q(**{f"{name}__in": ["", *codes]}),
                    violation_error_message="Cette réponse n’est pas dans la liste.",
                )
                for name, codes in LISTS.items()
            ),
        ]
        triggers = [
            *untouched(of_pathway()),
            pgtrigger.ReadOnly(
                name="kept_as_recorded", fields=["pathway", "reasons", "status", "recorded_at", "recorded_by"]
            ),
            pgtrigger.Protect(
                name="words_only_erased",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    f"({REWRITTEN} OR (OLD.department_id IS DISTINCT FROM NEW.department_id"
                    " AND NEW.department_id IS NOT NULL))"
                ),
            ),
            pgtrigger.Protect(
                name="starts_for_good",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition("lower(OLD.effective) <> lower(NEW.effective)"),
            ),
            pgtrigger.Protect(
                name="replaced_for_good",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    "OLD.replaced_at IS NOT NULL AND (OLD.replaced_at IS DISTINCT FROM NEW.replaced_at"
                    " OR OLD.effective IS DISTINCT FROM NEW.effective)"
                ),
            ),
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
            marked("effective", "replaced_at", *LISTS, "department_id"),
        ]

    def __str__(self) -> str:
        return f"Situation {self.uuid}"

    @property
    def starts_on(self) -> date:
        return self.effective.lower

    @property
    def ends_on(self) -> date:
        """The first day it is true no more; None while it lasts."""
        return self.effective.upper


class RectificationQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> Self:
        return self.filter(pathway__in=Pathway.objects.visible_to(user))

    def waiting(self) -> Self:
        """Not answered; a frozen or erased file asks nothing any more."""
        return self.filter(
            answered_at__isnull=True,
            pathway__beneficiary__restricted_at__isnull=True,
            pathway__beneficiary__erased_at__isnull=True,
        )


class Rectification(models.Model):
    """A person says that parts of the own situation are wrong (RGPD, article 16).

    Asked by situations.services.ask_rectification, answered once by answer_rectification.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    pathway = models.ForeignKey(Pathway, models.PROTECT, related_name="rectifications")
    parts = ArrayField(models.CharField(max_length=20, choices=SituationPart), verbose_name="à corriger")
    asked_at = models.DateTimeField("demandée le")
    answer = models.CharField("réponse", max_length=10, choices=RectificationAnswer, blank=True)
    answered_at = models.DateTimeField("répondue le", null=True, blank=True)
    answered_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    objects = RectificationQuerySet.as_manager()

    class Meta:
        verbose_name = "demande de rectification"
        constraints = [
            models.UniqueConstraint(
                fields=["pathway"],
                condition=Q(answered_at__isnull=True),
                name="rectification_one_open",
                violation_error_message="Une demande est déjà en attente.",
            ),
            models.CheckConstraint(
                name="rectification_parts_known",
                condition=Q(parts__len__gt=0, parts__contained_by=SituationPart.values),
                violation_error_message="Dites ce qui est à corriger.",
            ),
            models.CheckConstraint(
                name="rectification_answered_whole",
                condition=Q(answered_at__isnull=True, answered_by__isnull=True, answer="")
                | Q(
                    answered_at__gte=F("asked_at"),
                    answered_by__isnull=False,
                    answer__in=RectificationAnswer.values,
                ),
                violation_error_message="Une réponse est de quelqu’un, après la demande.",
            ),
        ]
        triggers = [
            *untouched(of_pathway()),
            pgtrigger.Protect(
                name="answered_once",
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Condition("OLD.answered_at IS NOT NULL"),
            ),
        ]

    def __str__(self) -> str:
        return f"Rectification {self.uuid}"

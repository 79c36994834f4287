import uuid
from datetime import date
from typing import Any, Self

import pgtrigger
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeBoundary, RangeOperators
from django.core.exceptions import PermissionDenied
from django.db import models
from django.db.models import F, Func, Q
from django.db.models.functions import Coalesce, Lower
from django.http import HttpRequest

from cep_portal.accounts.enums import Role


class Organisation(models.Model):
    """A legal entity that people act for: an operator, France compétences, a partner (ADR 0003)."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField("nom", max_length=200)
    siret = models.CharField("SIRET", max_length=14, null=True, blank=True, unique=True)
    is_fictional = models.BooleanField("fictif", default=False)

    class Meta:
        verbose_name = "organisme"
        constraints = [
            models.CheckConstraint(
                name="organisation_siret_digits",
                condition=Q(siret__isnull=True) | Q(siret__regex=r"^\d{14}$"),
                violation_error_message="Le SIRET compte 14 chiffres.",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """A user with a normalised, lower-case address; without a password, sign-in is by code."""
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password) if password else user.set_unusable_password()
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, email: str | None) -> "User":
        return self.get(email__iexact=email)


class User(AbstractBaseUser):
    """A person who signs in. What the person may do is in the mandates, never on the user."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    # Empty for a personal space that no address opens alone: a mobile, a shared mailbox (docs/adr/0054).
    email = models.EmailField("adresse électronique", blank=True)
    first_name = models.CharField("prénom", max_length=100, blank=True)
    last_name = models.CharField("nom", max_length=100, blank=True)
    is_active = models.BooleanField("actif", default=True)
    joined_at = models.DateTimeField("inscrit le", auto_now_add=True)

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = []

    # The mandate of the present request, set by the middleware: rules read it without a query.
    mandate: "Mandate | None" = None

    class Meta:
        verbose_name = "utilisateur"
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                name="user_email_unique",
                condition=Q(email__gt=""),
                violation_error_message="Cette adresse a déjà un compte.",
            ),
        ]

    def __str__(self) -> str:
        return self.email or str(self.uuid)

    @property
    def full_name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip() or self.email

    @property
    def role(self) -> str | None:
        return self.mandate.role if self.mandate else None

    @property
    def acting(self) -> "Mandate":
        """The mandate of the present request, for what takes one. Raises PermissionDenied without."""
        if self.mandate is None:
            raise PermissionDenied
        return self.mandate

    @property
    def organisation(self) -> Organisation:
        """For whom the person acts at present. Raises PermissionDenied when it is for no organisation."""
        if self.acting.organisation is None:
            raise PermissionDenied
        return self.acting.organisation

    @property
    def organisation_id(self) -> int:
        """The key of `organisation`, without a query. Raises PermissionDenied as it does."""
        if self.acting.organisation_id is None:
            raise PermissionDenied
        return self.acting.organisation_id


class MandateQuerySet(models.QuerySet):
    def active(self, on: date) -> Self:
        return self.filter(
            Q(ends_on__isnull=True) | Q(ends_on__gte=on),
            starts_on__lte=on,
            ended_at__isnull=True,
        )


class Mandate(models.Model):
    """A role given to a person for a time and a scope. Given and ended by accounts.services only."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(User, models.PROTECT, related_name="mandates")
    role = models.CharField("rôle", max_length=20, choices=Role)
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="mandates"
    )
    # An INSEE code: territories lies above accounts; its migration adds the foreign key (ADR 0003).
    region_code = models.CharField("région", max_length=3, null=True, blank=True)  # noqa: DJ001 -- foreign key
    region_name = models.CharField("nom de la région", max_length=60, blank=True)
    starts_on = models.DateField("début")
    ends_on = models.DateField("fin", null=True, blank=True)
    ended_at = models.DateTimeField("retiré le", null=True, blank=True)

    objects = MandateQuerySet.as_manager()

    class Meta:
        verbose_name = "mandat"
        constraints = [
            models.CheckConstraint(
                name="mandate_scope",
                condition=(
                    Q(
                        role__in=(*Role.of_operators, *Role.of_partners),
                        organisation__isnull=False,
                        region_code__isnull=True,
                    )
                    | Q(
                        role__in=Role.of_regions,
                        organisation__isnull=True,
                        region_code__isnull=False,
                    )
                    | Q(
                        role__in=(*Role.of_france_competences, Role.BENEFICIARY),
                        organisation__isnull=True,
                        region_code__isnull=True,
                    )
                ),
                violation_error_message="Le périmètre du mandat ne convient pas au rôle.",
            ),
            models.CheckConstraint(
                name="mandate_dates_ordered",
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                violation_error_message="La fin du mandat précède son début.",
            ),
            ExclusionConstraint(
                name="mandate_no_overlap",
                expressions=[
                    ("user", RangeOperators.EQUAL),
                    ("role", RangeOperators.EQUAL),
                    (Coalesce("organisation_id", 0), RangeOperators.EQUAL),
                    (Coalesce("region_code", models.Value("")), RangeOperators.EQUAL),
                    (
                        Func(
                            "starts_on",
                            "ends_on",
                            RangeBoundary(inclusive_lower=True, inclusive_upper=True),
                            function="daterange",
                            output_field=DateRangeField(),
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                condition=Q(ended_at__isnull=True),
                violation_error_message="Cette personne a déjà ce mandat sur la période.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()} n° {self.pk}"


class BrowserSession(models.Model):
    """A browser where a person is signed in, so that the person sees and ends it (ASVS 7.5.2).

    Written at sign-in and at most every quarter of an hour; gone with the Django session of the same key.
    No network address is kept: it would tell where the person is.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(User, models.CASCADE, related_name="browser_sessions")
    key = models.CharField("clé de session", max_length=40, unique=True)
    browser = models.CharField("navigateur", max_length=80)
    started_at = models.DateTimeField("ouverte le")
    last_seen_at = models.DateTimeField("vue le")

    class Meta:
        verbose_name = "connexion"
        constraints = [
            models.CheckConstraint(
                name="browser_session_seen_after_start",
                condition=Q(last_seen_at__gte=F("started_at")),
                violation_error_message="Une connexion est vue après son ouverture.",
            ),
        ]

    def __str__(self) -> str:
        return str(self.uuid)


class Draft(models.Model):
    """A long text sent by a page of an account whose session had ended: sealed as notes are, for a day.

    Written by accounts.services.keep_draft for the account that the page was signed for, and nobody else;
    given back to that account on the page of `path`.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(User, models.CASCADE, related_name="drafts")
    path = models.CharField("page", max_length=500)
    key_id = models.CharField("clé", max_length=16)
    sealed = models.BinaryField("texte scellé")
    kept_at = models.DateTimeField("gardé le", db_index=True)

    class Meta:
        verbose_name = "brouillon gardé"
        constraints = [
            models.UniqueConstraint(fields=["user", "path"], name="draft_one_a_page"),
            models.CheckConstraint(
                name="draft_sealed",
                condition=Q(key_id__regex=r"^[0-9a-f]{16}$", sealed__gt=b""),
                violation_error_message="Un brouillon est scellé.",
            ),
        ]

    def __str__(self) -> str:
        return f"Brouillon {self.uuid}"


class AuditEvent(models.Model):
    """Who did what, when, under which mandate. Append-only: the triggers refuse any change.

    Lines over a year old that tell acts on people's files may be deleted, and nothing else.
    """

    at = models.DateTimeField("instant", db_index=True)
    actor = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    mandate = models.ForeignKey(Mandate, models.PROTECT, null=True, related_name="+")
    action = models.CharField("acte", max_length=80, db_index=True)
    target_type = models.CharField("type d’objet", max_length=60)
    target_id = models.BigIntegerField("objet")
    data = models.JSONField("détail", default=dict)

    class Meta:
        verbose_name = "ligne du journal"
        indexes = [models.Index(fields=["target_type", "target_id"], name="audit_target")]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update),
            pgtrigger.Protect(
                name="kept_a_year",
                operation=pgtrigger.Delete,
                condition=pgtrigger.Condition(
                    "OLD.at > now() - interval '12 months'"
                    " OR (OLD.action ~ '^(procurement|reporting)[.]' AND OLD.action !~ '[.]opened$')"
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.action} n° {self.pk}"


class SignedRequest(HttpRequest):
    """The request of a view behind `require` or `signed_in`. Never made: it tells mypy who `user` is."""

    user: User
    mandates: list[Mandate]

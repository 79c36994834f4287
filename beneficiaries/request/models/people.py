import uuid
from typing import Any

import pgtrigger
from django.conf import settings
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower

from beneficiaries.request.enums import (
    ContactHours,
)
from beneficiaries.request.models.walls import MERGED_ONCE
from cep_portal.accounts.models import Organisation

ERASED_FIRST_NAME, ERASED_LAST_NAME = "Personne", "effacée"
ERASED_DOMAIN = "@efface.invalid"  # a reserved domain: nothing can be sent there
MOBILE_SHAPE = r"^0[67]( [0-9]{2}){4}$"


def phone_tail(number: Any) -> models.Func:
    """The last nine digits of a number: the same however it was typed, with or without +33."""
    template = "right(regexp_replace(%(expressions)s, '[^0-9]', '', 'g'), 9)"
    return models.Func(number, template=template, output_field=models.CharField())


def open_file(path: str = "") -> Q:
    """Rows whose person, at the end of `path`, has neither frozen nor erased the file; rows of nobody too."""
    return Q(**{f"{path}restricted_at__isnull": True, f"{path}erased_at__isnull": True})


def searched_name() -> models.Func:
    """First and last name without accents, case nor signs, as the index beneficiary_name_trgm holds them."""
    return models.Func(
        "first_name",
        "last_name",
        function="beneficiaries_searched_name",
        output_field=models.TextField(),
    )


class Beneficiary(models.Model):
    """A person who asks for the service, with or without an account.

    Restricted (RGPD, article 18): the file is hidden from operators and nothing is added to it. Erased: the
    row stays so that figures do not move, the identity never comes back. Both by beneficiaries.rights only.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="beneficiary",
    )
    first_name = models.CharField("prénom", max_length=100)
    last_name = models.CharField("nom", max_length=100)
    email = models.EmailField("adresse électronique", blank=True)
    email_verified_at = models.DateTimeField("adresse confirmée le", null=True, blank=True)
    phone = models.CharField("téléphone", max_length=20, blank=True)
    phone_verified_at = models.DateTimeField("téléphone confirmé le", null=True, blank=True)
    created_at = models.DateTimeField("connu depuis")
    restricted_at = models.DateTimeField("gelé le", null=True, blank=True)
    warned_at = models.DateTimeField("prévenu de l’effacement le", null=True, blank=True)
    kept_at = models.DateTimeField("gardé à sa demande le", null=True, blank=True)
    erased_at = models.DateTimeField("effacé le", null=True, blank=True)
    # Null while somebody else gave the contact (ADR 0024): a code, or the link, of the person proves it.
    contact_proved_at = models.DateTimeField("contact confirmé le", null=True, blank=True)
    # Set when an operator's own software keeps the name and the contact (ADR 0033): here, a pseudonym.
    known_through = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="suivi chez"
    )
    # Set while this row is a duplicate of another (ADR 0036): only its contact is still read.
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="merged", verbose_name="réuni à"
    )

    class Meta:
        verbose_name = "bénéficiaire"
        indexes = [
            models.Index(Lower("email"), name="beneficiary_email"),
            models.Index(phone_tail("phone"), name="beneficiary_phone_tail", condition=Q(phone__gt="")),
            GinIndex(OpClass(searched_name(), name="gin_trgm_ops"), name="beneficiary_name_trgm"),
            models.Index("created_at", name="beneficiary_kept", condition=Q(erased_at__isnull=True)),
            models.Index(
                "phone", name="beneficiary_proved_phone", condition=Q(phone_verified_at__isnull=False)
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="beneficiary_erased_is_nobody",
                condition=Q(erased_at__isnull=True)
                | Q(
                    first_name=ERASED_FIRST_NAME,
                    last_name=ERASED_LAST_NAME,
                    email__endswith=ERASED_DOMAIN,
                    phone="",
                ),
                violation_error_message="Une personne effacée n’a plus d’identité.",
            ),
            models.CheckConstraint(
                name="beneficiary_reachable",
                condition=Q(email__gt="") | Q(phone__gt="") | Q(known_through__isnull=False),
                violation_error_message="Une personne a une adresse ou un téléphone.",
            ),
            models.CheckConstraint(
                name="beneficiary_proved_contact_known",
                condition=(Q(email_verified_at__isnull=True) | Q(email__gt=""))
                & (Q(phone_verified_at__isnull=True) | Q(phone__regex=MOBILE_SHAPE)),
                violation_error_message="Un contact confirmé est une adresse, ou un mobile français.",
            ),
            models.CheckConstraint(
                name="beneficiary_not_merged_into_self",
                condition=Q(merged_into__isnull=True) | ~Q(merged_into=F("pk")),
                violation_error_message="On ne réunit pas un dossier à lui-même.",
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="merged_once",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("merged_into_id"),
                func=MERGED_ONCE,
            ),
            # A new contact is not proved by the former one's code, whoever writes it.
            *(
                pgtrigger.Trigger(
                    name=f"new_{contact}_unproved",
                    operation=pgtrigger.Update,
                    when=pgtrigger.Before,
                    condition=pgtrigger.Condition(
                        f"OLD.{contact} IS DISTINCT FROM NEW.{contact}"
                        f" AND OLD.{contact}_verified_at IS NOT DISTINCT FROM NEW.{contact}_verified_at"
                    ),
                    func=f"NEW.{contact}_verified_at = NULL; RETURN NEW;",
                )
                for contact in ("email", "phone")
            ),
        ]

    def __str__(self) -> str:
        return str(self.uuid)

    @property
    def is_closed(self) -> bool:
        """Frozen or erased: nothing is added, and no page proposes it."""
        return self.restricted_at is not None or self.erased_at is not None

    @property
    def full_name(self) -> str:
        return f"{self.first_name} {self.last_name}"


class ContactPreferences(models.Model):
    """How a person wants to be written to; without a row, the defaults of `contact.contact_choices`."""

    beneficiary = models.OneToOneField(
        Beneficiary, models.CASCADE, primary_key=True, related_name="contact_preferences"
    )
    by_email = models.BooleanField("par courriel", default=True)
    by_sms = models.BooleanField("par SMS", default=True)
    discreet = models.BooleanField("textes discrets", default=True)
    contact_hours = models.CharField(
        "heures où me joindre", max_length=10, choices=ContactHours, default=ContactHours.ANY
    )
    reminders = models.BooleanField("rappels", default=True)
    changed_at = models.DateTimeField("choisies le")

    class Meta:
        verbose_name = "préférences de contact"
        constraints = [
            models.CheckConstraint(
                name="contact_some_way",
                condition=Q(by_email=True) | Q(by_sms=True),
                violation_error_message="Gardez une façon de vous écrire.",
            ),
        ]

    def __str__(self) -> str:
        return f"Préférences {self.pk}"

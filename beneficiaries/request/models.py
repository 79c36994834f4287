import uuid
from collections.abc import Sequence
from typing import Any, Self

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower

from beneficiaries.request.enums import (
    AccessNeed,
    CommuneBasis,
    ContactHours,
    Need,
    RequestState,
    Situation,
    Urgency,
)
from beneficiaries.request.rules import plans_to_resign
from cep_portal.accounts.enums import Role
from cep_portal.accounts.models import Organisation, User
from cep_portal.common.marks import by_mark, changed_xid, marked
from cep_portal.documents.models import StoredDocument
from cep_portal.messaging.enums import MessageChannel
from cep_portal.territories.models import Commune
from procurement.contracts.models import Contract

ERASED_FIRST_NAME, ERASED_LAST_NAME = "Personne", "effacée"
ERASED_DOMAIN = "@efface.invalid"  # a reserved domain: nothing can be sent there
MOBILE_SHAPE = r"^0[67]( [0-9]{2}){4}$"


def phone_tail(number: Any) -> models.Func:
    """The last nine digits of a number: the same however it was typed, with or without +33."""
    template = "right(regexp_replace(%(expressions)s, '[^0-9]', '', 'g'), 9)"
    return models.Func(number, template=template, output_field=models.CharField())


# The person of a row changes only between the two people of one merge (ADR 0036), there and back; nothing
# new is written for somebody merged into another.
FOLLOWS_MERGE = """
    IF TG_OP = 'UPDATE' AND OLD.beneficiary_id IS NOT DISTINCT FROM NEW.beneficiary_id THEN
        RETURN NEW;
    END IF;
    IF TG_OP = 'UPDATE' AND OLD.beneficiary_id IS NOT NULL THEN
        IF EXISTS (
            SELECT FROM beneficiaries_beneficiary
            WHERE (id, merged_into_id) IN (
                (OLD.beneficiary_id, NEW.beneficiary_id), (NEW.beneficiary_id, OLD.beneficiary_id)
            )
        ) THEN
            RETURN NEW;
        END IF;
        RAISE EXCEPTION 'the person of % is set once', TG_TABLE_NAME;
    END IF;
    IF (
        SELECT merged_into_id FROM beneficiaries_beneficiary WHERE id = NEW.beneficiary_id FOR KEY SHARE
    ) IS NOT NULL THEN
        RAISE EXCEPTION 'the person is merged into another'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'person_not_merged';
    END IF;
    RETURN NEW;
"""
# What a table says by itself when a service forgets the guard (ADR 0053). `FOR KEY SHARE` waits for an
# erasure or a freezing under way, which take the whole row; the words of an erasure itself stay possible.
UNTOUCHED = """
    SELECT {untouchable} INTO untouchable FROM beneficiaries_beneficiary
    WHERE id = ({person}) FOR KEY SHARE;
    IF untouchable THEN
        RAISE EXCEPTION 'the file of this person is frozen or erased: nothing is written in %', TG_TABLE_NAME
            USING ERRCODE = 'check_violation', CONSTRAINT = 'file_untouched';
    END IF;
    RETURN NEW;
"""
ERASED_WORDS = ("", "Effacé", "effacé")
# The row kept is locked while one is merged into it: two merges that cross wait, then one is refused.
MERGED_ONCE = """
    IF NEW.merged_into_id IS NULL THEN
        RETURN NEW;
    END IF;
    IF TG_OP = 'UPDATE' AND OLD.merged_into_id IS NOT NULL AND OLD.merged_into_id <> NEW.merged_into_id THEN
        RAISE EXCEPTION 'the person is merged already'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'beneficiary_merged_once';
    END IF;
    PERFORM FROM beneficiaries_beneficiary
    WHERE id = NEW.merged_into_id AND merged_into_id IS NULL FOR NO KEY UPDATE;
    IF NOT FOUND OR EXISTS (SELECT FROM beneficiaries_beneficiary WHERE merged_into_id = NEW.id) THEN
        RAISE EXCEPTION 'merges make no chain'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'beneficiary_merged_no_chain';
    END IF;
    RETURN NEW;
"""


def follows_merge() -> pgtrigger.Trigger:
    """The trigger of a table whose rows belong to a person for good, merges apart."""
    return pgtrigger.Trigger(
        name="person_stays",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.UpdateOf("beneficiary_id"),
        func=FOLLOWS_MERGE,
    )


def untouched(
    person: str = "NEW.beneficiary_id", *, texts: Sequence[str] = (), named_late: bool = False
) -> list[pgtrigger.Trigger]:
    """The triggers of a table whose rows speak of a person: `person` is the SQL of their key, from NEW.

    Nothing is inserted for a file frozen or erased; the `texts` of an erased one are only emptied. A row
    `named_late` gets its person after its insertion.
    """
    declare = [("untouchable", "boolean")]
    walls = [
        pgtrigger.Trigger(
            name="file_open",
            when=pgtrigger.Before,
            operation=pgtrigger.Insert | pgtrigger.UpdateOf("beneficiary_id")
            if named_late
            else pgtrigger.Insert,
            condition=pgtrigger.Condition("NEW.beneficiary_id IS NOT NULL") if named_late else None,
            declare=declare,
            func=UNTOUCHED.format(
                person=person, untouchable="restricted_at IS NOT NULL OR erased_at IS NOT NULL"
            ),
        )
    ]
    if texts:
        words = ", ".join(f"'{word}'" for word in ERASED_WORDS)
        written = " OR ".join(
            f"NEW.{name} IS DISTINCT FROM OLD.{name} AND NEW.{name} NOT IN ({words})" for name in texts
        )
        walls.append(
            pgtrigger.Trigger(
                name="words_erased",
                when=pgtrigger.Before,
                operation=pgtrigger.UpdateOf(*texts),
                condition=pgtrigger.Condition(written),
                declare=declare,
                func=UNTOUCHED.format(person=person, untouchable="erased_at IS NOT NULL"),
            )
        )
    return walls


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


class ContactCode(models.Model):
    """A one-time code sent to an address or a mobile, with the contact details that it will confirm.

    `beneficiary` is set when a person already known proves the contact again; `find_past` is the consent
    to be linked with an older file.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    service_request = models.ForeignKey(ServiceRequest, models.CASCADE, related_name="contact_codes")
    beneficiary = models.ForeignKey(Beneficiary, models.CASCADE, null=True, blank=True, related_name="+")
    channel = models.CharField("voie", max_length=5, choices=MessageChannel, default=MessageChannel.EMAIL)
    first_name = models.CharField("prénom", max_length=100)
    last_name = models.CharField("nom", max_length=100)
    email = models.EmailField("adresse électronique", blank=True)
    phone = models.CharField("téléphone", max_length=20, blank=True)
    find_past = models.BooleanField("retrouver le parcours précédent", default=False)
    code_hash = models.CharField(max_length=64)
    sent_at = models.DateTimeField("envoyé le")
    expires_at = models.DateTimeField("périmé après")
    attempts = models.PositiveSmallIntegerField("essais", default=0)
    used_at = models.DateTimeField("utilisé le", null=True, blank=True)

    class Meta:
        verbose_name = "code à usage unique"
        indexes = [
            models.Index(fields=["email", "sent_at"], name="contact_code_email"),
            models.Index(fields=["phone", "sent_at"], name="contact_code_phone"),
        ]
        constraints = [
            models.CheckConstraint(
                name="contact_code_fits_channel",
                condition=Q(channel=MessageChannel.EMAIL, email__contains="@")
                | Q(channel=MessageChannel.SMS, email="", phone__regex=MOBILE_SHAPE),
                violation_error_message="Un code va à une adresse, ou par SMS à un mobile français.",
            ),
            models.CheckConstraint(
                name="contact_code_expires_after_sending",
                condition=Q(expires_at__gt=F("sent_at")),
                violation_error_message="Un code périme après son envoi.",
            ),
            models.CheckConstraint(
                name="contact_code_attempts_bounded",
                condition=Q(attempts__lte=5),
                violation_error_message="Trop d’essais.",
            ),
        ]

    def __str__(self) -> str:
        return str(self.uuid)

    @property
    def by_sms(self) -> bool:
        return self.channel == MessageChannel.SMS

    @property
    def contact(self) -> str:
        """What the code proves: the mobile or the address it was sent to."""
        return self.phone if self.by_sms else self.email

    @property
    def shown_contact(self) -> str:
        """Where the code went, for who typed it; nothing for who only has the reference."""
        return "" if self.beneficiary_id else self.contact

    @property
    def proves(self) -> dict[str, str]:
        return {"phone": self.phone} if self.by_sms else {"email": self.email}

import uuid
from typing import Self

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q

from beneficiaries.request.models import untouched
from cep_portal.accounts.enums import Role
from cep_portal.accounts.models import User
from cep_portal.territories.models import Commune
from operators.booking.agenda.models import Appointment
from operators.casework.attachments.models import Attachment
from operators.casework.pathways.models import Pathway, of_pathway
from operators.casework.summaries.models import SummaryDocument
from operators.moving.transfers.enums import (
    TRANSFER_TRANSITIONS,
    ConsentWay,
    ItemKind,
    RefusalReason,
    TransferReason,
    TransferState,
    WithdrawnBy,
)
from operators.network.models import Adviser
from procurement.contracts.models import Contract

NOT_FROZEN = Q(pathway__beneficiary__restricted_at__isnull=True, pathway__beneficiary__erased_at__isnull=True)
CONSENTED = ("CONSENTED", "SENT", "RECEIVED", "REFUSED")
AFTER_SENDING = ("SENT", "RECEIVED", "REFUSED")


class TransferQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> Self:
        """The former operator's advisers from the first day, the receiving ones once sent, and the person."""
        if user.role == Role.ADVISER:
            return self.filter(NOT_FROZEN, self._side(user.organisation_id))
        if user.role == Role.BENEFICIARY:
            return self.filter(pathway__beneficiary__user=user)
        return self.none()

    def given_by(self, organisation_id: int) -> Self:
        return self.filter(NOT_FROZEN, pathway__contract__holder=organisation_id)

    def received_by(self, organisation_id: int) -> Self:
        """What an operator may know of: sent to it, and neither withdrawn nor expired."""
        return self.filter(
            NOT_FROZEN, contract__holder=organisation_id, state__in=TransferState.seen_by_receiver
        )

    @staticmethod
    def _side(organisation_id: int) -> Q:
        receiving = Q(contract__holder=organisation_id, state__in=TransferState.seen_by_receiver)
        return Q(pathway__contract__holder=organisation_id) | receiving


class Transfer(models.Model):
    """A pathway on its way to the operator of another place, with what the person agreed to pass on.

    `inventory_sha256` is of the items shown. State moves only through transfers.services; triggers refuse to
    rewrite what was shown or agreed. `received_in` is the pathway that goes on at the other operator.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    pathway = models.ForeignKey(Pathway, models.PROTECT, related_name="transfers")
    contract = models.ForeignKey(Contract, models.PROTECT, related_name="+")
    commune = models.ForeignKey(Commune, models.PROTECT, related_name="+")
    reason = models.CharField("motif", max_length=15, choices=TransferReason)
    state = models.CharField("état", max_length=10, choices=TransferState, default=TransferState.PREPARED)
    inventory_sha256 = models.CharField("empreinte de l’inventaire", max_length=64)
    prepared_at = models.DateTimeField("préparé le")
    prepared_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    expires_at = models.DateTimeField("sans suite après le")
    consent_wording = models.CharField("accord", max_length=400, blank=True)
    consent_version = models.PositiveSmallIntegerField("version de l’accord", null=True, blank=True)
    consent_way = models.CharField("accord donné", max_length=10, choices=ConsentWay, blank=True)
    consented_at = models.DateTimeField("accord donné le", null=True, blank=True)
    sent_at = models.DateTimeField("envoyé le", null=True, blank=True)
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    answered_at = models.DateTimeField("réponse du", null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    refusal = models.CharField("motif du refus", max_length=15, choices=RefusalReason, blank=True)
    received_in = models.ForeignKey(
        Pathway, models.PROTECT, null=True, blank=True, related_name="transfers_received"
    )
    received_by = models.ForeignKey(Adviser, models.PROTECT, null=True, blank=True, related_name="+")
    withdrawn_by = models.CharField("retiré par", max_length=10, choices=WithdrawnBy, blank=True)
    ended_at = models.DateTimeField("retiré ou sans suite le", null=True, blank=True)

    objects = TransferQuerySet.as_manager()

    class Meta:
        verbose_name = "transfert"
        indexes = [
            models.Index("expires_at", name="transfer_open", condition=Q(state__in=TransferState.open)),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["pathway"],
                condition=Q(state__in=TransferState.open),
                name="transfer_one_open",
                violation_error_message="Un transfert de ce parcours est déjà en cours.",
            ),
            models.CheckConstraint(
                name="transfer_consent_whole",
                condition=Q(
                    consented_at__isnull=True,
                    consent_wording="",
                    consent_version__isnull=True,
                    consent_way="",
                )
                | Q(
                    consented_at__isnull=False,
                    consented_at__gte=F("prepared_at"),
                    consent_wording__gt="",
                    consent_version__isnull=False,
                    consent_way__in=ConsentWay.values,
                ),
                violation_error_message="Un accord a ses mots, sa version, sa voie et son instant.",
            ),
            models.CheckConstraint(
                name="transfer_nothing_without_consent",
                condition=Q(state="PREPARED", consented_at__isnull=True)
                | Q(state__in=CONSENTED, consented_at__isnull=False)
                | Q(state__in=("WITHDRAWN", "EXPIRED")),
                violation_error_message="Rien n’est transmis sans l’accord de la personne.",
            ),
            models.CheckConstraint(
                name="transfer_sent_after_consent",
                condition=Q(sent_at__isnull=True, sent_by__isnull=True)
                | Q(
                    sent_at__isnull=False,
                    sent_at__gte=F("consented_at"),
                    consented_at__isnull=False,
                    sent_by__isnull=False,
                ),
                violation_error_message="On envoie après l’accord.",
            ),
            models.CheckConstraint(
                name="transfer_state_sent",
                condition=Q(state__in=("PREPARED", "CONSENTED"), sent_at__isnull=True)
                | Q(state__in=AFTER_SENDING, sent_at__isnull=False)
                | Q(state__in=("WITHDRAWN", "EXPIRED")),
                violation_error_message="L’état et l’envoi d’un transfert ne vont pas ensemble.",
            ),
            models.CheckConstraint(
                name="transfer_state_answered",
                condition=Q(
                    state="RECEIVED",
                    answered_at__isnull=False,
                    answered_at__gte=F("sent_at"),
                    answered_by__isnull=False,
                    received_in__isnull=False,
                    received_by__isnull=False,
                    refusal="",
                )
                | Q(
                    state="REFUSED",
                    answered_at__isnull=False,
                    answered_at__gte=F("sent_at"),
                    answered_by__isnull=False,
                    received_in__isnull=True,
                    received_by__isnull=True,
                    refusal__in=RefusalReason.values,
                )
                | (
                    ~Q(state__in=("RECEIVED", "REFUSED"))
                    & Q(
                        answered_at__isnull=True,
                        answered_by__isnull=True,
                        received_in__isnull=True,
                        received_by__isnull=True,
                        refusal="",
                    )
                ),
                violation_error_message="Une réponse dit laquelle, de qui et quand.",
            ),
            models.CheckConstraint(
                name="transfer_state_ended",
                condition=Q(state="WITHDRAWN", ended_at__isnull=False, withdrawn_by__in=WithdrawnBy.values)
                | Q(state="EXPIRED", ended_at__isnull=False, ended_at__gte=F("expires_at"), withdrawn_by="")
                | (~Q(state__in=("WITHDRAWN", "EXPIRED")) & Q(ended_at__isnull=True, withdrawn_by="")),
                violation_error_message="Un transfert arrêté dit quand et par qui.",
            ),
            models.CheckConstraint(
                name="transfer_lasts",
                condition=Q(expires_at__gt=F("prepared_at")),
                violation_error_message="Un transfert dure un temps.",
            ),
        ]
        triggers = [
            *untouched(of_pathway()),
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
            pgtrigger.FSM(
                name="state_moves",
                field="state",
                transitions=[
                    (str(start), str(end))
                    for start, ends in TRANSFER_TRANSITIONS.items()
                    for end in sorted(ends)
                ],
            ),
            pgtrigger.ReadOnly(
                name="shown_fixed",
                fields=[
                    *("uuid", "pathway", "contract", "commune", "reason", "inventory_sha256"),
                    *("prepared_at", "prepared_by", "expires_at"),
                ],
            ),
            pgtrigger.Protect(
                name="consent_fixed",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    "OLD.consented_at IS NOT NULL AND"
                    " (OLD.consented_at, OLD.consent_wording, OLD.consent_version, OLD.consent_way)"
                    " IS DISTINCT FROM"
                    " (NEW.consented_at, NEW.consent_wording, NEW.consent_version, NEW.consent_way)"
                ),
            ),
            pgtrigger.Protect(
                name="begins_prepared",
                operation=pgtrigger.Insert,
                condition=pgtrigger.Condition("NEW.state <> 'PREPARED'"),
            ),
            pgtrigger.Trigger(
                name="received_by_whom_it_was_for",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition("NEW.state = 'RECEIVED'"),
                func=pgtrigger.Func(
                    """
                    IF NOT EXISTS (
                        SELECT FROM operators_pathway there, operators_pathway former,
                            operators_adviser adviser, operators_site site
                        WHERE there.id = NEW.received_in_id AND former.id = NEW.pathway_id
                        AND there.beneficiary_id = former.beneficiary_id
                        AND there.contract_id = NEW.contract_id
                        AND adviser.id = NEW.received_by_id AND site.id = adviser.site_id
                        AND site.contract_id = NEW.contract_id
                    ) THEN
                        RAISE EXCEPTION 'received_by_whom_it_was_for: same person, the contract agreed to'
                            USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                    """
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"Transfert {self.uuid}"


class TransferItem(models.Model):
    """One thing that may go, as shown to the person: `content` has its lines, and what restores it there.

    `is_agreed` is the person's answer to this very item. Once the person has answered nothing changes but
    erasure, which blanks the words.
    """

    transfer = models.ForeignKey(Transfer, models.PROTECT, related_name="items")
    kind = models.CharField("ce que c’est", max_length=10, choices=ItemKind)
    position = models.PositiveSmallIntegerField("rang")
    title = models.CharField("intitulé", max_length=160, blank=True)
    content = models.JSONField("contenu", default=dict, blank=True)
    sha256 = models.CharField("empreinte", max_length=64)
    attachment = models.ForeignKey(Attachment, models.PROTECT, null=True, blank=True, related_name="+")
    summary = models.ForeignKey(SummaryDocument, models.PROTECT, null=True, blank=True, related_name="+")
    is_agreed = models.BooleanField("accepté", null=True, blank=True)

    class Meta:
        verbose_name = "élément d’un transfert"
        verbose_name_plural = "éléments de transferts"
        constraints = [
            models.UniqueConstraint(fields=["transfer", "position"], name="transfer_item_one_a_rank"),
            models.CheckConstraint(
                name="transfer_item_bytes_of",
                condition=(Q(kind="FILE") & Q(attachment__isnull=False, summary__isnull=True))
                | (Q(kind="SUMMARY") & Q(attachment__isnull=True, summary__isnull=False))
                | (~Q(kind__in=("FILE", "SUMMARY")) & Q(attachment__isnull=True, summary__isnull=True)),
                violation_error_message="Un fichier ou une synthèse nomme ce qui est copié.",
            ),
            models.CheckConstraint(
                name="transfer_item_digest_hexadecimal",
                condition=Q(sha256__regex=r"^[0-9a-f]{64}$"),
                violation_error_message="L’empreinte compte 64 chiffres hexadécimaux.",
            ),
        ]
        triggers = [
            *untouched(
                of_pathway(("operators_transfer", "pathway_id"), start="NEW.transfer_id"), texts=["title"]
            ),
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(
                name="item_is_what",
                fields=["transfer", "kind", "position", "sha256", "attachment", "summary"],
            ),
            pgtrigger.Protect(
                name="words_only_erased",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    "((OLD.title <> NEW.title AND NEW.title <> '')"
                    " OR (OLD.content <> NEW.content AND NEW.content <> '{}'::jsonb))"
                ),
            ),
            pgtrigger.Trigger(
                name="fixed_once_answered",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func=pgtrigger.Func(
                    """
                    IF (TG_OP = 'INSERT' OR NEW.is_agreed IS DISTINCT FROM OLD.is_agreed) AND NOT EXISTS (
                        SELECT FROM operators_transfer transfer
                        WHERE transfer.id = NEW.transfer_id AND transfer.state = 'PREPARED'
                    ) THEN
                        RAISE EXCEPTION 'fixed_once_answered: an inventory agreed to never changes'
                            USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                    """
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"Élément {self.pk}"


class TransferAppointment(models.Model):
    """What the person wants of an appointment to come at the former operator, said with the consent."""

    transfer = models.ForeignKey(Transfer, models.PROTECT, related_name="appointments")
    appointment = models.ForeignKey(Appointment, models.PROTECT, related_name="+")
    is_kept = models.BooleanField("gardé")

    class Meta:
        verbose_name = "rendez-vous d’un transfert"
        verbose_name_plural = "rendez-vous de transferts"
        constraints = [
            models.UniqueConstraint(fields=["transfer", "appointment"], name="transfer_appointment_once"),
        ]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"Rendez-vous {self.pk}"

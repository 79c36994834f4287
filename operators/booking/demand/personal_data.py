"""What this subject keeps about people, column by column (cep_portal.common.personal_data)."""

from datetime import datetime
from typing import Any

from django.db.models import Q, Value

from beneficiaries.request.models import phone_tail
from cep_portal.common import retention
from cep_portal.common.personal_data import KEPT, PersonManifest, Subject, Treatment
from operators.booking.demand.models import (
    CallBack,
    CallTry,
    EarlierAlert,
    SlotOffer,
    UnmetDemand,
    WaitingEntry,
)
from operators.booking.demand.services import end_by_erasure


def _call_backs(subject: Subject) -> Any:
    """Those of the person's requests, and those asked without a name proved, by the number however typed.

    A number that two people share tells nothing of the requests that have a person.
    """
    numbers = [phone_tail(Value(number)) for number in subject.phones]
    nobody_s = Q(service_request__beneficiary__isnull=True, phone__gt="", tail__in=numbers)
    return CallBack.objects.alias(tail=phone_tail("phone")).filter(
        Q(service_request__beneficiary=subject.beneficiary_id) | nobody_s
    )


def _erase_call_backs(subject: Subject, now: datetime) -> None:
    """Without a number nobody can be called: what is still owed is owed no more."""
    own = _call_backs(subject)
    end_by_erasure(call_backs=own, now=now)
    own.update(name="", phone="")


MANIFESTS = (
    PersonManifest(
        model=CallBack,
        title="Vos rappels",
        purpose="Vous appeler le jour promis.",
        retention=retention.CALL_BACK,
        order=32,
        rows=_call_backs,
        personal={
            "name": "",
            "phone": "",
            **dict.fromkeys(
                (
                    *("call_hours", "level", "modes", "hours", "asked_at", "promised_on"),
                    *("state", "ended_at", "taken_at", "give_up_reason"),
                ),
                KEPT,
            ),
        },
        technical=("id", "uuid", "service_request", "site", "ended_by", "taken_by"),
        erase_with=_erase_call_backs,
    ),
    PersonManifest(
        model=CallTry,
        title="Nos appels",
        purpose="Tenir la promesse de vous appeler.",
        retention=retention.WITHOUT_IDENTITY,
        order=33,
        rows=lambda subject: CallTry.objects.filter(call_back__in=_call_backs(subject)),
        personal=dict.fromkeys(("number", "tried_at", "reached"), KEPT),
        technical=("id", "call_back", "by"),
    ),
    PersonManifest(
        model=WaitingEntry,
        title="Vos attentes d’une place",
        purpose="Vous proposer une place qui se libère.",
        retention=retention.WITHOUT_IDENTITY,
        order=34,
        rows=lambda subject: WaitingEntry.objects.filter(beneficiary=subject.beneficiary_id),
        personal=dict.fromkeys(
            (
                *("anywhere", "level", "modes", "hours", "from_on", "created_at", "queued_at"),
                *("unanswered", "state", "ended_at"),
            ),
            KEPT,
        ),
        technical=("id", "uuid", "service_request", "beneficiary", "contract", "site"),
        on_merge={"beneficiary": Treatment.MOVES},
    ),
    PersonManifest(
        model=EarlierAlert,
        title="Vos alertes de place plus tôt",
        purpose="Vous prévenir d’une place plus tôt.",
        retention=retention.WITHOUT_IDENTITY,
        order=36,
        rows=lambda subject: EarlierAlert.objects.filter(beneficiary=subject.beneficiary_id),
        personal=dict.fromkeys(("other_adviser", "created_at", "state", "ended_at"), KEPT),
        technical=("id", "uuid", "appointment", "beneficiary"),
        on_merge={"beneficiary": Treatment.MOVES},
    ),
    PersonManifest(
        model=SlotOffer,
        title="Les places proposées",
        purpose="Vous garder une place le temps de répondre.",
        retention=retention.WITHOUT_IDENTITY,
        order=37,
        rows=lambda subject: SlotOffer.objects.filter(beneficiary=subject.beneficiary_id),
        personal=dict.fromkeys(("made_at", "expires_at", "state", "ended_at"), KEPT),
        technical=(
            *("id", "uuid", "entry", "alert", "beneficiary", "appointment", "booked"),
            "passed_on_from",
        ),
        on_merge={"beneficiary": Treatment.MOVES},
    ),
)
IMPERSONAL = (UnmetDemand,)

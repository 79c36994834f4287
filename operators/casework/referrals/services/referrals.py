from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction

from beneficiaries.request.services.guard import lock_person
from cep_portal.accounts.models import User
from cep_portal.accounts.services import record
from cep_portal.common.locks import locked
from operators.casework.pathways.models import Pathway
from operators.casework.pathways.services import require_not_transferred
from operators.casework.referrals import notices, rules, wording
from operators.casework.referrals.enums import AnsweredBy, ReferralState, Way
from operators.casework.referrals.errors import (
    AlreadyAnswered,
    AlreadyReferred,
    ConsentMissing,
    DoorClosed,
    TextChanged,
)
from operators.casework.referrals.models import Referral, ReferralDoor


@dataclass(frozen=True)
class ReferralFacts:
    """Why a person is referred and what goes with them: `shown` is what they read before agreeing."""

    reason: str
    note: str
    shares: Collection[str]
    shown: str


@transaction.atomic
def send_referral(
    *, pathway: Pathway, door: ReferralDoor, facts: ReferralFacts, consented: bool, by: User, now: datetime
) -> Referral:
    """Refer a person to a door with what they agreed to transmit; a door with an address is written to.

    `shown` is the fingerprint of the text that the person read. Without an address nothing leaves the
    portal: the person goes there, the adviser notes the answer. Raises ConsentMissing, TextChanged,
    DoorClosed, AlreadyReferred, PathwayTransferred, and FileRestricted for a frozen file.
    """
    pathway.beneficiary = lock_person(pathway.beneficiary_id)
    if not consented:
        raise ConsentMissing("Sans l’accord de la personne, rien n’est transmis.")
    require_not_transferred(pathway.pk)
    text = wording.transmitted(pathway=pathway, reason=facts.reason, note=facts.note, shares=facts.shares)
    if wording.fingerprint(text) != facts.shown:
        raise TextChanged("Le texte a changé depuis que la personne l’a lu : relisez-le ensemble.")
    door = locked(ReferralDoor.objects.all(), [door.pk])[door.pk]
    if not door.is_active:
        raise DoorClosed("Ce partenaire n’est plus proposé : choisissez-en un autre.")
    referral = Referral(
        pathway=pathway,
        door=door,
        reason=facts.reason,
        note=" ".join(facts.note.split()),
        transmitted=text,
        consent_wording=wording.consent(door),
        consented_at=now,
        way=Way.MESSAGE if door.email else Way.PERSON,
        sent_at=now,
        sent_by=by,
    )
    try:
        with transaction.atomic():
            referral.save(force_insert=True)
    except IntegrityError as refusal:
        if "referral_one_open" not in str(refusal):
            raise
        raise AlreadyReferred("Une orientation vers ce partenaire est déjà en cours.") from refusal
    if referral.way == Way.MESSAGE:
        notices.tell_door(referral, now=now)
    record(
        action="operators.referral.sent",
        target=referral,
        by=by,
        data={"door": door.pk, "way": str(referral.way)},
        now=now,
    )
    return referral


@transaction.atomic
def answer_referral(*, referral: Referral, state: str, note: str, by: User | None, now: datetime) -> Referral:
    """Write the door's answer, given by its link (`by` None) or learnt by the adviser; the person is told.

    Raises AlreadyAnswered when the referral no longer waits for that answer, FileRestricted.
    """
    lock_person(referral.pathway.beneficiary_id)
    locked = _locked(referral)
    if state not in ReferralState.answers or not rules.may_become(locked.state, state):
        raise AlreadyAnswered(f"Cette orientation est déjà {locked.get_state_display()}.")
    locked.state = ReferralState(state)
    locked.answered_at = now
    locked.answered_how = AnsweredBy.LINK if by is None else AnsweredBy.ADVISER
    locked.answered_by = by
    locked.answer_note = " ".join(note.split()) or locked.answer_note
    locked.done_at = now if locked.state == ReferralState.DONE else None
    locked.save(
        update_fields=["state", "answered_at", "answered_how", "answered_by", "answer_note", "done_at"]
    )
    notices.tell_answer(locked, now=now)
    record(
        action="operators.referral.answered",
        target=locked,
        by=by,
        data={"state": str(locked.state), "how": str(locked.answered_how)},
        now=now,
    )
    return locked


@transaction.atomic
def withdraw_referral(*, referral: Referral, by: User | None, now: datetime) -> Referral:
    """The person takes the agreement back: the link shows nothing any more and the door is told so.

    Raises AlreadyAnswered when the referral is over.
    """
    locked = _locked(referral)
    if not rules.may_become(locked.state, ReferralState.WITHDRAWN):
        raise AlreadyAnswered(f"Cette orientation est déjà {locked.get_state_display()}.")
    locked.state, locked.withdrawn_at = ReferralState.WITHDRAWN, now
    locked.save(update_fields=["state", "withdrawn_at"])
    if locked.way == Way.MESSAGE:
        notices.tell_withdrawn(locked, now=now)
    record(action="operators.referral.withdrawn", target=locked, by=by, now=now)
    return locked


def _locked(referral: Referral) -> Referral:
    rows = Referral.objects.select_for_update(of=("self",))
    return rows.select_related("door", "pathway__beneficiary").get(pk=referral.pk)

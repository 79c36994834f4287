from datetime import datetime

from django.conf import settings
from django.db import transaction

from beneficiaries.request.errors import RequestOfAnother
from beneficiaries.request.models import Beneficiary, ServiceRequest
from beneficiaries.request.services.guard import lock_file, lock_person
from cep_portal.accounts.models import User
from cep_portal.accounts.services import record
from cep_portal.common.later import later
from cep_portal.common.task_names import TaskName
from operators.booking.agenda.services import lock_request
from operators.booking.demand import notices, rules, selectors
from operators.booking.demand.enums import DemandWay, EntryState, OfferState, WishedHours
from operators.booking.demand.errors import AlreadyBooked, EntryOver
from operators.booking.demand.models import SlotOffer, WaitingEntry
from operators.booking.demand.services.ends import end_offer
from operators.booking.demand.services.unmet import Wish, in_order, record_unmet
from operators.network.enums import Mode


@transaction.atomic
def join_waiting_list(
    *, service_request: ServiceRequest, beneficiary: Beneficiary, wish: Wish, now: datetime
) -> WaitingEntry:
    """Take the last place of the list; who already waits for this request keeps the place, with new wishes.

    Raises AlreadyBooked when the person has a coming appointment (an earlier one is then asked from its
    page), RequestOfAnother when the request is somebody else's.
    """
    request = lock_request(service_request)
    person = lock_person(beneficiary)
    if request is None or request.beneficiary_id != person.pk:
        raise RequestOfAnother("Cette demande est au nom d’une autre personne. Faites votre propre demande.")
    if selectors.coming_appointment(beneficiary=person, now=now) is not None:
        raise AlreadyBooked("Vous avez déjà un rendez-vous. Sur sa page, demandez une place plus tôt.")
    wishes = {
        "level": wish.level,
        "modes": in_order(wish.modes, Mode),
        "hours": in_order(wish.hours, WishedHours),
        "site": wish.site,
        "anywhere": wish.anywhere or wish.site is None,
        "from_on": wish.from_on,
    }
    entry = selectors.entry_waiting(service_request=request)
    if entry is not None:
        return _change(entry, wishes, now=now)
    record_unmet(
        service_request=service_request,
        level=wish.level,
        modes=wish.modes,
        hours=wish.hours,
        way=DemandWay.WAITING,
        now=now,
    )
    entry = WaitingEntry.objects.create(
        service_request=request,
        beneficiary=person,
        contract_id=request.contract_id,
        created_at=now,
        queued_at=now,
        **wishes,
    )
    record(action="operators.waiting.joined", target=entry, by=None, now=now)
    later(TaskName.OFFER_FREE_SLOTS, contract_id=entry.contract_id)
    return entry


def _change(entry: WaitingEntry, wishes: dict, *, now: datetime) -> WaitingEntry:
    for name, value in wishes.items():
        setattr(entry, name, value)
    entry.save(update_fields=list(wishes))
    record(action="operators.waiting.changed", target=entry, by=None, now=now)
    later(TaskName.OFFER_FREE_SLOTS, contract_id=entry.contract_id)
    return entry


@transaction.atomic
def leave_waiting_list(*, entry: WaitingEntry, now: datetime, by: User | None = None) -> WaitingEntry:
    """The person waits no longer; the slot offered to them, if any, goes to the next one.

    Raises EntryOver when the place is already given up.
    """
    lock_request(entry.service_request)
    lock_file(entry.beneficiary)
    entry = locked_entry(entry)
    if not rules.entry_may_become(entry.state, EntryState.LEFT):
        raise EntryOver(f"Vous n’êtes plus dans la liste : {entry.get_state_display()}.")
    end_entry(entry, EntryState.LEFT, by=by, now=now)
    later(TaskName.OFFER_FREE_SLOTS, contract_id=entry.contract_id)
    return entry


def locked_entry(entry: WaitingEntry) -> WaitingEntry:
    return (
        WaitingEntry.objects.select_for_update(of=("self",))
        .select_related("service_request", "beneficiary")
        .get(pk=entry.pk)
    )


def end_entry(entry: WaitingEntry, state: str, *, by: User | None, now: datetime) -> None:
    """Close a place and take back the offer that waits for an answer; request and person are locked."""
    entry.state, entry.ended_at = state, now
    entry.save(update_fields=["state", "ended_at"])
    record(action=f"operators.waiting.{EntryState(state).name.lower()}", target=entry, by=by, now=now)
    for offer in SlotOffer.objects.select_for_update(of=("self",)).filter(
        entry=entry, state=OfferState.PENDING
    ):
        end_offer(offer, OfferState.WITHDRAWN, by=by, now=now)


def count_unanswered(entry: WaitingEntry, *, now: datetime) -> None:
    """An offer stayed without answer: the last place now, and out of the list after several in a row."""
    entry = locked_entry(entry)
    if entry.state != EntryState.WAITING:
        return
    entry.unanswered, entry.queued_at = entry.unanswered + 1, now
    entry.save(update_fields=["unanswered", "queued_at"])
    if entry.unanswered >= settings.PORTAL_OFFERS_UNANSWERED:
        end_entry(entry, EntryState.UNANSWERED, by=None, now=now)
        notices.tell_left_unanswered(entry, now=now)

from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection, transaction
from django.template.loader import render_to_string

from cep_portal.accounts.enums import Role
from cep_portal.accounts.models import Mandate, User
from cep_portal.accounts.services import record
from cep_portal.common.days import PARIS, local_day
from cep_portal.common.links import portal_link
from cep_portal.messaging.enums import MessageKind
from cep_portal.messaging.services import enqueue_message
from operators.booking.supervision import selectors
from operators.booking.supervision.enums import CloseReason, OpeningRequestState
from operators.booking.supervision.errors import RequestOver
from operators.booking.supervision.models import OpeningRequest
from procurement.contracts.models import Contract


def count_missing_slots(*, now: datetime) -> int:
    """Compare who waits with what is free soon, place by place; returns the requests open afterwards.

    Where more people wait than slots are free within PORTAL_SUPERVISION_DAYS, the operator is asked for
    the difference; a request whose slots were opened is met. Managers get one digest a day. Safe to run
    twice: the counts are written again, nothing is asked twice.
    """
    for contract in selectors.contracts_with_sites(now=now):
        _count(contract, now=now, asks=True)
    _tell_managers(now=now)
    return OpeningRequest.objects.open().count()


def follow_opening_requests(*, now: datetime) -> None:
    """Count again where requests are open, so that one is met soon after its slots were opened."""
    for contract in selectors.contracts_to_count():
        _count(contract, now=now, asks=False)


@transaction.atomic
def _count(contract: Contract, *, now: datetime, asks: bool) -> None:
    with connection.cursor() as cursor:  # the night and the day never count a contract together
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('openings', %s))", [contract.pk])
    waiting = selectors.waiting_by_place(contract=contract)
    live = {
        (opening_request.site_id, opening_request.level, opening_request.mode): opening_request
        for opening_request in OpeningRequest.objects.open()
        .filter(contract=contract)
        .select_for_update(of=("self",))
    }
    if not waiting and not live:
        return
    places = {*waiting, *live}
    free = selectors.free_by_place(contract=contract, places=places, now=now)
    silent = _silent(contract, now=now)
    for place in sorted(places, key=str):
        people, slots = waiting.get(place, 0), free[place]
        if request := live.get(place):
            _count_again(request, people, slots, now=now)
        elif asks and people > slots and place not in silent:
            _ask(contract, place, people, slots, now=now)


def _silent(contract: Contract, *, now: datetime) -> set[selectors.Place]:
    """The places a manager answered for a few days ago: not asked again at once."""
    since = now - timedelta(days=settings.PORTAL_SUPERVISION_SILENCE_DAYS)
    closed = OpeningRequest.objects.filter(
        contract=contract, state=OpeningRequestState.CLOSED, closed_at__gt=since
    )
    return set(closed.order_by("pk").values_list("site", "level", "mode"))


def _ask(contract: Contract, place: selectors.Place, waiting: int, free: int, *, now: datetime) -> None:
    site, level, mode = place
    request = OpeningRequest.objects.create(
        contract=contract,
        site_id=site,
        level=level,
        mode=mode,
        asked_at=now,
        counted_on=local_day(now, PARIS),
        counted_at=now,
        waiting=waiting,
        free=free,
    )
    record(
        action="operators.opening_request.asked",
        target=request,
        by=None,
        data={"waiting": waiting, "free": free},
        now=now,
    )


def _count_again(request: OpeningRequest, waiting: int, free: int, *, now: datetime) -> None:
    request.waiting, request.free = waiting, free
    request.counted_on, request.counted_at = local_day(now, PARIS), now
    changed = ["waiting", "free", "counted_on", "counted_at"]
    if waiting <= free:
        request.state, request.closed_at = OpeningRequestState.MET, now
        changed += ["state", "closed_at"]
    request.save(update_fields=changed)
    if request.state == OpeningRequestState.MET:
        record(action="operators.opening_request.met", target=request, by=None, now=now)


@transaction.atomic
def close_opening_request(*, request: OpeningRequest, reason: str, by: User, now: datetime) -> OpeningRequest:
    """Answer that nothing more will be opened, and why; raises RequestOver when it was met or closed."""
    request = OpeningRequest.objects.select_for_update(of=("self",)).get(pk=request.pk)
    if not request.may_become(OpeningRequestState.CLOSED):
        raise RequestOver(f"Cette demande est déjà {request.get_state_display()}.")
    request.state, request.closed_at, request.closed_by = OpeningRequestState.CLOSED, now, by
    request.reason = CloseReason(reason)
    request.save(update_fields=["state", "closed_at", "closed_by", "reason"])
    record(action="operators.opening_request.closed", target=request, by=by, data={"reason": reason}, now=now)
    return request


@transaction.atomic
def _tell_managers(*, now: datetime) -> None:
    """One digest a day to each manager of an operator that has slots to open."""
    today = local_day(now, PARIS)
    requests = OpeningRequest.objects.open().select_related("site", "contract")
    by_holder: dict[int, list[OpeningRequest]] = {}
    for request in requests.order_by("asked_at", "pk"):
        by_holder.setdefault(request.contract.holder_id, []).append(request)
    mandates = Mandate.objects.active(today).filter(
        role=Role.OPERATOR_MANAGER, organisation__in=by_holder, user__is_active=True
    )
    for mandate in mandates.select_related("user").order_by("pk"):
        openings = by_holder[mandate.organisation_id or 0]
        missing = sum(opening.missing for opening in openings)
        body = render_to_string(
            "operators/booking/supervision/mail/digest.txt",
            {
                "manager": mandate.user,
                "requests": openings,
                "days": settings.PORTAL_SUPERVISION_DAYS,
                "link": portal_link("operators:capacity"),
            },
        )
        enqueue_message(
            key=f"openings-{today}-{mandate.organisation_id}-{mandate.user_id}",
            recipient=mandate.user.email,
            subject=f"Créneaux à ouvrir : {missing}",
            body=body,
            kind=MessageKind.STAFF,
            lifetime=timedelta(hours=18),
            now=now,
        )

"""Who comes next: somebody whose pathway goes on, whoever waits for an answer, else a newcomer."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random
from typing import NamedTuple

from django.db.models import Exists, Max, OuterRef

from beneficiaries.request.enums import RequestState
from beneficiaries.request.models import Beneficiary, ServiceRequest
from cep_portal.demo.dataset.clock import start_of
from cep_portal.demo.dataset.history import draw_need, draw_situation, draw_urgency
from cep_portal.demo.dataset.names import Names
from cep_portal.demo.dataset.requests import MARK, somebody_new
from cep_portal.demo.dataset.rows import CROCKFORD
from cep_portal.demo.living.fates import fate
from cep_portal.demo.living.past import FICTIONAL, next_level
from operators.booking.agenda.models import Appointment
from operators.casework.pathways.enums import PathwayState
from operators.casework.pathways.models import Pathway
from operators.network.models import Adviser

LOOKED_BACK = timedelta(days=60)
REST = timedelta(days=12)  # between two sessions of a pathway
FIRST_SHARE = 0.3  # of the sessions, the first ones: a pathway holds three or four
ANSWERED_AFTER = timedelta(days=4)  # a request waits so long, then its person is given a slot


class Coming(NamedTuple):
    person: Beneficiary
    request: ServiceRequest | None
    level: str


@dataclass
class People:
    """Those who may come on the days ahead, seen as one day begins. Each is taken once."""

    day: date
    root: str
    newcomers: int = 0
    returning: dict[int, list[Pathway]] = field(init=False)  # by adviser, the longest wait last
    waiting: dict[int, list[ServiceRequest]] = field(init=False)  # by contract, the oldest last
    names: Names = field(init=False)

    def __post_init__(self) -> None:
        self.returning, self.waiting = _returning(self.day), _waiting(self.day)
        self.names = Names(fate(self.root, "names", self.day))

    def next_for(self, adviser: Adviser, starts: datetime, *, booked: datetime, draws: Random) -> Coming:
        own = self.returning.get(adviser.pk)
        is_first = draws.random() < FIRST_SHARE  # else, after a month or two, nobody new would ever come
        if not is_first and own and own[-1].last_at + REST <= starts:  # type: ignore[attr-defined]  # annotated
            pathway = own.pop()
            return Coming(pathway.beneficiary, pathway.service_request, next_level(pathway, self.root))
        asked = self.waiting.get(adviser.site.contract_id)
        request = asked.pop() if asked else self._newcomer(adviser, booked=booked, draws=draws)
        ServiceRequest.objects.filter(pk=request.pk).update(state=RequestState.SCHEDULED)
        if request.beneficiary is None:
            raise ValueError("each request of the demonstration has a person")
        return Coming(request.beneficiary, request, "ONE")

    def _newcomer(self, adviser: Adviser, *, booked: datetime, draws: Random) -> ServiceRequest:
        asked = booked - timedelta(minutes=draws.randrange(5, 90))
        self.newcomers += 1
        number = f"{self.day:%y%m%d}a{self.newcomers}"
        need = draw_need(draws)
        return ServiceRequest.objects.create(
            reference="".join(draws.choices(CROCKFORD, k=12)),
            requested_at=asked,
            situation=draw_situation(draws),
            commune=adviser.site.commune,
            commune_basis="HOME",
            needs=[need],
            urgency="RESIGNATION" if need == "RESIGN_TO_RETRAIN" else draw_urgency(draws),
            contract=adviser.site.contract,
            beneficiary=somebody_new(self.names, number, asked=asked),
        )


def _returning(day: date) -> dict[int, list[Pathway]]:
    """Open pathways of fictional people whom nobody expects yet."""
    now = start_of(day)
    expected = Appointment.objects.not_over(now).filter(beneficiary=OuterRef("beneficiary"))
    pathways = Pathway.objects.filter(
        ~Exists(expected),
        state=PathwayState.OPEN,
        beneficiary__email__endswith=FICTIONAL,
        beneficiary__restricted_at=None,
        beneficiary__erased_at=None,
        beneficiary__merged_into=None,
    ).annotate(last_at=Max("sessions__starts_at"))
    by_adviser: dict[int, list[Pathway]] = defaultdict(list)
    recent = pathways.filter(last_at__gt=now - LOOKED_BACK).select_related("beneficiary")
    for pathway in recent.order_by("-last_at", "pk"):
        by_adviser[pathway.adviser_id].append(pathway)
    return by_adviser


def _waiting(day: date) -> dict[int, list[ServiceRequest]]:
    """Requests of the demonstration that waited long enough."""
    asked = ServiceRequest.objects.filter(
        reference__startswith=MARK,
        state=RequestState.REGISTERED,
        requested_at__lt=start_of(day) - ANSWERED_AFTER,
        beneficiary__email__endswith=FICTIONAL,
    )
    by_contract: dict[int, list[ServiceRequest]] = defaultdict(list)
    for request in asked.select_related("beneficiary").order_by("-requested_at", "pk"):
        by_contract[request.contract_id].append(request)
    return by_contract

"""Requests that nobody has answered yet: what the intake officer finds in the morning.

Their references carry the day that brought them, so that the last day lived is read from the data.
"""

import random
from datetime import date, datetime, timedelta

from beneficiaries.request.models import Beneficiary, ServiceRequest
from cep_portal.demo.dataset.clock import start_of
from cep_portal.demo.dataset.names import Names
from operators.network.models import Site

MARK = "DEM2"
# Needs, urgency, hours before the day begins: an evening, a morning…
FIRST_DAY = (
    (["CHANGE_JOB", "TRAINING"], "NO_HURRY", 5),
    (["RESIGN_TO_RETRAIN"], "RESIGNATION", 14),
    (["TRAINING"], "CONTRACT_END", 53),
    (["CREATE_BUSINESS"], "WITHIN_MONTH", 87),
)
EACH_DAY = (
    (["CHANGE_JOB"], "NO_HURRY", 6),
    (["TRAINING"], "WITHIN_MONTH", 13),
)


def lay_requests(*, site: Site, day: date, wishes=EACH_DAY) -> None:
    """Write the requests that a day begins with, at the contract of a site."""
    names = Names(random.Random(day.toordinal()))
    for place, (needs, urgency, hours) in enumerate(wishes):
        asked = start_of(day) - timedelta(hours=hours)
        ServiceRequest.objects.create(
            reference=reference_of(day, place),
            requested_at=asked,
            situation="EMPLOYEE",
            commune=site.commune,
            commune_basis="HOME",
            needs=needs,
            urgency=urgency,
            contract=site.contract,
            beneficiary=somebody_new(names, f"{day:%y%m%d}{place}", asked=asked),
        )


def somebody_new(names: Names, number: str, *, asked: datetime) -> Beneficiary:
    """A fictional person whose address bears a number of its own."""
    first, last, email, phone = names.person(number)
    return Beneficiary.objects.create(
        first_name=first,
        last_name=last,
        email=email,
        phone=phone,
        created_at=asked,
        contact_proved_at=asked,
        email_verified_at=asked,
    )


def reference_of(day: date, place: int) -> str:
    """Twelve signs, as every reference: the mark, the day, the place in the day."""
    return f"{MARK}{day:%y%m%d}{place:02d}"


def last_day_lived() -> date | None:
    """The day of the latest request of ours; None where there is no demonstration."""
    marked = ServiceRequest.objects.filter(reference__startswith=MARK)
    latest = marked.order_by("-reference").values_list("reference", flat=True).first()
    return datetime.strptime(latest[4:10], "%y%m%d").date() if latest else None  # noqa: DTZ007 -- a day

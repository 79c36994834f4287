"""The agenda ahead, filled as its days come nearer: a slot is taken on the day when its turn has come."""

from collections import defaultdict
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.models import Count

from cep_portal.demo.dataset.clock import start_of
from cep_portal.demo.dataset.history import BUFFER, FUTURE_DAYS, SESSION, SHOWN_LEAST, draw_mode
from cep_portal.demo.living.fates import fate, share_of
from cep_portal.demo.living.people import LOOKED_BACK, People
from operators.booking.agenda.enums import AppointmentState
from operators.booking.agenda.models import Appointment, OpeningRule
from operators.booking.agenda.selectors import free_slots
from operators.network.models import Adviser
from procurement.contracts.models import Contract

DAY = timedelta(days=1)
LEAST_SHARE, MOST_SHARE = 0.1, 0.9
SHOWN_AHEAD = 7  # days on which the named adviser surely has somebody
MORNING = (time(9), time(10, 15), time(11, 30))


def fill_ahead(*, day: date, root: str, named: Adviser) -> None:
    """Book what a day's passing brings, up to FUTURE_DAYS ahead."""
    people = People(day, root)
    shares = _shares(start_of(day))
    contracts = Contract.objects.filter(sites__advisers__in=shares).distinct().order_by("pk")
    for contract in contracts:
        _fill_contract(people, contract, shares)
    _fill_named(people, named)


def _fill_contract(people: People, contract: Contract, shares: dict[int, float]) -> None:
    now = start_of(people.day)
    own = Adviser.objects.filter(pk__in=shares, site__contract=contract)
    team = {adviser.pk: adviser for adviser in own.select_related("site__contract", "site__commune")}
    for slot in free_slots(contract=contract, starts=now, ends=now + FUTURE_DAYS * DAY, now=now):
        distance = (slot.starts_at - now) / DAY
        for adviser in slot.adviser_ids:
            if adviser in team and _turn_has_come(people, adviser, slot.starts_at, distance, shares[adviser]):
                _book(people, team[adviser], slot.starts_at)


def _turn_has_come(people: People, adviser: int, starts: datetime, distance: float, share: float) -> bool:
    """Whether this is the day when the slot is taken: the nearer it comes, the likelier it was."""
    before, after = (share * max(0.0, 1 - days / FUTURE_DAYS) for days in (distance + 1, distance))
    return before <= share_of(people.root, "slot", adviser, starts.timestamp()) < after


def _fill_named(people: People, named: Adviser) -> None:
    """Each of the coming days has a desk to show, bank holidays included."""
    zone = ZoneInfo(named.site.zone)
    for ahead in range(SHOWN_AHEAD):
        day = people.day + ahead * DAY
        midnight = datetime.combine(day, time(), zone)
        booked = Appointment.objects.filter(
            adviser=named,
            state=AppointmentState.BOOKED,
            period__overlap=DateTimeTZRange(midnight, midnight + DAY),
        )
        missing = SHOWN_LEAST - booked.count()
        for hour in MORNING:
            if missing > 0 and _book(people, named, datetime.combine(day, hour, zone)):
                missing -= 1


def _shares(now: datetime) -> dict[int, float]:
    """By adviser who receives, the share of slots taken lately."""
    week: dict[int, float] = defaultdict(float)
    for rule in OpeningRule.objects.filter(last_on=None, adviser__is_active=True):
        minutes = (rule.closes.hour - rule.opens.hour) * 60 + rule.closes.minute - rule.opens.minute
        week[rule.adviser_id] += (minutes + BUFFER) // (SESSION + BUFFER) / rule.every_weeks
    lately = DateTimeTZRange(now - LOOKED_BACK, now)
    taken = Appointment.objects.filter(adviser__in=week, period__overlap=lately)
    taken = taken.exclude(state__in=AppointmentState.never_booked)
    counts = dict(taken.values_list("adviser").annotate(Count("pk")).order_by("adviser"))
    weeks = LOOKED_BACK / timedelta(weeks=1)
    return {
        adviser: min(MOST_SHARE, max(LEAST_SHARE, counts.get(adviser, 0) / (slots * weeks)))
        for adviser, slots in sorted(week.items())
        if slots
    }


def _book(people: People, adviser: Adviser, starts: datetime) -> bool:
    """Give a slot to whoever is due, else to a newcomer; False when somebody else just took it."""
    draws = fate(people.root, "booking", adviser.pk, starts.timestamp())
    ends = starts + timedelta(minutes=SESSION)
    booked = start_of(people.day) - timedelta(minutes=draws.randrange(30, 800))
    try:
        with transaction.atomic():
            coming = people.next_for(adviser, starts, booked=booked, draws=draws)
            Appointment.objects.create(
                adviser=adviser,
                site_id=adviser.site_id,
                service_request=coming.request,
                beneficiary=coming.person,
                period=DateTimeTZRange(starts, ends),
                busy_period=DateTimeTZRange(starts, ends + timedelta(minutes=BUFFER)),
                level=coming.level,
                mode=draw_mode(draws),
                state=AppointmentState.BOOKED,
                booked_at=booked,
            )
    except IntegrityError:
        return False
    return True

"""The person's road of the named operator: who waits, who is called back, meetings, absences, complaints.

Laid by the services that serve real people: each line has its messages and its audit line.
"""

import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from django.conf import settings

from beneficiaries.complaints.services import (
    ComplaintFacts,
    answer_complaint,
    contest_answer,
    write_complaint,
)
from beneficiaries.request.enums import Need, Urgency
from beneficiaries.request.models import Beneficiary, ServiceRequest
from cep_portal.accounts.models import User
from cep_portal.common.days import local_day
from cep_portal.common.errors import DomainError
from cep_portal.demo.dataset.accounts import acting
from cep_portal.demo.dataset.names import Names
from operators.booking.agenda.enums import AppointmentState
from operators.booking.agenda.models import Appointment, OpeningRule
from operators.booking.agenda.services import (
    WeeklyHours,
    change_opening_day,
    close_site_and_replace,
    lay_absence_and_replace,
    lay_recurring_absence,
)
from operators.booking.demand.models import SlotOffer
from operators.booking.demand.services import (
    Wish,
    ask_call_back,
    ask_earlier,
    decline_offer,
    join_waiting_list,
    note_call,
    offer_free_slots,
    record_unmet,
)
from operators.booking.groups.errors import SessionInvalid
from operators.booking.groups.models import GroupSession
from operators.booking.groups.services import MeetingPlan, book_place, mark_attendance, open_group_session
from operators.network.models import Adviser, Site

DAY = timedelta(days=1)
PLACES = 5  # people expected at a meeting


@dataclass
class Road:
    """The operator of the named accounts, and people of its own to put on the road."""

    adviser: Adviser
    manager: User
    officer: User
    names: Names
    now: datetime
    people: int = 0

    @property
    def site(self) -> Site:
        return self.adviser.site

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.site.zone)

    @property
    def colleagues(self) -> list[Adviser]:
        """The others of the same operator, of the same region, by site."""
        theirs = Adviser.objects.filter(site__contract=self.site.contract).exclude(pk=self.adviser.pk)
        return list(theirs.select_related("site", "user").order_by("pk"))

    def person(self, asked: datetime, *, needs: tuple[str, ...] = ()) -> ServiceRequest:
        """Somebody new who asked, with an address and a mobile."""
        first, last, email, phone = self.names.person(90_000 + self.people)
        self.people += 1
        person = Beneficiary.objects.create(
            first_name=first,
            last_name=last,
            email=email,
            phone=phone,
            created_at=asked,
            contact_proved_at=asked,
            email_verified_at=asked,
        )
        return ServiceRequest.objects.create(
            reference=f"DEM1{self.people:08d}",
            requested_at=asked,
            situation="EMPLOYEE",
            commune=self.site.commune,
            commune_basis="HOME",
            needs=[Need.CHANGE_JOB],
            urgency=Urgency.WITHIN_MONTH,
            access_needs=list(needs),
            contract=self.site.contract,
            beneficiary=person,
        )

    def at(self, day: date, hour: int, minute: int = 0) -> datetime:
        return datetime.combine(day, time(hour, minute), self.zone)

    def working_days(self, first: date) -> Iterator[date]:
        for number in range(60):
            day = first + number * DAY
            if day.isoweekday() <= 5:
                yield day

    @property
    def today(self) -> date:
        return local_day(self.now, self.zone)


def build_road(*, now: datetime, tell: Callable[[str], None] = lambda _: None) -> None:
    """Put people at each place of the road, for the accounts of accounts.py. Same content for a same day."""
    adviser = User.objects.get(email="conseil@operateurs.example").adviser
    road = Road(
        adviser=Adviser.objects.select_related("site__contract", "site__commune", "user").get(pk=adviser.pk),
        manager=acting("responsable@operateurs.example"),
        officer=acting("accueil@operateurs.example"),
        names=Names(Random(7)),
        now=now,
    )
    _unmet(road)
    _call_backs(road)
    _meetings(road)
    _days_off(road)
    _waiting(road)
    _earlier(road)
    _complaints(road)
    tell("parcours des personnes")


def _person_of(request: ServiceRequest) -> Beneficiary:
    if request.beneficiary is None:
        raise ValueError("each request of the road has a person")
    return request.beneficiary


def _unmet(road: Road) -> None:
    wishes = (
        (["ON_SITE"], ["AFTER_18"], 6),
        (["ON_SITE"], ["SATURDAY"], 4),
        (["ON_SITE", "VIDEO"], ["BEFORE_9"], 3),
        (["VIDEO"], ["LUNCH"], 2),
    )
    request = road.person(road.now - 30 * DAY)
    for place, (modes, hours, times) in enumerate(wishes):
        for number in range(times):
            told = road.now - (2 + 5 * number + place) * DAY
            record_unmet(service_request=request, level="ONE", modes=modes, hours=hours, now=told)


def _call_backs(road: Road) -> None:
    """One late, one tried in vain, one one of the last hours."""
    for number, (hours, call_hours) in enumerate(((96, "ANY"), (50, "LUNCH"), (2, "AFTER_18"))):
        asked = road.now - timedelta(hours=hours)
        request = road.person(asked)
        person = _person_of(request)
        call_back = ask_call_back(
            service_request=request,
            name=person.full_name,
            phone=person.phone,
            call_hours=call_hours,
            wish=Wish(level="ONE", modes=["ON_SITE"], hours=["AFTER_18"] if number else [], site=road.site),
            now=asked,
        )
        if number == 1:
            note_call(call_back=call_back, reached=False, by=road.officer, now=road.now - timedelta(hours=9))


def _waiting(road: Road) -> None:
    """Six people in the list, some served: an offer refused, then offers that wait for an answer."""
    wishes: tuple[tuple[list[str], list[str], tuple[str, ...], date | None], ...] = (
        (["ON_SITE"], ["AFTER_18"], (), None),
        (["ON_SITE", "PHONE"], [], (), None),
        (["ON_SITE"], ["SATURDAY"], ("STEP_FREE",), None),
        (["ON_SITE"], ["BEFORE_9"], ("SIGN_LANGUAGE",), None),
        (["VIDEO"], [], ("SIGN_LANGUAGE",), None),
        (["ON_SITE"], ["LUNCH"], (), road.today + 40 * DAY),
    )
    for place, (modes, hours, needs, from_on) in enumerate(wishes):
        asked = road.now - timedelta(days=6, hours=-12 * place)
        request = road.person(asked, needs=needs)
        join_waiting_list(
            service_request=request,
            beneficiary=_person_of(request),
            wish=Wish(level="ONE", modes=modes, hours=hours, site=road.site, anywhere=False, from_on=from_on),
            now=asked,
        )
    contract = road.site.contract
    waking = _last_waking(road)
    offer_free_slots(contract=contract, now=waking)
    offer = SlotOffer.objects.filter(entry__contract=contract).order_by("pk").first()
    if offer is not None:
        decline_offer(offer=offer, now=waking + timedelta(minutes=20))
        offer_free_slots(contract=contract, now=waking + timedelta(minutes=25))


def _last_waking(road: Road) -> datetime:
    """Now, or the evening before when people sleep: nobody is woken, in fiction neither."""
    first, last = settings.PORTAL_OFFER_WAKING
    local = road.now.astimezone(road.zone)
    if first < local.hour < last:
        return road.now - timedelta(minutes=30)
    day = local.date() if local.hour >= last else local.date() - DAY
    return road.at(day, last - 1)


def _earlier(road: Road) -> None:
    """Somebody booked in the next weeks would come sooner."""
    booked = (
        Appointment.objects.filter(adviser=road.adviser, state=AppointmentState.BOOKED)
        .filter(period__startswith__gt=road.now + 7 * DAY, beneficiary__user__isnull=True)
        .select_related("service_request", "beneficiary")
        .order_by("period", "pk")
        .first()
    )
    if booked is not None:
        ask_earlier(appointment=booked, other_adviser=False, now=road.now)


def _meetings(road: Road) -> None:
    """One held last week, one to come with people, one full, one on video."""
    held = _meeting(road, road.today - 8 * DAY, topic="DISCOVER", opened=road.now - 40 * DAY)
    if held is not None:
        came = _expect(road, held, PLACES, booked=road.now - 20 * DAY)
        mark_attendance(session=held, came=came[1:], by=road.manager, now=held.ends_at)
    for topic, days, capacity, taken, video in (
        ("PROJECT", 6, 12, PLACES, ""),
        ("RESIGN", 9, 3, 3, ""),
        ("TRAINING", 13, 20, 2, "https://visio.exemple.example/reunion"),
    ):
        coming = _meeting(
            road,
            road.today + days * DAY,
            topic=topic,
            opened=road.now - 3 * DAY,
            capacity=capacity,
            video=video,
        )
        if coming is not None:
            _expect(road, coming, taken, booked=road.now - DAY)


def _meeting(
    road: Road, first: date, *, topic: str, opened: datetime, capacity: int = 12, video: str = ""
) -> GroupSession | None:
    """A meeting at the first hour when somebody of the site is free, from a day on."""
    team = [road.adviser, *(adviser for adviser in road.colleagues if adviser.site_id == road.site.pk)]
    for day in list(road.working_days(first))[:10]:
        for hour, adviser in ((hour, adviser) for hour in (17, 12, 14, 9) for adviser in reversed(team)):
            try:
                return open_group_session(
                    adviser=adviser,
                    second_adviser=None,
                    meeting=MeetingPlan(
                        site=road.site,
                        starts_at=road.at(day, hour, 30),
                        minutes=60,
                        topic=topic,
                        mode="VIDEO" if video else "ON_SITE",
                        capacity=capacity,
                        video_url=video,
                    ),
                    by=road.manager,
                    now=opened,
                )
            except SessionInvalid:
                continue
    return None


def _expect(road: Road, session: GroupSession, count: int, *, booked: datetime) -> list[uuid.UUID]:
    places = []
    for number in range(count):
        request = road.person(booked - DAY)
        place = book_place(
            session=session,
            beneficiary=_person_of(request),
            service_request=request,
            idempotency_key=uuid.uuid5(session.uuid, str(number)),
            now=booked,
        )
        places.append(place.uuid)
    return places


def _days_off(road: Road) -> None:
    """A site closed two days, a colleague away one day, one day of an opening and a weekly hour."""
    colleagues = road.colleagues
    other = next((adviser for adviser in colleagues if adviser.site_id != road.site.pk), None)
    if other is not None:
        first = next(road.working_days(road.today + 21 * DAY))
        close_site_and_replace(
            site=other.site,
            first_on=first,
            last_on=first + DAY,
            reason="travaux dans l’immeuble",
            by=road.manager,
            now=road.now,
        )
        _absence(road, other)
    _one_day_closed(road)
    if colleagues:
        lay_recurring_absence(
            adviser=colleagues[-1],
            hours=WeeklyHours(
                weekday=5,
                starts=time(16),
                ends=time(17),
                every_weeks=2,
                first_on=road.today + 63 * DAY,
                last_on=None,
            ),
            by=road.manager,
            now=road.now,
        )


def _absence(road: Road, adviser: Adviser) -> None:
    """The next day when two people at least expect this adviser."""
    booked = Appointment.objects.filter(adviser=adviser, state=AppointmentState.BOOKED)
    for day in list(road.working_days(road.today + 2 * DAY))[:20]:
        starts, ends = road.at(day, 0), road.at(day + DAY, 0)
        if booked.filter(period__startswith__gte=starts, period__startswith__lt=ends).count() > 1:
            lay_absence_and_replace(
                adviser=adviser, starts_at=starts, ends_at=ends, by=road.manager, now=road.now
            )
            return


def _one_day_closed(road: Road) -> None:
    rule = OpeningRule.objects.filter(adviser=road.adviser, last_on=None).select_related("site").first()
    if rule is None:
        return
    for week in range(6, 9):
        day = road.today + timedelta(days=7 * week + (rule.weekday - road.today.isoweekday()) % 7)
        try:
            change_opening_day(rule=rule, day=day, opens=None, closes=None, by=road.manager, now=road.now)
        except DomainError:
            continue
        return


def _complaints(road: Road) -> None:
    """One that waits, one answered, one whose answer does not suit."""
    told = (
        ("DELAY", 3, "J’ai attendu trois semaines avant d’être reçu. J’aimerais comprendre pourquoi."),
        ("WELCOME", 24, "Personne ne m’attendait à l’accueil à l’heure du rendez-vous."),
        ("SUPPORT", 40, "Le plan d’action ne correspond pas à ce que nous avions dit."),
    )
    for topic, days, text in told:
        received = road.now - days * DAY
        person = _person_of(road.person(received - 10 * DAY))
        complaint = write_complaint(
            contract=road.site.contract,
            facts=ComplaintFacts(
                topic=topic,
                text=text,
                first_name=person.first_name,
                last_name=person.last_name,
                email=person.email,
            ),
            beneficiary=person,
            now=received,
        )
        if topic == "DELAY":
            continue
        answered = answer_complaint(
            complaint=complaint,
            answer="Nous vous présentons nos excuses. Un conseiller vous appelle cette semaine.",
            now=received + 8 * DAY,
            by=road.manager,
        )
        if topic == "SUPPORT":
            contest_answer(
                complaint=answered,
                reason="La réponse ne parle pas du plan d’action.",
                now=received + 12 * DAY,
            )

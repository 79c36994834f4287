"""One rule, whatever the channel: page, file and API refuse the same fact, in one sentence.

The table walks the rules of a session across the four ways in. A rule that a channel cannot break says so.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from django.utils import timezone

from cep_portal.common.days import local
from operators.booking.agenda.models import Appointment
from operators.booking.agenda.rules import facts as appointment_rules
from operators.casework.pathways.models import CounsellingSession
from operators.casework.pathways.rules import sessions
from operators.exchange.deliveries.services.staging import rows
from tests.factories.deliveries import software
from tests.factories.operators import (
    AdviserFactory,
    ApiClientFactory,
    AppointmentFactory,
    CounsellingSessionFactory,
    PathwayFactory,
)
from tests.operators.exchange.software.conftest import signed_api

pytestmark = pytest.mark.django_db
PARIS = ZoneInfo("Europe/Paris")


@dataclass(frozen=True)
class Told:
    """A session to tell: it began with its appointment, an hour ago today, unless a rule is broken."""

    starts_at: datetime
    minutes: int = 30
    themes: tuple[str, ...] = ("PROJECT",)
    next_step: str = "PERSON_ACTS"


class World:
    """A person whose appointment is over, at an operator that has pages, files and an API."""

    def __init__(self):
        self.now = timezone.now()
        self.operator = software()
        self.adviser = self.operator.adviser
        self.booked = AppointmentFactory(
            adviser=self.adviser, site=self.operator.site, starts_at=self.now - timedelta(hours=2)
        )
        self.pathway = PathwayFactory(adviser=self.adviser, beneficiary=self.booked.beneficiary)
        self.told = Told(self.booked.starts_at)

    def page(self, client, told):
        return self._form(client, reverse("operators:session_log", args=[self.booked.uuid]), told)

    def unplanned(self, client, told):
        url = reverse("operators:unplanned_session", args=[self.booked.beneficiary.uuid])
        return self._form(client, url, told)

    def _form(self, client, url, told):
        client.force_login(self.adviser.user)
        start = local(told.starts_at, "Europe/Paris")
        answer = client.post(
            url,
            {
                "attendance": "ATTENDED",
                "level": "ONE",
                "mode": "PHONE",
                "held_on": start.date().isoformat(),
                "starts": f"{start:%H:%M}",
                "duration_minutes": told.minutes,
                "themes": told.themes,
                "next_step": told.next_step,
            },
        )
        return answer.content.decode()

    def file(self, _client, told):
        line = self.operator.session(
            personne=str(self.booked.beneficiary.uuid),
            parcours=str(self.pathway.uuid),
            rendez_vous=str(self.booked.uuid),
            date_heure=told.starts_at.isoformat(),
            duree_minutes=str(told.minutes),
            themes="|".join(told.themes),
            suite=told.next_step,
        )
        delivery = self.operator.send(line, now=self.now)
        return " ".join(problem["what"] for line in delivery.refused_lines.all() for problem in line.problems)

    def api(self, _client, told):
        answer = signed_api(ApiClientFactory(organisation=self.operator.organisation)).post(
            reverse("operators:api_sessions"),
            {
                "appointment": str(self.booked.uuid),
                "attendance": "ATTENDED",
                "held": {
                    "starts_at": told.starts_at.isoformat(),
                    "duration_minutes": told.minutes,
                    "level": "ONE",
                    "mode": "PHONE",
                    "themes": list(told.themes),
                },
                "next_step": told.next_step,
            },
            format="json",
            headers={"Idempotency-Key": "k"},
        )
        return answer.content.decode()


def in_the_future(world):
    return replace(world.told, starts_at=world.now + timedelta(hours=2))


def too_long(world):
    return replace(world.told, minutes=301)


def on_another_day(world):
    return replace(world.told, starts_at=world.told.starts_at - timedelta(days=1))


def over_one_of_the_adviser(world):
    CounsellingSessionFactory(
        pathway=PathwayFactory(adviser=world.adviser),
        starts_at=world.told.starts_at + timedelta(minutes=20),
    )
    return world.told


def over_one_of_the_person(world):
    CounsellingSessionFactory(
        pathway=world.pathway,
        adviser=AdviserFactory(site=world.operator.site),
        starts_at=world.told.starts_at - timedelta(minutes=40),
    )
    return world.told


def after_the_contract(world):
    contract = world.operator.site.contract
    contract.ends_on = world.told.starts_at.date() - timedelta(days=1)
    contract.save()
    return world.told


# What breaks a rule, the rule, and how each way in says it: its sentence, or its own words for a bound that
# it checks as the cell is read; None when it cannot break the rule.
SAME = object()
RULES = [
    (in_the_future, sessions.BEGUN, dict.fromkeys(("page", "unplanned", "file", "api"), SAME)),
    (too_long, sessions.LENGTH, {"page": "300", "unplanned": "300", "file": SAME, "api": "300"}),
    (on_another_day, sessions.ON_ITS_DAY, {"page": None, "unplanned": None, "file": SAME, "api": SAME}),
    (
        over_one_of_the_adviser,
        sessions.ADVISER_FREE,
        dict.fromkeys(("page", "unplanned", "file", "api"), SAME),
    ),
    (over_one_of_the_person, sessions.PERSON_FREE, dict.fromkeys(("page", "unplanned", "file", "api"), SAME)),
    (
        after_the_contract,
        sessions.BEFORE_CONTRACT_END,
        dict.fromkeys(("page", "unplanned", "file", "api"), SAME),
    ),
]
CASES = [
    pytest.param(breaks, rule, channel, said, id=f"{breaks.__name__}-{channel}")
    for breaks, rule, channels in RULES
    for channel, said in channels.items()
    if said is not None
]


@pytest.mark.dated
@pytest.mark.parametrize(("breaks", "rule", "channel", "said"), CASES)
def test_rule_of_a_session_refuses_on_each_channel(client, breaks, rule, channel, said):
    world = World()
    told = breaks(world)
    before = CounsellingSession.objects.count()

    answer = getattr(world, channel)(client, told)

    assert (rule.what if said is SAME else said) in answer.replace("&#x27;", "'")
    assert CounsellingSession.objects.count() == before
    assert Appointment.objects.get(pk=world.booked.pk).state == "BOOKED"


@pytest.mark.dated
@pytest.mark.parametrize("channel", ["page", "unplanned", "file", "api"])
def test_session_that_breaks_no_rule_is_taken_on_each_channel(client, channel):
    world = World()

    getattr(world, channel)(client, world.told)

    held = CounsellingSession.objects.get()
    assert (held.pathway, held.starts_at, held.duration_minutes) == (world.pathway, world.told.starts_at, 30)


HELD_ON, BOOKED_ON = ["2026-11-29", "2026-11-30", "2026-12-01"], "2026-11-30"


@pytest.mark.parametrize("days_apart", [0, 1])
@pytest.mark.parametrize("held_on", HELD_ON)
def test_day_of_a_session_is_judged_alike_in_python_and_in_sql(held_on, days_apart):
    """The two readings of one rule: of a page, and of a file."""
    read = sessions.is_on_another_day(held_on="%(held)s::date", booked_on="%(booked)s::date")
    params = {"held": held_on, "booked": BOOKED_ON, "days_apart": days_apart}
    ((denied,),) = rows(f"SELECT {read}", params)

    days = [datetime.fromisoformat(day).date() for day in (held_on, BOOKED_ON)]
    assert denied is not sessions.is_on_its_day(held_on=days[0], booked_on=days[1], days_apart=days_apart)


@pytest.mark.parametrize("minutes", [-1, 0, 1])
def test_order_of_dates_is_judged_alike_in_python_and_in_sql(minutes):
    booked_at = datetime(2026, 3, 2, 10, 0, tzinfo=PARIS)
    requested_at = booked_at + timedelta(minutes=minutes)
    read = appointment_rules.is_asked_late(
        requested_at="%(asked)s::timestamptz", booked_at="%(booked)s::timestamptz"
    )
    ((is_late,),) = rows(f"SELECT {read}", {"asked": requested_at, "booked": booked_at})

    broken = appointment_rules.broken_by_dates(
        booked_at=booked_at,
        starts_at=booked_at + timedelta(days=1),
        requested_at=requested_at,
        cancelled_at=None,
    )
    assert is_late is (broken is appointment_rules.REQUESTED_BEFORE_BOOKED)


@pytest.mark.parametrize(
    ("rule", "cells"),
    [
        (appointment_rules.BOOKED_BEFORE_START, {"pris_le": "2026-03-12 10:01"}),
        (
            appointment_rules.CANCELLED_AFTER_BOOKED,
            {"etat": "CANCELLED", "annule_le": "2026-03-01 09:00", "annule_par": "PERSON"},
        ),
    ],
)
def test_rule_of_an_appointment_refuses_a_line_in_its_own_words(rule, cells):
    operator = software()

    delivery = operator.send(operator.appointment(**cells))

    (problem,) = delivery.refused_lines.get().problems
    assert (problem["field"], problem["what"], problem["how"]) == (rule.column, rule.what, rule.how)

"""The demonstration, built on the suite's day whatever it is, then left running for a week."""

from dataclasses import replace
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core.management import call_command
from django.db import transaction
from django.urls import reverse

from beneficiaries.request.models import Beneficiary, ServiceRequest
from cep_portal.accounts.models import User
from cep_portal.common.days import PARIS, local_day
from cep_portal.demo.dataset.accounts import ADVISER
from cep_portal.demo.dataset.build import build
from cep_portal.demo.dataset.clock import start_of
from cep_portal.demo.dataset.requests import MARK
from cep_portal.demo.dataset.scale import SCALES
from cep_portal.demo.living.days import live_until
from cep_portal.demo.tasks import live_demonstration
from cep_portal.schedule import BEAT_SCHEDULE, DEMONSTRATION_SCHEDULE
from operators.booking.agenda.enums import AppointmentState
from operators.booking.agenda.models import Appointment
from operators.booking.agenda.selectors import slot_times
from operators.casework.pathways.models import CounsellingSession, Pathway
from operators.casework.pathways.selectors import appointments_to_log
from reporting.kpis.models import KpiValue
from reporting.kpis.services import compute_indicators
from reporting.surveys.models import Survey
from tests.clock import present

TINY = replace(SCALES["small"], entries_per_year=400, advisers=18, sites=18)
DAY = local_day(present())
WEEK_LATER = DAY + timedelta(days=7)


@pytest.fixture(scope="module")
def built(django_db_setup, django_db_blocker):
    """One tiny build for the module, rolled back at its end."""
    with django_db_blocker.unblock(), transaction.atomic():
        call_command("load_reference", verbosity=0)
        build(TINY, day=DAY)
        compute_indicators(known_at=start_of(DAY), now=start_of(DAY))
        yield
        transaction.set_rollback(True)


pytestmark = [pytest.mark.slow, pytest.mark.django_db, pytest.mark.usefixtures("built")]


@pytest.fixture
def adviser():
    user = User.objects.get(email=ADVISER)
    user.mandate = user.mandates.get()
    return user


def at(day, hour, minute=0):
    return datetime.combine(day, time(hour, minute), ZoneInfo(PARIS))


def shown(client, user, day):
    """What the pages of a morning hold: the adviser's appointments, and what waits for its log."""
    with time_machine.travel(at(day, 10), tick=False):
        client.force_login(user)
        today = client.get(reverse("operators:today"))
        to_log = appointments_to_log(user=user, now=at(day, 10)).count()
    return len(today.context["days"][0]["entries"]), to_log


def entries():
    values = KpiValue.objects.filter(kpi="entries", period_kind="MONTH")
    return sum(values.values_list("numerator", flat=True))


def facts():
    """What happened to whom and when, without the keys, which a rolled back test uses up."""
    asked = ServiceRequest.objects.values_list("reference", "requested_at", "state", "beneficiary__email")
    booked = Appointment.objects.values_list(
        *("adviser", "period", "state", "level", "mode", "booked_at", "cancelled_at", "beneficiary__email")
    )
    held = CounsellingSession.objects.values_list(
        *("adviser", "starts_at", "recorded_at", "level", "themes", "pathway__beneficiary__email")
    )
    ways = Pathway.objects.values_list("beneficiary__email", "entered_on", "state", "closed_at", "outcome")
    answers = Survey.objects.values_list("pathway__beneficiary__email", "sent_at", "satisfaction")
    return [sorted(map(str, rows)) for rows in (asked, booked, held, ways, answers)]


def test_the_first_morning_has_a_day_to_show(client, adviser):
    appointments, to_log = shown(client, adviser, DAY)
    asked = ServiceRequest.objects.filter(reference__startswith=MARK, state="REGISTERED")

    assert appointments >= 2
    assert to_log >= 1
    assert asked.count() == 4


def test_a_week_later_pages_and_figures_are_alive(client, adviser):
    before, sessions = entries(), CounsellingSession.objects.count()

    for ahead in range(1, 8):
        with time_machine.travel(at(DAY + timedelta(days=ahead), 0, 8), tick=False):
            live_demonstration()

    appointments, to_log = shown(client, adviser, WEEK_LATER)
    week = Appointment.objects.filter(adviser__user=adviser, state=AppointmentState.BOOKED)
    contract = adviser.adviser.site.contract
    now = at(WEEK_LATER, 10)
    asked = ServiceRequest.objects.filter(
        reference__startswith=MARK, state="REGISTERED", requested_at__gt=now - timedelta(days=2)
    )
    assert appointments >= 2
    assert to_log >= 1
    assert week.filter(period__startswith__gt=now).count() >= 8
    assert slot_times(contract=contract, starts=now, ends=now + timedelta(days=7), now=now)
    assert asked.count() >= 2
    assert CounsellingSession.objects.count() > sessions
    assert entries() > before


def test_what_was_added_is_marked_as_fictional():
    known = set(Beneficiary.objects.values_list("pk", flat=True))

    live_until(WEEK_LATER)

    added = Beneficiary.objects.exclude(pk__in=known)
    assert added.count() > 10
    assert added.exclude(email__endswith="@personnes.example").count() == 0
    assert added.exclude(phone__startswith="06 39 98").count() == 0


def test_a_week_at_once_is_the_week_day_by_day():
    with transaction.atomic():
        assert len(live_until(WEEK_LATER)) == 7
        at_once = facts()
        transaction.set_rollback(True)

    for ahead in range(1, 8):
        live_until(DAY + timedelta(days=ahead))

    assert facts() == at_once


def test_a_day_is_lived_once():
    live_until(DAY + timedelta(days=1))
    before = facts()

    assert live_until(DAY + timedelta(days=1)) == []
    assert facts() == before


def test_what_a_visitor_booked_waits_for_its_log():
    booked = Appointment.objects.filter(state=AppointmentState.BOOKED, period__startswith__gt=start_of(DAY))
    own = booked.order_by("period", "pk").first()
    Beneficiary.objects.filter(pk=own.beneficiary_id).update(email="quelquun@exemple.fr")

    live_until(WEEK_LATER)

    own.refresh_from_db()
    assert own.state == AppointmentState.BOOKED


def test_a_real_portal_lives_no_fictional_day(settings):
    settings.PORTAL_DEMONSTRATION = False
    before = facts()

    with time_machine.travel(at(WEEK_LATER, 10), tick=False):
        live_demonstration()

    assert facts() == before
    assert set(DEMONSTRATION_SCHEDULE).isdisjoint(BEAT_SCHEDULE)

"""Months that pass are alive: people ask, come or not, are logged; findings have something to fall on."""

from datetime import date

import pytest
from celery import current_app
from celery.schedules import crontab
from django.urls import reverse
from django.utils import timezone

from beneficiaries.request.models import ServiceRequest
from cep_portal.accounts.models import User
from cep_portal.common.task_names import TaskName
from cep_portal.demo.dataset.accounts import ADVISER
from cep_portal.training.models import TrainingPlace
from cep_portal.training.rules import destination
from cep_portal.training.services import open_place, run_move
from operators.booking.agenda.models import Appointment
from operators.casework.pathways.models import CounsellingSession
from procurement.followup.enums import PenaltyState
from procurement.followup.models import Penalty
from reporting.assessment.models import CommitmentResult
from tests.training.conftest import NOW

pytestmark = [pytest.mark.slow, pytest.mark.django_db]
# What gives a month its life and its figures; the rest of the night is tested elsewhere.
MONTHLY = {
    TaskName.LIVE_DEMONSTRATION: crontab(hour=0, minute=50),
    TaskName.SEND_DUE_SURVEYS: crontab(hour=1, minute=50),
    TaskName.COMPUTE_INDICATORS: crontab(hour=3, minute=10, day_of_month=1),
    TaskName.ADVANCE_CLOSINGS: crontab(hour=4, minute=20),
}
MONTHS = [date(2026, 11, 1), date(2026, 12, 1), date(2027, 1, 1)]


@pytest.fixture
def opened(training, tmp_path):
    training.PORTAL_DEMONSTRATION = True
    training.PORTAL_SECOND_FACTOR_REQUIRED = False
    training.MEDIA_ROOT = training.PORTAL_DATA_DIR = str(tmp_path)
    training.CELERY_BEAT_SCHEDULE = {
        str(name): {"task": str(name), "schedule": when} for name, when in MONTHLY.items()
    }
    current_app.loader.import_default_modules()  # as a worker does when it starts
    open_place()


def to_next_month():
    TrainingPlace.objects.update(moving_to=destination("MONTH", now=timezone.now()))
    run_move()
    assert TrainingPlace.objects.get().failures == []


def test_three_months_live_and_are_assessed(opened, client, django_capture_on_commit_callbacks):
    for month in MONTHS:
        with django_capture_on_commit_callbacks(execute=True):
            to_next_month()

        facts = {"year": month.year, "month": month.month}
        asked = ServiceRequest.objects.filter(requested_at__year=month.year, requested_at__month=month.month)
        held = CounsellingSession.objects.filter(
            starts_at__year=facts["year"], starts_at__month=facts["month"]
        )
        missed = Appointment.objects.filter(
            state="NO_SHOW", period__startswith__year=month.year, period__startswith__month=month.month
        )
        assert (asked.count() > 20, held.count() > 50, missed.count() > 5) == (True, True, True)

    # A month is frozen thirty-three days after its end, by the fictional analyst.
    results = CommitmentResult.objects.filter(closing__state="FROZEN")
    assert set(results.values_list("closing__month", flat=True)) >= {MONTHS[0]}
    assert results.filter(outcome__in=["MET", "MISSED"]).exists()
    proposed = Penalty.objects.filter(figure_ref__isnull=False, state=PenaltyState.PROPOSED).first()
    assert proposed is not None
    client.force_login(User.objects.get(email="contrats@pilotage.example"))
    client.post(reverse("procurement:penalty_drop", args=[proposed.uuid]), {"reasons": "Un essai."})
    proposed.refresh_from_db()
    assert proposed.state == PenaltyState.DROPPED
    ahead = Appointment.objects.filter(state="BOOKED", period__startswith__gt=timezone.now())
    assert ahead.count() > 50


def test_the_agenda_of_who_learns_waits_to_be_logged(opened, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        TrainingPlace.objects.update(moving_to=destination("WEEK", now=timezone.now()))
        run_move()

    since = Appointment.objects.filter(
        adviser__user__email=ADVISER, period__startswith__gt=NOW, period__endswith__lt=timezone.now()
    )
    lately = since.filter(period__startswith__gt=timezone.now() - 5 * (timezone.now() - NOW) / 7)
    assert not lately.filter(state__in=["ATTENDED", "NO_SHOW"]).exists()
    assert lately.filter(state="BOOKED").exists()
    others = Appointment.objects.exclude(adviser__user__email=ADVISER)
    assert others.filter(state="ATTENDED", period__startswith__gt=NOW).exists()

"""The first day: built whole, put back in under a minute, and never anywhere else."""

from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.db.models import F

from cep_portal.accounts.enums import Role
from cep_portal.accounts.models import AuditEvent, Organisation, User
from cep_portal.territories.models import Region
from cep_portal.training.errors import TrainingOnly
from cep_portal.training.gateways import progress
from cep_portal.training.models import TrainingPlace
from cep_portal.training.services import ask_reset, open_place, reset_place
from cep_portal.training.services.region import first_day
from operators.booking.agenda.models import Appointment
from operators.booking.demand.models import WaitingEntry
from operators.casework.pathways.models import CounsellingSession
from tests.factories.accounts import UserFactory
from tests.training.conftest import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def own_files(training, tmp_path):
    training.MEDIA_ROOT = training.PORTAL_DATA_DIR = str(tmp_path)
    return tmp_path


@pytest.mark.slow
def test_the_place_is_opened_lived_in_and_put_back(own_files):
    assert open_place() is True
    first = _facts()
    assert open_place() is False
    User.objects.filter(email="conseil@operateurs.example").update(first_name="Autre")
    TrainingPlace.objects.update(ahead=timedelta(days=40))
    stray = Path(own_files) / "documents" / "stray.pdf"
    stray.parent.mkdir(exist_ok=True)
    stray.write_bytes(b"%PDF-")

    reset_place()

    assert _facts() == first
    assert TrainingPlace.objects.get().ahead == timedelta()
    assert (stray.exists(), progress.rebuilding()) == (False, None)
    _is_a_whole_region()


def _facts() -> dict:
    """What the same day gives again: keys, hours, people."""
    return {
        "people": list(User.objects.order_by("pk").values_list("email", "first_name")),
        "appointments": sorted(
            Appointment.objects.values_list("adviser", "period", "state", "mode"), key=str
        ),
        "sessions": list(
            CounsellingSession.objects.order_by("pk").values_list("starts_at", "recorded_at", "level")
        ),
    }


def _is_a_whole_region() -> None:
    states = Counter(Appointment.objects.values_list("state", flat=True))
    late = CounsellingSession.objects.filter(recorded_at__gt=F("starts_at") + timedelta(days=2))
    assert set(Region.objects.values_list("pk", flat=True)) == {"96", "99"}
    assert Organisation.objects.filter(is_fictional=False).count() == 0
    assert User.objects.exclude(email__endswith=".example").count() == 0
    assert min(states[one] for one in ("ATTENDED", "NO_SHOW", "BOOKED", "CANCELLED")) > 5
    assert WaitingEntry.objects.waiting().exists()
    assert late.filter(starts_at__month=9).count() > late.filter(starts_at__month=10).count() > 0
    assert CounsellingSession.objects.filter(held_on__lt=first_day(NOW)).count() == 0
    assert AuditEvent.objects.filter(action="training.place.opened").count() == 1


def test_files_that_are_not_the_place_s_own_are_never_removed(training, place, tmp_path, monkeypatch):
    training.MEDIA_ROOT = str(tmp_path)
    kept = tmp_path / "kept.pdf"
    kept.write_bytes(b"%PDF-")
    monkeypatch.setattr("cep_portal.training.services.resets._rebuild", lambda _tell: None)

    reset_place()

    assert kept.exists()


def test_a_failed_reset_lets_everybody_in_again(training, place, monkeypatch):
    def broken(_tell):
        raise RuntimeError("disk full")

    monkeypatch.setattr("cep_portal.training.services.resets._rebuild", broken)

    with pytest.raises(RuntimeError):
        reset_place()

    assert progress.rebuilding() is None
    assert TrainingPlace.objects.exists()


@pytest.mark.parametrize("command", ["open_training_place", "reset_training"])
def test_real_settings_refuse_both_commands(place, command):
    with pytest.raises(CommandError, match="Les réglages ne sont pas ceux d’un lieu d’entraînement"):
        call_command(command)


def test_a_database_without_the_mark_is_never_emptied(training):
    person = UserFactory()

    with pytest.raises(CommandError, match="Cette base n’est pas un lieu d’entraînement : rien n’est effacé"):
        call_command("reset_training")

    assert User.objects.get() == person


def test_a_database_that_holds_anything_never_becomes_a_place(training):
    UserFactory()

    with pytest.raises(TrainingOnly, match="La base n’est pas vide"):
        open_place()


@pytest.mark.parametrize("role", [Role.ADVISER, Role.INTAKE_OFFICER, Role.BENEFICIARY, Role.ANALYST])
def test_others_do_not_reset(training, place, role):
    with pytest.raises(TrainingOnly, match="Seul un responsable"):
        ask_reset(by=UserFactory(role=role))


def test_progress_is_told_outside_the_database(training):
    progress.begin()
    progress.tell("Indicateurs")

    rebuilding = progress.rebuilding()
    assert (rebuilding.text, 0 <= rebuilding.percent <= 95) == ("Indicateurs", True)
    cache.clear()
    assert progress.rebuilding() is None

"""After 24 months without contact, told 30 days before, erased by the same code."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import call_command

from beneficiaries.request.models import Beneficiary
from beneficiaries.rights import links, services
from beneficiaries.rights.models import Erasure
from beneficiaries.rights.services import Purged, purge
from cep_portal.messaging.models import Message
from tests.beneficiaries.rights.people import CANARIES, NOW, found_in_base, somebody
from tests.clock import moved
from tests.factories.beneficiaries import BeneficiaryFactory, ComplaintFactory
from tests.messages import composed

pytestmark = pytest.mark.django_db
LAST = moved("2026-11-02 09:30")  # the request of somebody()
WARNED = datetime(2028, 10, 4, 1, 40, tzinfo=UTC)  # 30 days before 24 months are over, the night after
ERASED = WARNED + timedelta(days=31)


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    settings.PORTAL_DATA_DIR = str(tmp_path)


@pytest.mark.dated
def test_a_person_is_warned_then_erased_a_month_later(django_capture_on_commit_callbacks):
    person = somebody()
    nights = [
        LAST + timedelta(days=660),
        WARNED,
        WARNED + timedelta(days=1),
        WARNED + timedelta(days=29),
        ERASED,
        ERASED + timedelta(days=1),
    ]
    with django_capture_on_commit_callbacks(execute=True):
        results = [services.purge_people(now=night) for night in nights]

    assert results == [Purged(*pair) for pair in ((0, 0), (1, 0), (0, 0), (0, 0), (0, 1), (0, 0))]
    assert Erasure.objects.get().person_uuid == person.row.uuid
    assert found_in_base(*CANARIES) == []


@pytest.mark.dated
def test_the_warning_says_the_day_and_how_to_keep_the_file():
    person = somebody()

    services.purge_people(now=WARNED)

    message = composed(Message.objects.get(key__startswith="purge-warning:"))
    assert message.subject == "Votre dossier sera bientôt effacé"
    assert "vendredi 3 novembre 2028" in message.body
    assert links.keep_link(person.row) in message.body


@pytest.mark.dated
def test_a_dry_run_only_counts(capsys):
    person = somebody()

    assert services.purge_people(now=WARNED, is_dry_run=True) == Purged(warned=1, erased=0)
    call_command("purge_people", "--dry-run")

    person.row.refresh_from_db()
    assert person.row.warned_at is None
    assert capsys.readouterr().out == "0 personnes à prévenir, 0 à effacer.\n"


def test_the_link_of_the_warning_keeps_the_file(client, clock):
    person = somebody()
    services.purge_people(now=WARNED)
    clock.move_to(WARNED + timedelta(days=2))

    page = client.get(links.keep_link(person.row).removeprefix("http://testserver"))
    kept = client.post(links.keep_link(person.row).removeprefix("http://testserver"))

    assert "Garder mon dossier" in page.text
    assert "Votre dossier est gardé" in kept.text
    assert CANARIES[0] not in page.text + kept.text
    assert services.purge_people(now=ERASED) == Purged(0, 0)


def test_an_altered_link_keeps_nothing(client):
    assert client.get("/garder/abc.def/").status_code == 404


def test_signing_in_keeps_the_file():
    person = somebody()
    person.user.last_login = WARNED + timedelta(days=3)
    person.user.save()

    assert services.purge_people(now=ERASED) == Purged(0, 0)


def test_a_complaint_keeps_the_file():
    person = somebody()
    ComplaintFactory(
        beneficiary=person.row,
        received_at=WARNED,
        received_on=WARNED.date(),
        answer_due_on=WARNED.date() + timedelta(days=30),
        mediator_until_on=WARNED.date() + timedelta(days=365),
    )

    assert services.purge_people(now=WARNED) == Purged(0, 0)


def test_a_frozen_file_is_kept_until_its_person_opens_it():
    person = somebody()
    Beneficiary.objects.filter(pk=person.row.pk).update(restricted_at=NOW)

    assert services.purge_people(now=WARNED) == Purged(0, 0)


def test_nobody_is_erased_without_a_warning():
    somebody()

    warned = LAST + timedelta(days=3650)  # the purge did not run for years
    nights = [warned, warned + timedelta(days=29), warned + timedelta(days=30)]

    results = [services.purge_people(now=night) for night in nights]

    assert results == [Purged(1, 0), Purged(0, 0), Purged(0, 1)]


def test_who_came_back_since_the_list_was_made_is_kept():
    person = somebody()
    services.purge_people(now=WARNED)
    services.keep_file(beneficiary=person.row, now=ERASED, by=None)

    assert purge._erase(person.row.pk, ERASED) is False

    assert not Erasure.objects.exists()


def test_people_cost_no_query_each_to_be_counted(django_assert_max_num_queries):
    BeneficiaryFactory.create_batch(4)

    with django_assert_max_num_queries(2):
        counted = services.purge_people(now=datetime(2030, 1, 1, tzinfo=UTC), is_dry_run=True)

    assert counted == Purged(warned=4, erased=0)

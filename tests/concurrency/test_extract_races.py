"""Two judges, an asker who takes the request back, two workers handed one file: one wins."""

from collections import Counter
from datetime import timedelta

import pytest

from cep_portal.accounts.enums import Role
from operators.exchange.extracts.enums import ExtractState
from operators.exchange.extracts.models import Extract
from operators.exchange.extracts.services import (
    ask_extract,
    cancel_extract,
    destroy_extracts,
    grant_extract,
    make_extract,
    refuse_extract,
)
from tests.factories.accounts import UserFactory
from tests.factories.extracts import NOW, ExtractFactory

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
ROUNDS = 6


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    settings.PORTAL_DATA_DIR = str(tmp_path)
    return tmp_path


def files(folder):
    return [path for path in folder.rglob("*") if path.is_file()]


def granted(judge):
    """Laid as granted: nobody was handed the file yet."""
    extract = ExtractFactory()
    Extract.objects.filter(pk=extract.pk).update(
        state=ExtractState.GRANTED, judged_at=NOW, judged_by=judge, judged_as=Role.CONTRACT_MANAGER
    )
    return extract


def test_granted_refused_and_taken_back_at_once_is_one_of_them(race):
    judge, other = UserFactory(role=Role.CONTRACT_MANAGER), UserFactory(role=Role.CONTRACT_MANAGER)
    for _ in range(ROUNDS):
        extract = ExtractFactory()

        outcomes = race(
            lambda asked=extract: grant_extract(extract=asked, by=judge, now=NOW),
            lambda asked=extract: refuse_extract(extract=asked, reason="Non.", by=other, now=NOW),
            lambda asked=extract: cancel_extract(extract=asked, by=asked.asked_by, now=NOW),
        )

        assert outcomes == Counter(done=1, AlreadyJudged=2)


def test_one_request_handed_to_four_workers_is_one_file(race, own_folder):
    judge = UserFactory(role=Role.CONTRACT_MANAGER)
    for done in range(1, ROUNDS + 1):
        extract = granted(judge)

        race(*[lambda asked=extract: make_extract(extract_id=asked.pk, now=NOW) for _ in range(4)])

        extract.refresh_from_db()
        assert extract.state == ExtractState.READY
        assert len(files(own_folder)) == done


def test_four_clicks_are_one_request(race):
    asker = UserFactory(role=Role.OPERATOR_MANAGER)
    built = ExtractFactory._meta.declarations

    def ask():
        ask_extract(
            organisation=asker.mandate.organisation,
            **{name: built[name] for name in ("kind", "starts_on", "ends_on", "file_format", "purpose")},
            by=asker,
            now=NOW,
        )

    assert race(*[ask] * 4) == Counter(done=4)
    assert Extract.objects.count() == 1


def test_file_over_is_destroyed_once(race, own_folder):
    extract = granted(UserFactory(role=Role.CONTRACT_MANAGER))
    make_extract(extract_id=extract.pk, now=NOW)

    race(*[lambda: destroy_extracts(now=NOW + timedelta(hours=48))] * 4)

    assert Extract.objects.get().state == ExtractState.OVER
    assert files(own_folder) == []

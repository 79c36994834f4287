"""Who was told of a cancelled meeting stays on record, whatever the channel; the others are to be called."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from beneficiaries.request.models import ContactPreferences
from cep_portal.accounts.enums import Role
from cep_portal.messaging.models import Message
from operators.booking.agenda.enums import CancelledBy
from operators.booking.groups import services
from operators.booking.groups.errors import PlaceOver
from operators.booking.groups.models import GroupPlace
from tests.factories.accounts import UserFactory
from tests.factories.beneficiaries import BeneficiaryFactory
from tests.factories.groups import GroupPlaceFactory, GroupSessionFactory
from tests.messages import compose_all
from tests.operators.booking.agenda.clock import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _present(clock):
    clock.move_to(NOW)


def place_of(session, **person):
    return GroupPlaceFactory(session=session, beneficiary=BeneficiaryFactory(**person))


def cancelled():
    """A meeting cancelled by the service, with somebody on each channel."""
    session = GroupSessionFactory(capacity=10)
    by_mail = place_of(session, first_name="Alix", email="alix@exemple.example", phone="")
    by_sms = place_of(session, first_name="Babacar", email="", phone="06 39 98 00 01")
    unreachable = place_of(session, first_name="Chloé", email="", phone="02 61 91 00 01")
    services.cancel_group_session(session=session, by=session.adviser.user, now=NOW)
    for place in (by_mail, by_sms, unreachable):
        place.refresh_from_db()
    return session, by_mail, by_sms, unreachable


def desk(client, session):
    client.force_login(session.adviser.user)
    return client.get(reverse("operators:group_detail", args=[session.uuid])).text.replace("\xa0", " ")


def test_each_place_keeps_by_which_channel_its_person_was_told():
    _, by_mail, by_sms, unreachable = cancelled()

    assert [place.told_by for place in (by_mail, by_sms, unreachable)] == [["EMAIL"], ["SMS"], []]


def test_sms_of_a_meeting_has_words_of_its_own():
    session = GroupSessionFactory()
    place = place_of(session, email="", phone="06 39 98 00 01")
    ContactPreferences.objects.create(
        beneficiary=place.beneficiary, by_email=False, by_sms=True, changed_at=NOW
    )

    services.cancel_group_session(session=session, by=session.adviser.user, now=NOW)
    compose_all()

    message = Message.objects.get(channel="SMS")
    assert message.body.startswith("Réunion ")
    assert "annulée" in message.body
    assert len(message.body) <= 160


def test_desk_reads_who_was_told_how_and_who_is_to_be_called(client):
    session, *_ = cancelled()

    page = desk(client, session)

    assert "Courriel à alix@exemple.example : il part" in page
    assert "SMS au 06 39 98 00 01 : il part" in page
    assert page.count("à appeler") == 1
    assert "Chaque personne a été prévenue" not in page


def test_message_that_failed_puts_its_person_on_the_list(client):
    session, by_mail, *_ = cancelled()
    Message.objects.filter(key=by_mail.message_key("cancelled")).update(state="FAILED")

    page = desk(client, session)

    assert "il n’est pas parti" in page
    assert page.count("à appeler") == 2


def test_record_outlives_the_messages(client):
    session, *_ = cancelled()
    Message.objects.all().delete()

    page = desk(client, session)

    assert "Courriel" in page
    assert page.count("à appeler") == 1


def test_call_is_noted_with_who_and_when_and_the_first_stays(client, clock):
    session, _, _, unreachable = cancelled()
    client.force_login(session.adviser.user)
    url = reverse("operators:group_reached", args=[unreachable.uuid])

    client.post(url, {"voie": "PHONE"})
    clock.move_to(NOW + timedelta(hours=1))
    client.post(url, {"voie": "LETTER"})

    unreachable.refresh_from_db()
    assert (unreachable.reached_way, unreachable.reached_at) == ("PHONE", NOW)
    assert unreachable.reached_by == session.adviser.user
    page = desk(client, session)
    assert f"Par téléphone, {session.adviser.user.full_name}" in page
    assert "à appeler" not in page


def test_list_of_meetings_counts_who_is_to_be_called(client):
    session, *_ = cancelled()
    client.force_login(session.adviser.user)

    page = client.get(reverse("operators:group_desk")).text

    assert "1 à appeler" in page


def test_what_is_said_after_the_cancellation_is_what_happened(client):
    session = GroupSessionFactory()
    place_of(session, email="", phone="02 61 91 00 01")
    client.force_login(session.adviser.user)

    done = client.post(reverse("operators:group_cancel", args=[session.uuid]), follow=True)

    assert "1 personne à appeler" in done.text
    assert "Chaque personne est prévenue" not in done.text


def test_nobody_is_noted_for_a_place_its_person_gave_back():
    place = GroupPlaceFactory()
    services.cancel_place(place=place, by=CancelledBy.PERSON, now=NOW)

    with pytest.raises(PlaceOver):
        services.note_reached(place=place, way="PHONE", by=place.session.adviser.user, now=NOW)


def test_other_operator_notes_nothing(client):
    _, _, _, unreachable = cancelled()
    client.force_login(UserFactory(role=Role.ADVISER))

    answer = client.post(reverse("operators:group_reached", args=[unreachable.uuid]), {"voie": "PHONE"})

    assert answer.status_code == 404


def test_database_wants_who_when_and_how_together():
    place = GroupPlaceFactory()

    with pytest.raises(IntegrityError, match="group_place_reached_is_whole"), transaction.atomic():
        GroupPlace.objects.filter(pk=place.pk).update(reached_at=NOW)
    with (
        pytest.raises(IntegrityError, match="group_place_reached_is_whole"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("UPDATE operators_groupplace SET reached_way = 'PHONE' WHERE id = %s", [place.pk])

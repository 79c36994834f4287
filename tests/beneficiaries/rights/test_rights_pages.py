"""Who opened my file, my data, correct, freeze: the person's pages, and what agents then see."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from beneficiaries.request.errors import FileRestricted
from beneficiaries.request.services.guard import lock_person
from beneficiaries.rights import services
from beneficiaries.rights.errors import NothingChanged, SameEmail
from beneficiaries.rights.selectors import opening_lines, openings
from cep_portal.accounts.enums import Role
from cep_portal.accounts.errors import EmailTaken
from cep_portal.accounts.models import AuditEvent
from cep_portal.accounts.services import record_opening
from cep_portal.messaging.models import Message
from operators.booking.agenda.enums import AppointmentState, CancelledBy
from operators.booking.agenda.errors import TooLateToChange
from operators.booking.agenda.models import Appointment
from tests.beneficiaries.rights.people import CANARIES, NOW, somebody
from tests.beneficiaries.rights.test_erasure import code_sent
from tests.factories.accounts import UserFactory
from tests.factories.beneficiaries import ServiceRequestFactory
from tests.factories.operators import AdviserFactory, PathwayFactory
from tests.messages import composed

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    settings.PORTAL_DATA_DIR = str(tmp_path)


def opens(user, pathway, at):
    user.mandate = user.mandates.get()
    record_opening(target=pathway, by=user, now=at)


def test_openings_say_role_and_organisation_and_mark_the_unexpected(client):
    person = somebody()
    adviser = person.pathway.adviser
    colleague = AdviserFactory(site=adviser.site)
    stranger = AdviserFactory()
    opens(colleague.user, person.pathway, NOW + timedelta(hours=1))
    opens(stranger.user, person.pathway, NOW + timedelta(hours=2))
    client.force_login(person.user)

    page = client.get("/mon-espace/consultations/")

    assert [(row.is_unusual, row.reader) for row in page.context["rows"]] == [
        (True, "Cette personne ne vous suit pas."),
        (False, "Cette personne travaille au même endroit que qui vous suit."),
        (False, "Cette personne vous suit."),
    ]
    assert stranger.site.contract.holder.name in page.text
    for agent in (adviser.user, colleague.user, stranger.user):
        assert agent.last_name not in page.text
        assert agent.email not in page.text


@pytest.mark.parametrize("count", [1, 4])
def test_openings_cost_the_same_whatever_their_number(client, django_assert_max_num_queries, count):
    person = somebody()
    for hour in range(count):
        opens(person.pathway.adviser.user, person.pathway, NOW + timedelta(hours=hour))
    client.force_login(person.user)

    # two of them for who stood in and who receives, four for duplicates and merges
    with django_assert_max_num_queries(30):
        page = client.get("/mon-espace/consultations/")

    assert len(page.context["rows"]) == count + 1


def test_openings_of_somebody_else_are_not_shown():
    person = somebody()
    other = PathwayFactory()
    opens(other.adviser.user, other, NOW)

    lines = opening_lines(beneficiary=person.row)

    assert [line.target_id for line in lines] == [person.pathway.pk]
    assert len(openings(beneficiary=person.row, lines=list(lines))) == 1


def test_correction_leaves_a_trail_without_the_values(client):
    """RDV-SP PR 4224: the journal names the fields and proves the change, it repeats nothing."""
    person = somebody()
    client.force_login(person.user)

    client.post(
        "/mon-espace/donnees/corriger/",
        {"first_name": "Zoé", "last_name": CANARIES[1], "phone": "06 39 98 00 00"},
    )

    person.row.refresh_from_db()
    person.user.refresh_from_db()
    assert (person.row.first_name, person.user.first_name) == ("Zoé", "Zoé")
    line = AuditEvent.objects.get(action="beneficiaries.person.rectified")
    assert line.actor == person.user
    assert sorted(line.data["fields"]) == ["first_name", "phone"]
    assert not any(word in str(line.data) for word in ("Zoé", CANARIES[0], "0639"))
    assert "Prénom, téléphone" in client.get("/mon-espace/donnees/").text


def test_a_new_phone_is_no_longer_proved():
    person = somebody()
    person.row.phone_verified_at = NOW
    person.row.save()

    services.rectify_identity(
        beneficiary=person.row,
        first_name=CANARIES[0],
        last_name=CANARIES[1],
        phone="06 39 98 00 00",
        now=NOW,
        by=person.user,
    )

    person.row.refresh_from_db()
    assert person.row.phone_verified_at is None


def test_correcting_nothing_is_said():
    person = somebody()
    same = {"first_name": CANARIES[0], "last_name": CANARIES[1], "phone": CANARIES[3]}

    with pytest.raises(NothingChanged):
        services.rectify_identity(beneficiary=person.row, now=NOW, by=person.user, **same)


def test_address_changes_by_a_code_and_the_former_one_is_warned(client):
    person = somebody()
    client.force_login(person.user)
    asked = client.post("/mon-espace/donnees/adresse/", {"email": "Neuve@exemple.example"})
    code = code_sent(person.row.person_codes.get())

    client.post(asked["Location"], {"code": code})

    person.row.refresh_from_db()
    person.user.refresh_from_db()
    assert person.row.email == person.user.email == "neuve@exemple.example"
    assert person.row.email_verified_at is not None
    warning = composed(Message.objects.get(key__startswith="email-changed:"))
    assert (warning.recipient, warning.subject) == (CANARIES[2], "Votre adresse a été changée")
    assert client.get("/mon-espace/donnees/").status_code == 200


def test_an_address_of_another_account_is_refused_once_read_only():
    person = somebody()
    taken = UserFactory(role=Role.BENEFICIARY)
    person_code = services.ask_email_change(beneficiary=person.row, email=taken.email, now=NOW)

    with pytest.raises(EmailTaken):
        services.confirm_email_change(
            person_code=person_code, code=code_sent(person_code), session_key="", now=NOW, by=person.user
        )

    person.row.refresh_from_db()
    assert person.row.email == CANARIES[2]


def test_the_same_address_is_refused():
    person = somebody()

    with pytest.raises(SameEmail):
        services.ask_email_change(beneficiary=person.row, email=CANARIES[2].upper(), now=NOW)


def test_a_frozen_file_disappears_from_the_operators_pages(client):
    person = somebody(coming=timezone.now() + timedelta(days=7))
    waiting = ServiceRequestFactory(beneficiary=person.row, contract=person.request.contract)
    client.force_login(person.user)

    client.post("/mon-espace/donnees/geler/")

    adviser = person.pathway.adviser.user
    client.force_login(adviser)
    assert CANARIES[1] not in client.get(reverse("operators:pathway_list")).text
    assert client.get(reverse("operators:pathway_detail", args=[person.pathway.uuid])).status_code == 404
    assert client.get(reverse("operators:session_log", args=[person.past.uuid])).status_code == 404
    holder = person.request.contract.holder
    client.force_login(UserFactory(role=Role.INTAKE_OFFICER, role__organisation=holder))
    assert waiting.displayed_reference not in client.get(reverse("operators:request_list")).text


def test_freezing_cancels_what_comes_and_refuses_anything_new():
    person = somebody(coming=NOW + timedelta(days=7))

    services.restrict_file(beneficiary=person.row, now=NOW, by=person.user)

    cancelled = Appointment.objects.get(state=AppointmentState.CANCELLED)
    assert cancelled.cancelled_by == CancelledBy.PERSON
    with pytest.raises(FileRestricted, match="gelé"):
        lock_person(person.row)


def test_freezing_waits_for_an_appointment_too_near():
    person = somebody(coming=NOW + timedelta(minutes=30))

    with pytest.raises(TooLateToChange, match="commence bientôt"):
        services.restrict_file(beneficiary=person.row, now=NOW, by=person.user)


def test_an_opened_file_is_seen_again_as_it_was(client):
    person = somebody()
    services.restrict_file(beneficiary=person.row, now=NOW, by=person.user)

    services.lift_restriction(beneficiary=person.row, now=NOW, by=person.user)

    client.force_login(person.pathway.adviser.user)
    assert client.get(reverse("operators:pathway_detail", args=[person.pathway.uuid])).status_code == 200
    acts = AuditEvent.objects.filter(action__endswith="restricted").order_by("pk")
    assert list(acts.values_list("action", flat=True)) == [
        "beneficiaries.person.restricted",
        "beneficiaries.person.unrestricted",
    ]


def test_the_person_keeps_seeing_a_frozen_file(client):
    person = somebody()
    services.restrict_file(beneficiary=person.row, now=NOW, by=person.user)
    client.force_login(person.user)

    assert "Votre dossier est gelé" in client.get("/mon-espace/").text
    assert "Votre dossier est gelé" in client.get("/mon-espace/donnees/").text


def test_erasing_from_the_page_signs_out(client):
    person = somebody()
    client.force_login(person.user)
    asked = client.post("/mon-espace/donnees/effacer/")
    code = code_sent(person.row.person_codes.get())

    done = client.post(asked["Location"], {"code": code}, follow=True)

    assert "Vos données sont effacées" in done.text
    assert client.get("/mon-espace/").status_code == 302

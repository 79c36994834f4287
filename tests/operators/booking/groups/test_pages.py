"""From « Rien ne convient » to a place kept: with a code, for a known person, and on the operator's desk."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from beneficiaries.request.rules import PROVED_KEY
from cep_portal.accounts.enums import Role
from cep_portal.messaging.models import Message
from operators.booking.groups.links import place_path, sign
from operators.booking.groups.models import GroupPlace, GroupSession
from tests.clock import moved_day
from tests.factories.accounts import UserFactory
from tests.factories.beneficiaries import BeneficiaryFactory, ServiceRequestFactory
from tests.factories.groups import GroupPlaceFactory, GroupSessionFactory
from tests.factories.operators import MONDAY_NINE, AdviserFactory, OpeningRuleFactory, SiteFactory
from tests.factories.procurement import ContractFactory
from tests.operators.booking.agenda.clock import NOW

pytestmark = pytest.mark.django_db
CONTACT = {"first_name": "Dominique", "last_name": "Durand", "email": "d@exemple.example", "phone": ""}


@pytest.fixture(autouse=True)
def _present(clock):
    clock.move_to(NOW)


def asked_of(session, **facts):
    return ServiceRequestFactory(contract=session.site.contract, **facts)


def join_url(asked, session):
    return reverse("operators:group_join", args=[asked.reference, session.uuid])


def prove(client, asked):
    session = client.session
    session[PROVED_KEY] = [asked.reference]
    session.save()


def sent_code() -> str:
    return re.search(r"^(\d{6})$", Message.objects.get(kind="CODE").body, re.MULTILINE)[1]


def test_public_list_shows_what_one_may_join_near_a_town(client):
    here = GroupSessionFactory(adviser__site__name="Rennes Centre")
    GroupSessionFactory(adviser=AdviserFactory(site__reunion=True))
    GroupSessionFactory(cancelled=True)
    GroupSessionFactory(starts_at=NOW + timedelta(minutes=30))
    full = GroupSessionFactory(capacity=2)
    GroupPlaceFactory.create_batch(2, session=full)
    GroupPlaceFactory(session=here)

    page = client.get(reverse("operators:group_list"), {"ou": "rennes"})

    assert [(one.site.name, one.left) for one in page.context["page"]] == [("Rennes Centre", 9)]
    assert "9 places" in page.content.decode()


def test_public_list_without_a_meeting_leads_to_a_request(client):
    page = client.get(reverse("operators:group_list")).content.decode()

    assert "Aucune réunion prévue ici" in page
    assert reverse("beneficiaries:start") in page


@pytest.mark.parametrize("count", [1, 4])
def test_public_list_query_count_is_constant(client, django_assert_num_queries, count):
    for _ in range(count):
        GroupPlaceFactory()

    with django_assert_num_queries(2):  # count, sessions
        client.get(reverse("operators:group_list"))


def test_site_page_shows_its_meetings(client):
    session = GroupSessionFactory()
    GroupSessionFactory()

    page = client.get(reverse("operators:site_detail", args=[session.site.slug])).content.decode()

    assert page.count("Lundi 30 novembre 2026 à 9\xa0h") == 1


def test_slot_page_offers_meetings_when_nothing_fits(client):
    session = GroupSessionFactory()
    asked = asked_of(session)
    other = ServiceRequestFactory()

    url = reverse("operators:group_choose", args=[asked.reference])
    with_some = client.get(reverse("operators:slot_list", args=[asked.reference])).content.decode()
    without = client.get(reverse("operators:slot_list", args=[other.reference])).content.decode()

    assert url in with_some
    assert "réunion d’information" not in without


def test_one_chooses_among_the_meetings_of_the_operator(client):
    session = GroupSessionFactory()
    GroupSessionFactory()  # another operator's
    asked = asked_of(session)

    (card,) = client.get(reverse("operators:group_choose", args=[asked.reference])).context["cards"]

    assert card["url"] == join_url(asked, session)
    assert card["text"].endswith(f"{session.site.name} · 10\u00a0places")


def test_a_new_person_joins_with_a_code(client):
    session = GroupSessionFactory()
    asked = asked_of(session)

    assert client.get(join_url(asked, session)).status_code == 200
    code_page = client.post(join_url(asked, session), CONTACT)
    key = client.get(code_page["Location"]).context["form"].initial["key"]
    done = client.post(code_page["Location"], {"code": sent_code(), "key": key}, follow=True)

    place = GroupPlace.objects.get()
    assert done.redirect_chain[-1][0] == place_path(place)
    assert "Votre place est gardée" in done.content.decode()
    assert (place.service_request, place.beneficiary.email) == (asked, "d@exemple.example")
    again = client.post(code_page["Location"], {"code": sent_code(), "key": key}, follow=True)
    assert (again.redirect_chain[-1][0], GroupPlace.objects.count()) == (place_path(place), 1)


def test_a_wrong_code_keeps_no_place(client):
    session = GroupSessionFactory()
    asked = asked_of(session)
    code_page = client.post(join_url(asked, session), CONTACT)
    key = client.get(code_page["Location"]).context["form"].initial["key"]
    wrong = "000000" if sent_code() != "000000" else "111111"

    page = client.post(code_page["Location"], {"code": wrong, "key": key})

    assert page.context["form"].errors.keys() == {"code"}
    assert GroupPlace.objects.count() == 0


def test_a_known_person_joins_without_a_code(client):
    session = GroupSessionFactory()
    asked = asked_of(session, beneficiary=BeneficiaryFactory())
    prove(client, asked)

    key = client.get(join_url(asked, session)).context["form"].initial["key"]
    client.post(join_url(asked, session), {"key": key})

    assert GroupPlace.objects.get().beneficiary == asked.beneficiary
    assert client.get(join_url(asked, session))["Location"] == place_path(GroupPlace.objects.get())


def test_who_only_has_the_reference_is_told_nothing_of_the_person(client):
    place = GroupPlaceFactory()

    page = client.get(join_url(place.service_request, place.session))

    assert page.status_code == 200
    assert place.beneficiary.last_name not in page.content.decode()


def test_a_full_meeting_is_said_on_the_page(client):
    """RDV-SP PR 3168: no 500, a clear message."""
    session = GroupSessionFactory(capacity=2)
    asked = asked_of(session, beneficiary=BeneficiaryFactory())
    prove(client, asked)
    key = client.get(join_url(asked, session)).context["form"].initial["key"]
    GroupPlaceFactory.create_batch(2, session=session)

    page = client.post(join_url(asked, session), {"key": key})

    assert (page.status_code, GroupPlace.objects.count()) == (200, 2)
    assert "La dernière place vient d’être prise" in page.content.decode()


def test_a_meeting_that_is_over_leads_to_the_others(client):
    session = GroupSessionFactory(cancelled=True)
    asked = asked_of(session)

    response = client.get(join_url(asked, session))

    assert response["Location"] == reverse("operators:group_choose", args=[asked.reference])


def test_the_signed_link_shows_gives_the_calendar_and_gives_the_place_back(client):
    place = GroupPlaceFactory()
    calendar_url = reverse("operators:group_place_calendar", args=[sign(place.uuid)])

    assert "Votre place est gardée" in client.get(place_path(place)).content.decode()
    assert b"METHOD:PUBLISH" in client.get(calendar_url).content
    done = client.post(place_path(place), follow=True)

    place.refresh_from_db()
    assert (place.state, place.cancelled_by) == ("CANCELLED", "PERSON")
    assert "Votre place est annulée" in done.content.decode()
    assert client.get(calendar_url).url == place_path(place)
    assert "ne peut plus être annulée" in client.post(place_path(place), follow=True).content.decode()


def test_an_altered_link_does_not_exist(client):
    place = GroupPlaceFactory()

    assert client.get(reverse("operators:group_place", args=[sign(place.uuid) + "x"])).status_code == 404


def desk(client, site, role=Role.OPERATOR_MANAGER):
    user = UserFactory(role=role, role__organisation=site.contract.holder)
    client.force_login(user)
    return user


def test_a_manager_opens_a_meeting_in_the_hour_of_the_place(client):
    adviser = AdviserFactory(site=SiteFactory(reunion=True))
    desk(client, adviser.site)
    form = {
        "topic": "RESIGN",
        "site": adviser.site.slug,
        "adviser": str(adviser.uuid),
        "second_adviser": "",
        "day": str(moved_day("2026-11-30")),
        "hour": "18:00",
        "minutes": "90",
        "mode": "ON_SITE",
        "video_url": "",
        "capacity": "12",
    }

    assert client.get(reverse("operators:group_add")).status_code == 200
    page = client.post(reverse("operators:group_add"), form, follow=True)

    session = GroupSession.objects.get()
    assert session.starts_at == MONDAY_NINE.replace(hour=14)
    assert (session.ends_at - session.starts_at, session.capacity) == (timedelta(minutes=90), 12)
    assert "Personne pour l’instant" in page.content.decode()
    refused = client.post(reverse("operators:group_add"), form)
    assert "déjà pris" in refused.content.decode()


@pytest.mark.parametrize(
    ("changes", "field"), [({"mode": "VIDEO"}, "video_url"), ({"second_adviser": "same"}, "second_adviser")]
)
def test_a_form_that_contradicts_itself_names_the_field(client, changes, field):
    adviser = AdviserFactory()
    desk(client, adviser.site)
    if "second_adviser" in changes:
        changes = {"second_adviser": str(adviser.uuid)}
    form = {
        "topic": "RESIGN",
        "site": adviser.site.slug,
        "adviser": str(adviser.uuid),
        "day": str(moved_day("2026-11-30")),
        "hour": "18:00",
        "minutes": "90",
        "mode": "ON_SITE",
        "capacity": "12",
        **changes,
    }

    assert client.post(reverse("operators:group_add"), form).context["form"].errors.keys() == {field}


def test_the_desk_lists_own_meetings_and_marks_who_came(client, clock):
    session = GroupSessionFactory()
    here, away = GroupPlaceFactory.create_batch(2, session=session)
    GroupSessionFactory()  # another operator's
    user = UserFactory(role=Role.ADVISER, role__organisation=session.site.contract.holder)
    client.force_login(user)
    url = reverse("operators:group_detail", args=[session.uuid])

    coming = client.get(reverse("operators:group_desk")).context["page"]
    assert [(one, one.taken) for one in coming] == [(session, 2)]
    assert "Noter les présences" not in client.get(url).content.decode()
    clock.move_to(MONDAY_NINE + timedelta(hours=2))
    client.force_login(user)
    client.post(url, {"came": [str(here.uuid)]})

    away.refresh_from_db()
    here.refresh_from_db()
    assert (here.state, away.state) == ("ATTENDED", "NO_SHOW")
    (past,) = client.get(reverse("operators:group_desk"), {"quand": "passees"}).context["page"]
    assert (past.came, past.state) == (1, "HELD")


def test_cancelling_says_who_will_be_told_then_tells_them(client):
    place = GroupPlaceFactory()
    desk(client, place.session.site)
    url = reverse("operators:group_cancel", args=[place.session.uuid])

    assert place.beneficiary.full_name in client.get(url).content.decode()
    page = client.post(url, follow=True)

    assert "Réunion annulée" in page.content.decode()
    assert Message.objects.get().recipient == place.beneficiary.email


@pytest.mark.parametrize("name", ["group_detail", "group_cancel"])
def test_a_meeting_of_another_operator_does_not_exist(client, name):
    session = GroupSessionFactory()
    desk(client, SiteFactory(contract=ContractFactory()))

    assert client.get(reverse(f"operators:{name}", args=[session.uuid])).status_code == 404


@pytest.mark.parametrize("count", [1, 4])
def test_desk_query_count_is_constant(client, django_assert_num_queries, count):
    site = OpeningRuleFactory().site
    for _ in range(count):
        GroupPlaceFactory(session=GroupSessionFactory(adviser=AdviserFactory(site=site)))
    desk(client, site)

    with django_assert_num_queries(5):  # session, user, mandate, count, sessions
        client.get(reverse("operators:group_desk"))


@pytest.mark.parametrize("count", [1, 4])
def test_my_appointments_show_the_meetings_i_keep_a_place_in(client, django_assert_num_queries, count):
    user = UserFactory(role=Role.BENEFICIARY)
    person = BeneficiaryFactory(user=user)
    coming = timezone.now() + timedelta(days=30)
    places = [
        GroupPlaceFactory(
            beneficiary=person, session=GroupSessionFactory(starts_at=coming + timedelta(days=day))
        )
        for day in range(count)
    ]
    GroupPlaceFactory(
        beneficiary=person, cancelled=True, session=GroupSessionFactory(starts_at=coming - timedelta(days=1))
    )
    client.force_login(user)

    # session, user, mandates, person, request in force, its adviser, to come, past, meetings
    with django_assert_num_queries(9):
        page = client.get(reverse("beneficiaries:space_page", args=["rendez-vous"]))

    shown = page.context["panel"]["meetings"]
    assert [one.url for one in shown] == [place_path(place) for place in places]
    assert "Voir ou rendre ma place" in page.text

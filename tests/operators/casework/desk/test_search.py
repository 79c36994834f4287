"""One box finds a person, for who may see them, and says no more than each role may read."""

from datetime import date

import pytest
from django.db import connection
from django.urls import reverse

from cep_portal.accounts.enums import Role
from operators.casework.desk.selectors import MOST_PEOPLE, find_people
from tests.clock import moved_day
from tests.factories.accounts import UserFactory
from tests.factories.beneficiaries import BeneficiaryFactory, ServiceRequestFactory
from tests.factories.operators import AdviserFactory, AppointmentFactory, PathwayFactory

pytestmark = pytest.mark.django_db
SEARCH = "operators:caller_search"


@pytest.fixture
def adviser():
    adviser = AdviserFactory()
    adviser.user.mandate = adviser.user.mandates.get()
    return adviser


@pytest.fixture
def officer(adviser):
    officer = UserFactory(role=Role.INTAKE_OFFICER, role__organisation=adviser.site.contract.holder)
    officer.mandate = officer.mandates.get()
    return officer


def asks(adviser, **person):
    return ServiceRequestFactory(contract=adviser.site.contract, beneficiary=BeneficiaryFactory(**person))


def names(people):
    return [person.full_name for person in people]


@pytest.mark.parametrize(
    "text",
    [
        "morvan",
        "MORVAN Éloïse",
        "eloise-anne morvan",
        "Éloise Anne",
        "morv",
        "morvn",  # a letter missing
        "morwan",  # a letter wrong
        "Eloize Morvan",
    ],
)
def test_name_is_found_in_spite_of_accents_order_and_errors(adviser, text):
    asks(adviser, first_name="Éloïse-Anne", last_name="Morvan")
    asks(adviser, first_name="Karim", last_name="Haddad")

    assert names(find_people(user=adviser.user, text=text)) == ["Éloïse-Anne Morvan"]


@pytest.mark.parametrize(
    "text", ["", "  ", "-", "zoé", "morvan zoé", "eloisa bernard", "léo", "nobody@exemple.example"]
)
def test_other_words_find_nobody(adviser, text):
    asks(adviser, first_name="Léa", last_name="Morvan")
    asks(adviser, first_name="Éloïse", last_name="Bertrand")

    assert list(find_people(user=adviser.user, text=text)) == []


def test_exact_name_comes_before_names_like_it(adviser):
    asks(adviser, first_name="Léa", last_name="Martinez")
    asks(adviser, first_name="Léa", last_name="Martin")
    asks(adviser, first_name="Léa", last_name="Marten")

    people = find_people(user=adviser.user, text="lea martin")

    assert names(people) == ["Léa Martin", "Léa Martinez", "Léa Marten"]


def test_ligature_is_found_by_two_letters(adviser):
    asks(adviser, first_name="Anne", last_name="Lecœur")

    assert names(find_people(user=adviser.user, text="lecœur")) == ["Anne Lecœur"]
    assert names(find_people(user=adviser.user, text="lecoeur")) == ["Anne Lecœur"]


@pytest.mark.parametrize("shape", ["{0}", "{1}", " {1} "])
def test_reference_of_a_request_finds_its_person(adviser, shape):
    asked = asks(adviser, first_name="Éloïse", last_name="Morvan")
    asks(adviser)

    people = find_people(
        user=adviser.user, text=shape.format(asked.reference.lower(), asked.displayed_reference)
    )

    assert names(people) == ["Éloïse Morvan"]


def test_reference_of_another_operator_finds_nobody(adviser):
    theirs = ServiceRequestFactory(beneficiary=BeneficiaryFactory())

    assert list(find_people(user=adviser.user, text=theirs.displayed_reference)) == []


def test_phone_and_address_are_exact(adviser):
    asks(adviser, first_name="Éloïse", last_name="Morvan", phone="06 39 98 00 01", email="e@exemple.example")
    asks(adviser, phone="06 39 98 00 02", email="ee@exemple.example")

    assert names(find_people(user=adviser.user, text="+33 6 39 98 00 01")) == ["Éloïse Morvan"]
    assert names(find_people(user=adviser.user, text="E@exemple.example")) == ["Éloïse Morvan"]


@pytest.mark.parametrize("how", ["request", "appointment", "pathway"])
def test_person_is_known_by_what_the_operator_has(adviser, officer, how):
    person = BeneficiaryFactory(last_name="Morvan")
    match how:
        case "request":
            ServiceRequestFactory(contract=adviser.site.contract, beneficiary=person)
        case "appointment":
            AppointmentFactory(adviser=adviser, beneficiary=person)
        case "pathway":
            PathwayFactory(adviser=adviser, beneficiary=person, service_request=None)

    assert list(find_people(user=adviser.user, text="morvan")) == [person]
    assert list(find_people(user=officer, text="morvan")) == [person]


@pytest.mark.parametrize("gone", ["restricted_at", "foreign"])
def test_frozen_and_foreign_people_are_not_found(adviser, gone):
    if gone == "foreign":
        PathwayFactory(beneficiary__last_name="Morvan")
    else:
        person = asks(adviser, last_name="Morvan").beneficiary
        person.restricted_at = person.created_at
        person.save()

    assert list(find_people(user=adviser.user, text="morvan")) == []


def test_adviser_is_led_to_the_present_pathway(client, adviser):
    person = BeneficiaryFactory(last_name="Morvan")
    PathwayFactory(
        adviser=adviser,
        beneficiary=person,
        entered_on=moved_day("2026-11-02"),
        state="CLOSED",
        closed_at=person.created_at,
        outcome="LOST",
    )
    present = PathwayFactory(adviser=adviser, beneficiary=person, entered_on=date(2026, 1, 5))
    client.force_login(adviser.user)
    client.post(reverse(SEARCH), {"recherche": "morvan"})

    page = client.get(reverse(SEARCH))

    assert reverse("operators:pathway_detail", args=[present.uuid]) in page.text
    assert [one.pathway["state"] for one in page.context["people"]] == ["OPEN"]


def test_officer_sees_the_person_and_nothing_of_the_pathway(client, officer, adviser):
    pathway = PathwayFactory(adviser=adviser, beneficiary__last_name="Morvan")
    client.force_login(officer)
    client.post(reverse(SEARCH), {"recherche": "morvan"})

    page = client.get(reverse(SEARCH))

    assert [one.pathway for one in page.context["people"]] == [None]
    assert str(pathway.uuid) not in page.text
    assert adviser.user.last_name not in page.text


def test_box_is_on_each_page_of_who_may_search(client, adviser, officer):
    manager = UserFactory(role=Role.OPERATOR_MANAGER, role__organisation=officer.mandate.organisation)
    shown = {}
    for user, page in (
        (adviser.user, "operators:today"),
        (officer, "operators:request_list"),
        (manager, "operators:team"),
    ):
        client.force_login(user)
        shown[page] = client.get(reverse(page)).context["search_box"]

    box = {"label": "Nom, téléphone ou référence", "url": reverse(SEARCH), "field": "recherche"}
    assert shown == {"operators:today": box, "operators:request_list": box, "operators:team": None}


def test_name_looked_for_is_in_no_address(client, adviser):
    client.force_login(adviser.user)

    answer = client.post(reverse(SEARCH), {"recherche": "morvan"})

    assert answer.url == reverse(SEARCH)


@pytest.mark.parametrize("count", [1, 4])
def test_search_query_count_is_constant(client, adviser, django_assert_num_queries, count):
    for _ in range(count):
        PathwayFactory(adviser=adviser, beneficiary__last_name="Morvan")
    client.force_login(adviser.user)
    client.post(reverse(SEARCH), {"recherche": "morvan"})

    # session, user, mandates, people, and the three words that set how near a name must be
    with django_assert_num_queries(7):
        page = client.get(reverse(SEARCH))

    assert len(page.context["people"]) == count


def test_at_most_twenty_are_shown(adviser):
    for _ in range(MOST_PEOPLE + 1):
        asks(adviser, last_name="Morvan")

    assert len(find_people(user=adviser.user, text="morvan")) == MOST_PEOPLE


def test_index_serves_names_with_errors():
    """RDV-SP 1838: a search that reads everybody is slow; this one is on its index."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(
            "EXPLAIN SELECT id FROM beneficiaries_beneficiary"
            " WHERE beneficiaries_searched_name(first_name, last_name) LIKE '%morvan%'"
            " OR beneficiaries_searched_name(first_name, last_name) %> 'morvan'"
        )
        plan = "\n".join(row[0] for row in cursor.fetchall())

    assert plan.count("Bitmap Index Scan on beneficiary_name_trgm") == 2

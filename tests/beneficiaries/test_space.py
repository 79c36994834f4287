import pytest
from django.urls import reverse

from beneficiaries.request.enums import RequestState
from beneficiaries.request.hooks import NEXT_STEPS, NextStep
from beneficiaries.space.hooks import PANELS, ROOMS
from cep_portal.accounts.enums import Role
from cep_portal.common.page_parts import PagePart
from tests.factories.accounts import UserFactory
from tests.factories.beneficiaries import BeneficiaryFactory, ServiceRequestFactory
from tests.factories.procurement import ContractFactory
from tests.hooks import only

SPACE = "/mon-espace/"


@pytest.fixture(autouse=True)
def only_own_panel(monkeypatch):
    """The panels of upper apps are tested with them."""
    only(monkeypatch, PANELS)
    only(monkeypatch, ROOMS)
    only(monkeypatch, NEXT_STEPS, choose)


def choose(read):
    return NextStep("Choisir un créneau", f"/creneaux/{read.service_request.reference}/{read.is_holder}/")


def person(client):
    user = UserFactory(role=Role.BENEFICIARY)
    client.force_login(user)
    return BeneficiaryFactory(user=user)


@pytest.mark.django_db
def test_space_without_request_shows_the_way(client):
    beneficiary = person(client)

    page = client.get(SPACE)

    assert f"Bonjour {beneficiary.first_name}" in page.text
    assert "Vous n’avez pas encore de demande" in page.text
    assert f'href="{reverse("beneficiaries:start")}"' in page.text


@pytest.mark.django_db
@pytest.mark.parametrize("request_count", [1, 4])
def test_space_lists_own_requests_with_constant_queries(client, django_assert_num_queries, request_count):
    contract = ContractFactory()
    beneficiary = person(client)
    own = ServiceRequestFactory.create_batch(request_count, beneficiary=beneficiary, contract=contract)
    ServiceRequestFactory(beneficiary=BeneficiaryFactory(), contract=contract)

    with django_assert_num_queries(5):  # session, user, mandates, person, requests
        page = client.get(SPACE)

    shown = page.context["panels"][0].data["requests"]
    assert {one.pk for one in shown} == {one.pk for one in own}


@pytest.mark.django_db
@pytest.mark.parametrize("state", RequestState)
def test_space_shows_what_the_latest_request_waits_for(client, state):
    beneficiary = person(client)
    latest = ServiceRequestFactory(beneficiary=beneficiary, state=state)

    page = client.get(SPACE)

    awaited = f'href="/creneaux/{latest.reference}/True/"'
    assert (awaited in page.text) is (state == RequestState.REGISTERED)


@pytest.mark.django_db
def test_panels_come_in_order_and_may_hide(client):
    beneficiary = person(client)
    ServiceRequestFactory(beneficiary=beneficiary)
    template = "beneficiaries/panels/requests.html"
    empty = {"requests": [], "step": None}
    for title, order, answer in (
        ("Documents", 60, empty),
        ("Caché", 5, None),
        ("Prochain rendez-vous", 10, empty),
    ):
        PANELS.add(PagePart(title, template, lambda _space, answer=answer: answer), order=order)

    page = client.get(SPACE)

    titles = [panel.title for panel in page.context["panels"]]
    assert titles == ["Prochain rendez-vous", "Il vous reste une étape", "Documents"]


@pytest.mark.django_db
def test_what_is_expected_comes_right_after_the_next_appointment(client):
    ServiceRequestFactory(beneficiary=person(client), state=RequestState.REGISTERED)
    data = {"requests": [], "step": None}
    for title, order in (("Mon prochain rendez-vous", 10), ("Mon plan", 30)):
        PANELS.add(PagePart(title, "beneficiaries/panels/requests.html", lambda _space: data), order=order)

    panels = client.get(SPACE).context["panels"]

    titles = [panel.title for panel in panels]
    assert titles == ["Mon prochain rendez-vous", "Il vous reste une étape", "Mon plan"]


@pytest.mark.django_db
def test_a_frozen_space_invites_to_nothing(client):
    beneficiary = person(client)
    ServiceRequestFactory(beneficiary=beneficiary, state=RequestState.REGISTERED)
    beneficiary.restricted_at = beneficiary.created_at
    beneficiary.save()
    page = client.get(SPACE).text

    assert "Votre dossier est gelé" in page
    assert [word for word in ("Prendre rendez-vous</a>", "Il vous reste", "/creneaux/") if word in page] == []


@pytest.mark.django_db
def test_a_contact_that_is_not_proved_is_said_on_ones_data(client):
    beneficiary = person(client)
    beneficiary.phone = "06 39 98 12 34"
    beneficiary.save()

    page = client.get(reverse("beneficiaries:my_data")).text

    assert "06 39 98 12 34 (non confirmé)" in page
    assert f"{beneficiary.email} (non confirmé)" not in page


@pytest.mark.django_db
def test_space_is_for_beneficiaries(client):
    assert client.get(SPACE).status_code == 302
    client.force_login(UserFactory(role=Role.ADVISER))
    assert client.get(SPACE).status_code == 403

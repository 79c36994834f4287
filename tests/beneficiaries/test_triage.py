import pytest
from django.urls import reverse

from beneficiaries.request.enums import Situation
from beneficiaries.request.models import ServiceRequest
from beneficiaries.triage.enums import TriageOutcome
from beneficiaries.triage.rules import orientation_for
from tests.factories.procurement import ContractFactory
from tests.factories.territories import CommuneFactory, CommunePostcodeFactory

HERE, ELSEWHERE = TriageOutcome.ELIGIBLE, TriageOutcome.REDIRECTED

# The whole table, line by line.
OUTCOMES = {
    Situation.EMPLOYEE: (HERE, []),
    Situation.SELF_EMPLOYED: (HERE, []),
    Situation.EXECUTIVE: (HERE, ["Apec"]),
    Situation.DISABLED_WORKER: (HERE, ["Cap emploi"]),
    Situation.JOB_SEEKER: (ELSEWHERE, ["France Travail", "Apec, si vous êtes cadre"]),
    Situation.YOUNG_OUTSIDE: (ELSEWHERE, ["Votre mission locale"]),
    Situation.PUBLIC_AGENT: (
        ELSEWHERE,
        [
            "Agent de l’État",
            "Agent d’une commune, d’un département ou d’une région",
            "Agent d’un hôpital ou d’un établissement public de santé ou médico-social",
        ],
    ),
}


def url(name, *args):
    return reverse(f"beneficiaries:{name}", args=args)


def answer(client, *, situation=Situation.EMPLOYEE, needs=("CHANGE_JOB",), **answers):
    """Answer every question; the place is Rennes, where the person works."""
    CommunePostcodeFactory(commune=CommuneFactory(), postcode="35000")
    client.post(url("start"), {"situation": situation})
    client.post(url("triage_commune"), {"commune_text": "35000", "commune_basis": "WORK"})
    return client.post(url("triage_need"), {"urgency": "NO_HURRY", "needs": needs, **answers})


@pytest.mark.parametrize("situation", Situation)
def test_orientation_of_each_situation(situation):
    orientation = orientation_for(situation)

    assert (orientation.outcome, [door.name for door in orientation.doors]) == OUTCOMES[situation]
    assert bool(orientation.reason) == bool(orientation.doors)


def test_home_says_it_and_sets_no_cookie(client):
    response = client.get("/")

    assert response.status_code == 200
    assert "votre employeur n’en saura rien" in response.text
    assert f'href="{url("start")}"' in response.text
    assert not response.cookies


@pytest.mark.django_db
@pytest.mark.parametrize("situation", Situation)
def test_situation_leads_to_its_page(client, situation):
    response = client.post(url("start"), {"situation": situation})

    outcome, doors = OUTCOMES[situation]
    assert response.url == (url("triage_door") if doors else url("triage_commune"))
    page = client.get(url("triage_door"))
    assert orientation_for(situation).reason in page.text
    assert ("Continuer ici" in page.text) is (outcome == HERE)
    assert client.get(url("triage_commune")).status_code == (200 if outcome == HERE else 302)


@pytest.mark.django_db
def test_questions_are_asked_in_order(client):
    client.post(url("start"), {"situation": "EMPLOYEE"})

    assert client.get(url("triage_need")).url == url("triage_commune")
    assert client.get(url("triage_check")).url == url("triage_commune")


@pytest.mark.django_db
@pytest.mark.parametrize(
    "page", ["triage_door", "triage_note", "triage_commune", "triage_need", "triage_check"]
)
@pytest.mark.parametrize("method", ["get", "post"])
def test_answers_that_are_gone_say_so(client, page, method):
    if (page, method) == ("triage_door", "post"):
        pytest.skip("a page to read")
    response = getattr(client, method)(url(page), follow=True)

    assert response.redirect_chain == [(url("triage_gone"), 302)]
    assert "Vos réponses ne sont plus là" in response.text
    assert f'href="{url("start")}"' in response.text


@pytest.mark.django_db
def test_missing_answer_is_told_beside_its_field(client):
    page = client.post(url("start"), {"situation": ""})

    assert page.text.count("Choisissez votre situation.") == 2
    assert 'href="#id_situation_0"' in page.text


@pytest.mark.django_db
def test_full_triage_leads_to_the_hours_and_writes_nothing(client):
    contract = ContractFactory()
    asked = {"urgency": "CONTRACT_END", "access_needs": ["SIGN_LANGUAGE"]}
    assert answer(client, needs=["TRAINING", "CHANGE_JOB"], **asked).url == url("triage_check")

    page = client.get(url("triage_check"))
    first, second = client.post(url("triage_check")), client.post(url("triage_check"))

    assert page.context["contract"] == contract
    assert first.url == second.url
    assert first.url.startswith("/rendez-vous/choisir/en-cours-")
    assert ServiceRequest.objects.count() == 0
    assert "Il reste à choisir votre rendez-vous" in client.get(first.url).text


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("needs", "urgency", "told"),
    [
        (["TRAINING", "RESIGN_TO_RETRAIN"], "NO_HURRY", True),
        (["TRAINING"], "RESIGNATION", True),
        (["TRAINING"], "DISMISSAL", False),
    ],
)
def test_check_page_warns_who_wants_to_resign(client, needs, urgency, told):
    ContractFactory()
    answer(client, needs=needs, urgency=urgency)

    assert ("Attendez la décision de Transitions Pro" in client.get(url("triage_check")).text) is told


@pytest.mark.django_db
def test_check_page_refuses_without_operator(client):
    answer(client)

    page = client.post(url("triage_check"))

    assert page.status_code == 200
    assert "Aucun opérateur n’est désigné" in page.text
    assert "Voir les heures libres" not in page.text
    assert ServiceRequest.objects.count() == 0


@pytest.mark.django_db
def test_redirected_person_cannot_register(client):
    ContractFactory()
    answer(client)
    client.post(url("start"), {"situation": Situation.PUBLIC_AGENT})

    client.post(url("triage_check"))

    assert ServiceRequest.objects.count() == 0


@pytest.mark.django_db
def test_check_page_queries(client, django_assert_num_queries):
    ContractFactory()
    answer(client)

    with django_assert_num_queries(3):  # session, commune, contract
        client.get(url("triage_check"))

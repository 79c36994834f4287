import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from beneficiaries.complaints import links, services
from beneficiaries.complaints.models import Complaint
from cep_portal.accounts.enums import Role
from cep_portal.common.nir import holds_nir
from cep_portal.territories.forms import UNSURE
from tests.factories.accounts import UserFactory
from tests.factories.beneficiaries import BeneficiaryFactory, ComplaintFactory, ServiceRequestFactory
from tests.factories.procurement import ContractFactory
from tests.factories.territories import CommuneFactory, CommunePostcodeFactory

pytestmark = pytest.mark.django_db
WRITE = "/reclamation/"
WORDS = {
    "topic": "WELCOME",
    "text": "On m’a raccroché au nez.",
    "first_name": "Lou",
    "last_name": "Le Goff",
    "email": "lou@exemple.example",
}


def post(client, **changed):
    return client.post(WRITE, {**WORDS, "key": str(uuid.uuid4()), **changed})


def months_ago(count):
    day = timezone.localdate() - timedelta(days=31 * count)
    return {
        "received_at": timezone.now() - timedelta(days=31 * count),
        "received_on": day,
        "answer_due_on": day + timedelta(days=30),
        "mediator_until_on": day + timedelta(days=365),
    }


def answered(complaint):
    user = UserFactory(role=Role.OPERATOR_MANAGER, role__organisation=complaint.contract.holder)
    user.mandate = user.mandates.get()
    return services.answer_complaint(
        complaint=complaint, answer="Nous vous rappelons.", now=timezone.now(), by=user
    )


def test_a_complaint_goes_to_the_operator_of_the_request(client):
    request = ServiceRequestFactory()

    response = post(client, reference=request.displayed_reference.lower(), commune_text="")

    complaint = Complaint.objects.get()
    assert complaint.contract == request.contract
    assert response["Location"] == links.follow_path(complaint)
    assert "Votre réclamation est reçue" in client.get(response["Location"]).text


def test_a_complaint_goes_to_the_operator_of_the_commune(client):
    contract = ContractFactory()
    CommunePostcodeFactory(commune=CommuneFactory())

    post(client, reference="", commune_text="35000")

    assert Complaint.objects.get().contract == contract


def test_a_complaint_never_goes_to_an_organisation_by_a_guess(client):
    ContractFactory()
    CommuneFactory()

    page = post(client, reference="", commune_text="renes")

    assert page.context["form"].errors == {"commune": [UNSURE]}
    assert not Complaint.objects.exists()

    post(client, reference="", commune_text="renes", commune="35238")

    assert Complaint.objects.exists()


def test_a_person_signed_in_is_asked_no_place(client):
    person = BeneficiaryFactory(user=UserFactory(role=Role.BENEFICIARY))
    request = ServiceRequestFactory(beneficiary=person)
    client.force_login(person.user)

    page = client.get(WRITE)
    post(client)

    assert request.contract.holder.name in page.text
    assert "commune_text" not in page.context["form"].fields
    complaint = Complaint.objects.get()
    assert (complaint.beneficiary, complaint.contract) == (person, request.contract)


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"reference": "ABCD", "commune_text": ""}, "Aucune demande ne porte cette référence"),
        ({"reference": "", "commune_text": ""}, "la référence de votre demande, ou votre commune"),
        (
            {"text": "Mon numéro : 2 84 05 35 238 046 12", "commune_text": "35000"},
            "numéro de sécurité sociale",
        ),
        ({"text": "", "commune_text": "35000"}, "Écrivez ce qui s’est passé"),
        ({"email": "lou@", "commune_text": "35000"}, "Il manque la fin de l’adresse"),
    ],
)
def test_a_refusal_is_said_beside_its_field(client, changed, words):
    CommunePostcodeFactory(commune=CommuneFactory())

    page = post(client, **changed)

    assert words in page.text
    assert not Complaint.objects.exists()


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("284053523804612", True),
        ("2 84 05 35 238 046", True),
        ("1-99-12-2A-004-018-55", True),
        ("appelez le 02 99 00 00 00", False),
        ("référence 123456789012345678", False),
    ],
)
def test_a_social_security_number_is_recognised(text, found):
    assert holds_nir(text) is found


def test_who_has_the_reference_reads_dates_only(client):
    complaint = answered(ComplaintFactory(**months_ago(0)))

    page = client.get(f"/reclamation/{complaint.displayed_reference}/", follow=True)

    assert "La réponse est annoncée par courriel" in page.text
    for secret in (complaint.text, complaint.answer, complaint.last_name, complaint.email):
        assert secret not in page.text


def test_silence_of_a_month_tells_how_to_reach_the_mediator(client, settings):
    settings.PORTAL_MEDIATOR = {"name": "Le médiateur", "url": None, "email": None, "address": "Paris"}
    late, recent = ComplaintFactory(**months_ago(2)), ComplaintFactory(**months_ago(0))

    assert "Saisir le médiateur" in client.get(f"/reclamation/{late.reference}/").text
    assert "Saisir le médiateur" not in client.get(f"/reclamation/{recent.reference}/").text


def test_the_mediator_is_never_invented(client):
    late = ComplaintFactory(**months_ago(2))

    assert "à compléter par l’exploitant" in client.get(f"/reclamation/{late.reference}/").text


def test_the_person_reads_the_answer_and_contests_it(client):
    complaint = answered(ComplaintFactory(**months_ago(0)))
    path = links.follow_path(complaint)

    before = client.get(path)
    after = client.post(path, follow=True)

    assert "Nous vous rappelons." in before.text
    assert "Cette réponse ne me convient pas" in before.text
    assert "Saisir le médiateur" in after.text


def test_an_altered_link_opens_nothing(client):
    assert client.get(links.follow_path(ComplaintFactory())[:-2] + "/").status_code == 404


def test_a_complaint_is_found_again_by_its_reference(client):
    complaint = ComplaintFactory()

    response = client.post("/reclamation/retrouver/", {"reference": complaint.displayed_reference})
    unknown = client.post("/reclamation/retrouver/", {"reference": "ZZZZ-ZZZZ-ZZZZ"})

    assert response["Location"] == f"/reclamation/{complaint.reference}/"
    assert "Aucune réclamation ne porte cette référence" in unknown.text


def manager(client, contract):
    client.force_login(UserFactory(role=Role.OPERATOR_MANAGER, role__organisation=contract.holder))


@pytest.mark.parametrize("count", [1, 4])
def test_desk_lists_own_complaints_with_constant_queries(client, django_assert_num_queries, count):
    contract = ContractFactory()
    ComplaintFactory.create_batch(count, contract=contract)
    ComplaintFactory()
    manager(client, contract)

    with django_assert_num_queries(5):  # session, user, mandates, count, complaints
        page = client.get("/bureau/reclamations/")

    assert len(page.context["rows"]) == count


def test_desk_answers_and_shows_the_clock(client):
    complaint = ComplaintFactory(**months_ago(2))
    manager(client, complaint.contract)
    path = f"/bureau/reclamations/{complaint.uuid}/"

    page = client.get(path)
    client.post(path, {"answer": "Nous vous rappelons."})

    complaint.refresh_from_db()
    assert "de retard" in page.text
    assert complaint.answer == "Nous vous rappelons."


def test_complaint_of_another_operator_does_not_exist(client):
    manager(client, ContractFactory())

    assert client.get(f"/bureau/reclamations/{ComplaintFactory().uuid}/").status_code == 404


@pytest.mark.parametrize("count", [1, 4])
def test_steering_counts_without_names(client, django_assert_num_queries, count):
    complaints = ComplaintFactory.create_batch(count, **months_ago(2))
    client.force_login(UserFactory(role=Role.CONTRACT_MANAGER))

    with django_assert_num_queries(6):  # session, user, mandates, totals, count, late ones
        page = client.get("/pilotage/reclamations/")

    assert [one.late for one in page.context["contracts"]] == [1] * count
    for complaint in complaints:
        assert complaint.displayed_reference in page.text
        for secret in (complaint.text, complaint.last_name, complaint.email):
            assert secret not in page.text

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from beneficiaries.request import services
from beneficiaries.request.documents import TEMPLATE, attestation_context, issue_attestation
from beneficiaries.request.enums import Need
from beneficiaries.request.errors import PersonUnknown
from beneficiaries.request.hooks import FACTS, NEXT_STEPS, NextStep
from beneficiaries.request.models import ContactCode, ServiceRequest
from beneficiaries.request.rules import ASKED_KEY, PROVED_KEY, clean_reference
from cep_portal.accounts.enums import Role
from cep_portal.documents.models import StoredDocument
from tests.beneficiaries.test_request_services import LOU, NOW, code_of, send, wrong
from tests.factories.accounts import UserFactory
from tests.factories.beneficiaries import BeneficiaryFactory, ServiceRequestFactory
from tests.hooks import only


def url(name, *args):
    return reverse(f"beneficiaries:{name}", args=args)


def hold(client, service_request):
    session = client.session
    session[ASKED_KEY] = session[PROVED_KEY] = [service_request.reference]
    session.save()


def owner():
    return BeneficiaryFactory(user=UserFactory(role=Role.BENEFICIARY), **{k: LOU[k] for k in ("first_name",)})


@pytest.mark.django_db
def test_find_request_however_it_is_typed(client):
    request = ServiceRequestFactory(reference="ABCDEFGH1J0K")

    response = client.post(url("request_find"), {"reference": " abcd-efgh ijok "})

    assert response.url == url("request", request.reference)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("typed", "error"),
    [("", "Indiquez la référence"), ("ABC", "12 lettres"), ("ABCDEFGHJKMN", "Aucune demande")],
)
def test_find_request_refusals(client, typed, error):
    page = client.post(url("request_find"), {"reference": typed})

    assert error in page.context["form"].errors["reference"][0]


@pytest.mark.django_db
def test_unknown_reference_is_not_found(client):
    assert client.get(url("request", "ABCDEFGHJKMN")).status_code == 404


@pytest.mark.dated
@pytest.mark.django_db
def test_stranger_with_the_reference_sees_nothing_personal(client):
    request = ServiceRequestFactory(
        beneficiary=owner(), needs=[Need.RESIGN_TO_RETRAIN], access_needs=["SIGN_LANGUAGE"]
    )

    page = client.get(url("request", request.reference))

    assert "lundi 2 novembre 2026 à 9\u00a0h\u00a030" in page.text
    assert request.contract.holder.name in page.text
    person = request.beneficiary
    for secret in (person.first_name, person.last_name, person.email, "Rennes", "Langue des signes"):
        assert secret not in page.text
    assert "Démissionner pour" not in page.text
    assert "Télécharger mon attestation" not in page.text


@pytest.mark.django_db
def test_holder_sees_own_answers(client):
    request = ServiceRequestFactory(access_needs=["SIGN_LANGUAGE"])
    hold(client, request)

    page = client.get(url("request", request.reference))

    assert "Rennes (35)" in page.text
    assert "Langue des signes" in page.text


@pytest.mark.django_db
@pytest.mark.parametrize("holds", [True, False])
def test_next_step_of_upper_apps_is_shown(client, monkeypatch, holds):
    def book(read):
        return NextStep("Choisir un rendez-vous", f"/suite/{read.service_request.pk}/{read.is_holder}/")

    only(monkeypatch, NEXT_STEPS, book, lambda _read: None)
    request = ServiceRequestFactory()
    if holds:
        hold(client, request)

    page = client.get(url("request", request.reference))

    assert f'href="/suite/{request.pk}/{holds}/"' in page.text


@pytest.mark.django_db
def test_request_page_queries(client, monkeypatch, django_assert_num_queries):
    only(monkeypatch, NEXT_STEPS)
    only(monkeypatch, FACTS)
    request = ServiceRequestFactory(beneficiary=owner())

    with django_assert_num_queries(1):
        client.get(url("request", request.reference))


@pytest.mark.django_db
def test_contact_then_code_attaches_the_person(client):
    request = ServiceRequestFactory()

    sent = client.post(url("request_contact", request.reference), LOU)
    contact_code = ContactCode.objects.get()
    assert sent.url == url("request_code", request.reference, contact_code.uuid)
    done = client.post(sent.url, {"code": code_of(contact_code)})

    request.refresh_from_db()
    assert done.url == url("request", request.reference)
    assert request.beneficiary.full_name == "Lou Le Goff"
    assert "Télécharger mon attestation" in client.get(done.url).text
    assert client.get(sent.url).url == done.url
    assert client.get(url("request_contact", request.reference)).url == done.url


@pytest.mark.django_db
def test_contact_form_names_each_error(client):
    request = ServiceRequestFactory()

    page = client.post(url("request_contact", request.reference), {"email": "lou@exemple", "phone": "061"})

    assert page.context["form"].errors == {
        "first_name": ["Indiquez votre prénom."],
        "last_name": ["Indiquez votre nom."],
        "email": ["Il manque la fin de l’adresse, comme .fr. Exemple : prenom.nom@exemple.fr."],
        "phone": ["Un numéro français compte dix chiffres : il en manque 7. Exemple : 06 12 34 56 78."],
    }
    for name, value in (
        ("first_name", "given-name"),
        ("last_name", "family-name"),
        ("email", "email"),
        ("phone", "tel"),
    ):
        assert f'autocomplete="{value}"' in str(page.context["form"][name])


@pytest.mark.django_db
def test_wrong_code_is_told_beside_its_field(client):
    request = ServiceRequestFactory()
    contact_code = send(request, now=timezone.now())

    page = client.post(
        url("request_code", request.reference, contact_code.uuid), {"code": wrong(code_of(contact_code))}
    )

    assert page.context["form"].errors["code"] == ["Ce code ne convient pas. Il vous reste 4 essais."]
    assert PROVED_KEY not in client.session


@pytest.mark.django_db
def test_code_of_another_request_is_not_found(client):
    contact_code = send(ServiceRequestFactory(), now=timezone.now())

    assert (
        client.get(url("request_code", ServiceRequestFactory().reference, contact_code.uuid)).status_code
        == 404
    )


@pytest.mark.django_db
def test_attestation_is_for_its_holder_only(client):
    request = ServiceRequestFactory(beneficiary=owner())
    other = UserFactory(role=Role.BENEFICIARY)
    BeneficiaryFactory(user=other)
    path = url("attestation", request.reference)

    assert client.post(path).status_code == 404
    client.force_login(other)
    assert client.post(path).status_code == 404
    client.force_login(UserFactory(role=Role.ADVISER))
    assert client.get(path).status_code == 404
    assert StoredDocument.objects.count() == 0


@pytest.mark.django_db
def test_attestation_is_issued_once_and_kept(client):
    request = ServiceRequestFactory(beneficiary=owner())
    client.force_login(request.beneficiary.user)
    path = url("attestation", request.reference)
    assert client.get(path).url == url("request", request.reference)

    client.post(path)
    first = client.get(path)
    client.post(path)

    document = StoredDocument.objects.get()
    request.refresh_from_db()
    assert request.attestation == document
    assert first.content == client.get(path).content
    assert first.content.startswith(b"%PDF")
    assert document.file_name in first["Content-Disposition"]
    assert first["Cache-Control"] == "no-store"


@pytest.mark.django_db
def test_attestation_refused_without_a_person(client):
    request = ServiceRequestFactory()
    hold(client, request)

    with pytest.raises(PersonUnknown):
        issue_attestation(service_request=request, now=NOW)
    response = client.post(url("attestation", request.reference))

    assert response.url == url("request_contact", request.reference)


@pytest.mark.django_db
def test_second_attestation_of_the_same_moment_is_dropped():
    request = ServiceRequestFactory(beneficiary=owner())
    stale = ServiceRequest.objects.get(pk=request.pk)
    facts = {"title": "Attestation", "content": b"%PDF", "now": NOW}
    first = services.store_attestation(service_request=request, check_code="A" * 16, **facts)

    second = services.store_attestation(service_request=stale, check_code="B" * 16, **facts)

    assert first == second
    assert StoredDocument.objects.get().check_code == "A" * 16


@pytest.mark.dated
@pytest.mark.django_db
def test_attestation_says_who_when_and_nothing_more():
    from django.template.loader import render_to_string

    request = ServiceRequestFactory(beneficiary=owner(), needs=[Need.RESIGN_TO_RETRAIN])
    context = attestation_context(service_request=request, check_code="C" * 16, now=NOW)

    html = render_to_string(TEMPLATE, {**context, "demonstration": True, "base_url": "http://testserver"})

    assert request.beneficiary.full_name in html
    assert "lundi 2 novembre 2026 à 9\u00a0h\u00a030" in html
    assert request.displayed_reference in html
    assert "C" * 16 in html
    assert "undefined" not in html
    assert request.needs_label not in html
    assert request.get_situation_display() not in html


@pytest.mark.django_db
@pytest.mark.parametrize("resigns", [True, False])
def test_attestation_words_for_who_plans_to_resign(resigns):
    """L5422-1-1 and R5422-2-1: asked before resigning, of an operator other than France Travail."""
    from django.template.loader import render_to_string

    needs = [Need.RESIGN_TO_RETRAIN if resigns else Need.TRAINING]
    request = ServiceRequestFactory(beneficiary=owner(), needs=needs)
    context = attestation_context(service_request=request, check_code="C" * 16, now=NOW)

    html = render_to_string(TEMPLATE, {**context, "demonstration": False, "base_url": "http://testserver"})

    assert ("autre que France Travail ou une mission locale" in html) is resigns
    assert "5422-2-1" in html


@pytest.mark.django_db
@pytest.mark.parametrize("holds", [True, False])
def test_page_warns_who_plans_to_resign_and_nobody_else(client, holds):
    request = ServiceRequestFactory(needs=[Need.RESIGN_TO_RETRAIN])
    if holds:
        hold(client, request)

    assert ("Ne démissionnez pas encore" in client.get(url("request", request.reference)).text) is holds


def test_clean_reference_reads_confusable_signs():
    assert clean_reference("oil-oil oil oil") == "011011011011"


@pytest.mark.django_db
def test_expired_code_says_what_to_do(client):
    request = ServiceRequestFactory()
    contact_code = send(request, now=timezone.now() - timedelta(minutes=20))

    page = client.post(url("request_code", request.reference, contact_code.uuid), {"code": "123456"})

    assert page.context["form"].errors["code"] == ["Ce code n’est plus valable. Demandez-en un nouveau."]


@pytest.mark.django_db
def test_refused_form_does_not_count_and_a_guess_does(client, throttling):
    path = url("request_contact", ServiceRequestFactory().reference)
    assert {client.post(path, {"email": ""}).status_code for _ in range(25)} == {200}

    session = client.session
    session.save()
    guess = url("request_find")
    answers = [client.post(guess, {"reference": f"ABCD-EFGH-JK{n:02d}"}) for n in range(21)]

    assert [answer.status_code for answer in answers] == [200] * 20 + [429]
    assert 1 <= int(answers[-1]["Retry-After"]) <= 300


@pytest.mark.django_db
@pytest.mark.parametrize("page", ["request", "request_contact"])
def test_pages_of_a_request_stay_in_no_cache(client, page):
    request = ServiceRequestFactory()

    assert "no-store" in client.get(url(page, request.reference))["Cache-Control"]


@pytest.mark.django_db
def test_requests_are_visible_to_their_person_and_operator():
    own, other = ServiceRequestFactory(beneficiary=owner()), ServiceRequestFactory(beneficiary=owner())
    person = own.beneficiary.user
    person.mandate = person.mandates.get()
    holder = own.contract.holder

    seen = {
        name: set(ServiceRequest.objects.visible_to(user).values_list("pk", flat=True))
        for name, user in (
            ("person", person),
            ("adviser", UserFactory(role=Role.ADVISER, role__organisation=holder)),
            ("analyst", UserFactory(role=Role.ANALYST)),
        )
    }

    assert own.contract != other.contract
    assert seen == {"person": {own.pk}, "adviser": {own.pk}, "analyst": set()}


@pytest.mark.django_db
def test_browser_that_asked_learns_nothing_once_a_name_is_given_elsewhere(client):
    """A counter's computer registered the request; the person copied the code on a phone."""
    request = ServiceRequestFactory(access_needs=["SIGN_LANGUAGE"], beneficiary=owner())
    session = client.session
    session[ASKED_KEY] = [request.reference]
    session.save()

    page = client.get(url("request", request.reference))

    assert "Langue des signes" not in page.text
    assert client.get(url("attestation", request.reference)).status_code == 404


@pytest.mark.django_db
def test_person_signed_in_does_not_inherit_the_former_persons_request(client):
    request = ServiceRequestFactory(beneficiary=owner())
    hold(client, request)
    client.force_login(UserFactory(role=Role.BENEFICIARY))

    assert client.get(url("attestation", request.reference)).status_code == 404

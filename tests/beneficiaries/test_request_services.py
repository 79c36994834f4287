import re
from datetime import UTC, date, datetime, timedelta

import pytest

from beneficiaries.request import errors, services
from beneficiaries.request.enums import CommuneBasis, Need, RequestState, Situation, Urgency
from beneficiaries.request.models import Beneficiary, ContactCode, ServiceRequest
from beneficiaries.request.services import RequestFacts
from cep_portal.accounts.enums import Role
from cep_portal.accounts.models import AuditEvent, Mandate, User
from cep_portal.messaging.models import Message
from tests.clock import moved_day, present
from tests.factories.accounts import UserFactory
from tests.factories.beneficiaries import BeneficiaryFactory, ServiceRequestFactory
from tests.factories.procurement import ContractFactory
from tests.factories.territories import CommuneFactory, RegionFactory

NOW = present()
ANSWERS = {
    "situation": Situation.EMPLOYEE,
    "commune_basis": CommuneBasis.HOME,
    "needs": [Need.CHANGE_JOB, Need.TAKE_STOCK],
    "urgency": Urgency.WITHIN_MONTH,
    "access_needs": ["STEP_FREE"],
}
LOU = {
    "first_name": "Lou",
    "last_name": "Le Goff",
    "email": "Lou@Exemple.example",
    "phone": "01 99 00 12 34",
}


def send(service_request, *, now=NOW, **details):
    return services.send_contact_code(service_request=service_request, now=now, **{**LOU, **details})


def code_of(contact_code):
    body = Message.objects.get(key=f"contact-code:{contact_code.uuid}").body
    return re.search(r"^\d{6}$", body, re.MULTILINE)[0]


def wrong(code):
    return f"{(int(code) + 1) % 1_000_000:06d}"


def confirm(contact_code, code=None, *, now=NOW):
    return services.confirm_contact_code(
        contact_code=contact_code, code=code or code_of(contact_code), now=now
    )


@pytest.mark.django_db
def test_register_request_routes_to_contract_of_the_day():
    contract = ContractFactory()

    request = services.register_request(facts=RequestFacts(commune=CommuneFactory(), **ANSWERS), now=NOW)

    request.refresh_from_db()
    assert (request.contract, request.requested_at, request.state) == (
        contract,
        NOW,
        RequestState.REGISTERED,
    )
    assert re.fullmatch(r"[0-9A-HJKMNP-TV-Z]{12}", request.reference)
    assert request.needs == [Need.TAKE_STOCK, Need.CHANGE_JOB]
    assert request.urgency == Urgency.WITHIN_MONTH
    assert request.beneficiary is None
    event = AuditEvent.objects.get(target_id=request.pk)
    assert (event.action, event.at) == ("beneficiaries.request.registered", NOW)


@pytest.mark.django_db
def test_register_request_reads_the_local_day():
    """At 21:00 UTC on 31 December it is already 1 January in La Réunion."""
    region = RegionFactory(reunion=True)
    before = ContractFactory(lot__regions=[region], starts_on=date(2024, 1, 2), ends_on=date(2025, 12, 31))
    after = ContractFactory(lot=before.lot, starts_on=date(2026, 1, 1), ends_on=moved_day("2026-12-31"))
    commune = CommuneFactory(reunion=True)

    evening, midnight = (
        services.register_request(
            facts=RequestFacts(commune=commune, **ANSWERS), now=datetime(2025, 12, 31, hour, tzinfo=UTC)
        )
        for hour in (19, 21)
    )

    assert (evening.contract, midnight.contract) == (before, after)


@pytest.mark.django_db
def test_register_request_refused_without_contract():
    ContractFactory(ends_on=moved_day("2026-11-22"))

    with pytest.raises(errors.NoContractInForce, match="Rennes"):
        services.register_request(facts=RequestFacts(commune=CommuneFactory(), **ANSWERS), now=NOW)

    assert ServiceRequest.objects.count() == 0


@pytest.mark.django_db
def test_register_request_twice_with_one_key_is_one_request():
    ContractFactory()
    key = "5b0ce5b6-3b3e-4bb5-9f4f-111111111111"

    first, second = (
        services.register_request(facts=RequestFacts(commune=CommuneFactory(), **ANSWERS), now=NOW, key=key)
        for _ in range(2)
    )

    assert first == second
    assert AuditEvent.objects.count() == 1


@pytest.mark.django_db
def test_register_request_of_a_signed_in_person_is_theirs():
    ContractFactory()
    person = BeneficiaryFactory(user=UserFactory(role=Role.BENEFICIARY))

    request = services.register_request(
        facts=RequestFacts(commune=CommuneFactory(), **ANSWERS), now=NOW, by=person.user
    )

    assert request.beneficiary == person


@pytest.mark.django_db
def test_send_contact_code_writes_a_discreet_message():
    request = ServiceRequestFactory()

    contact_code = send(request)

    message = Message.objects.get()
    code = code_of(contact_code)
    assert (message.recipient, message.subject) == (
        "lou@exemple.example",
        "Votre code de confirmation",
    )
    assert message.expires_at == contact_code.expires_at == NOW + timedelta(minutes=15)
    assert not re.search("conseil|évolution|CEP", message.subject + message.body)
    assert code not in str(ContactCode.objects.values().get())
    assert request.beneficiary is None


@pytest.mark.django_db
@pytest.mark.parametrize("shared", ["request", "address"])
def test_send_contact_code_is_limited_by_request_and_by_address(shared):
    request = ServiceRequestFactory()
    for n in range(5):
        send(
            request if shared == "request" else ServiceRequestFactory(),
            email=LOU["email"] if shared == "address" else f"lou{n}@exemple.example",
        )

    with pytest.raises(errors.CodesTooMany, match=r"à partir de \d+.h.*\.$"):
        send(request)

    assert ContactCode.objects.count() == 5
    send(request, now=NOW + timedelta(hours=1))


@pytest.mark.django_db
def test_confirm_contact_code_creates_person_user_and_mandate():
    request = ServiceRequestFactory()

    person = confirm(send(request))

    request.refresh_from_db()
    user = User.objects.get()
    assert request.beneficiary == person
    assert (person.full_name, person.email) == ("Lou Le Goff", "lou@exemple.example")
    assert (person.user, user.email) == (user, "lou@exemple.example")
    assert Mandate.objects.get().role == Role.BENEFICIARY
    assert not user.has_usable_password()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("first_name", "email", "same"),
    [
        ("LOÙ", "lou@exemple.example", True),
        ("Maé", "lou@exemple.example", False),
        ("Lou", "autre@exemple.example", False),
    ],
)
def test_confirm_contact_code_finds_same_address_and_name(first_name, email, same):
    known = confirm(send(ServiceRequestFactory()))

    person = confirm(send(ServiceRequestFactory(), first_name=first_name, email=email, phone=""))

    assert (person == known) is same
    assert Beneficiary.objects.count() == 2 - same
    assert (person.user == known.user) is same


@pytest.mark.django_db
def test_confirm_contact_code_never_links_an_agent_account():
    agent = UserFactory(email="lou@exemple.example", role=Role.ADVISER)

    person = confirm(send(ServiceRequestFactory()))

    assert (person.user == agent, person.user.email) == (False, "")
    assert agent.mandates.get().role == Role.ADVISER


@pytest.mark.django_db
def test_confirm_contact_code_counts_wrong_tries_then_refuses_the_right_code():
    contact_code = send(ServiceRequestFactory())
    code = code_of(contact_code)

    for left in (4, 3, 2, 1, 0):
        with pytest.raises(errors.CodeWrong, match=f"{left} essai"):
            confirm(contact_code, wrong(code))

    with pytest.raises(errors.CodeExhausted):
        confirm(contact_code, code)
    contact_code.refresh_from_db()
    assert (contact_code.attempts, contact_code.used_at) == (5, None)


@pytest.mark.django_db
def test_confirm_contact_code_refused_when_expired():
    contact_code = send(ServiceRequestFactory())

    with pytest.raises(errors.CodeExpired):
        confirm(contact_code, now=NOW + timedelta(minutes=15))

    confirm(contact_code, now=NOW + timedelta(minutes=14, seconds=59))


@pytest.mark.django_db
def test_confirm_contact_code_refused_the_second_time():
    contact_code = send(ServiceRequestFactory())
    confirm(contact_code)

    with pytest.raises(errors.CodeUsed):
        confirm(contact_code)


@pytest.mark.django_db
def test_identify_by_code_knows_who_sends_the_right_code_again():
    contact_code = send(ServiceRequestFactory())
    code = code_of(contact_code)
    person = services.identify_by_code(contact_code=contact_code, code=code, now=NOW)

    again = services.identify_by_code(contact_code=contact_code, code=code, now=NOW)

    assert again == person
    with pytest.raises(errors.CodeWrong):
        services.identify_by_code(contact_code=contact_code, code=wrong(code), now=NOW)


@pytest.mark.django_db
def test_confirm_contact_code_refused_for_the_request_of_another():
    request = ServiceRequestFactory(beneficiary=BeneficiaryFactory())
    contact_code = send(request)

    with pytest.raises(errors.RequestOfAnother):
        confirm(contact_code)

    assert Beneficiary.objects.count() == 1


@pytest.mark.django_db
def test_code_is_accepted_with_spaces():
    contact_code = send(ServiceRequestFactory())
    code = code_of(contact_code)

    assert confirm(contact_code, f" {code[:3]} {code[3:]} ").full_name == "Lou Le Goff"


R, S, D = RequestState.REGISTERED, RequestState.SCHEDULED, RequestState.SERVED


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("state", "act", "result"),
    [
        (R, services.mark_scheduled, S),
        (R, services.mark_unscheduled, R),
        (R, services.mark_served, D),
        (S, services.mark_scheduled, S),
        (S, services.mark_unscheduled, R),
        (S, services.mark_served, D),
        (D, services.mark_scheduled, D),
        (D, services.mark_unscheduled, D),
        (D, services.mark_served, D),
    ],
)
def test_request_state_moves(state, act, result):
    request = ServiceRequestFactory(state=state)

    act(service_request=request, now=NOW)

    request.refresh_from_db()
    assert request.state == result
    assert AuditEvent.objects.count() == (state != result)


@pytest.mark.django_db
def test_details_of_who_never_confirmed_are_forgotten_a_day_after():
    contact_code = send(ServiceRequestFactory())
    over = contact_code.expires_at + timedelta(days=1)

    early = services.forget_codes(now=over - timedelta(seconds=1))

    assert (early, services.forget_codes(now=over), services.forget_codes(now=over)) == (0, 1, 0)
    assert not ContactCode.objects.exists()

"""The API of an operator's own software: same services, hours with their offset, refusals as problems."""

import uuid
from datetime import UTC, date, datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from cep_portal.accounts.models import AuditEvent
from operators.agenda.enums import AppointmentState, Channel
from operators.agenda.models import Appointment
from operators.calls.enums import Consent
from operators.network.models import Site
from operators.software.enums import Scope
from operators.software.services import revoke_client
from tests.factories.accounts import UserFactory
from tests.factories.beneficiaries import BeneficiaryFactory, ServiceRequestFactory
from tests.factories.operators import ApiClientFactory, AppointmentFactory, OpeningRuleFactory, SiteFactory
from tests.factories.procurement import ContractFactory
from tests.factories.territories import CommuneFactory
from tests.operators.agenda.clock import NOW, at
from tests.operators.software.conftest import ask_token, signed_api

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("present")]
NINE = "2026-11-30T09:00:00+01:00"
PERSON = {
    "first_name": "Nolwenn",
    "last_name": "Le Roux",
    "email": "nolwenn@exemple.example",
    "phone": "06 39 98 00 01",
}


def url(name, *args):
    return reverse(f"operators:api_{name}", args=args)


def asked(site, **changed):
    return {
        "site": str(site.uuid),
        "starts_at": NINE,
        "level": "ONE",
        "mode": "ON_SITE",
        "situation": "EMPLOYEE",
        "commune": site.commune_id,
        "commune_basis": "HOME",
        "needs": ["TRAINING"],
        "person": PERSON,
        "agreed": True,
        **changed,
    }


def book(api, site, *, key="dossier-1", **changed):
    return api.post(
        url("appointments"), asked(site, **changed), format="json", headers={"Idempotency-Key": key}
    )


def kinds(response):
    return response.status_code, response.json()["type"].removeprefix("urn:mon-cep:")


def test_token_is_given_for_the_right_secret(software):
    response = ask_token(software)

    software.refresh_from_db()
    assert response.json() | {"access_token": ""} == {
        "access_token": "",
        "token_type": "Bearer",
        "expires_in": 3600,
    }
    assert (response["Cache-Control"], software.last_used_at) == ("no-store", NOW)


@pytest.mark.parametrize("secret", ["", "wrong"])
def test_token_is_refused_for_another_secret(software, secret):
    response = ask_token(software, secret)

    assert kinds(response) == (401, "authentication_failed")
    assert response["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("sent", ["Basic ????", "Basic bm9ib2R5OnNlY3JldA==", "Bearer x", "Basic", ""])
def test_token_is_refused_for_anything_else(client, sent):
    response = client.post(url("token"), {"grant_type": "client_credentials"}, HTTP_AUTHORIZATION=sent)

    assert response.status_code == 401


def test_wrong_secrets_are_throttled_by_address(software, settings):
    settings.PORTAL_THROTTLE = True

    answers = [ask_token(software, "wrong") for _ in range(31)]

    assert [one.status_code for one in answers] == [401] * 30 + [429]
    assert kinds(answers[-1]) == (429, "throttled")
    assert 0 < int(answers[-1]["Retry-After"]) <= 60
    assert ask_token(software).status_code == 429  # the right one too: else the limit tells which is right


def test_revoked_software_loses_its_tokens_at_once(api, software):
    revoke_client(client=software, by=UserFactory(), now=NOW)

    assert kinds(api.get(url("sites"))) == (401, "authentication_failed")
    assert ask_token(software).status_code == 401


def test_token_ends_after_an_hour(api, monkeypatch):
    from django.core import signing

    later = signing.time.time() + 3601
    monkeypatch.setattr(signing.time, "time", lambda: later)

    assert api.get(url("sites")).status_code == 401


def test_session_of_an_agent_opens_no_api(client, officer_of_site):
    client.force_login(officer_of_site)

    assert client.get(url("sites")).status_code == 401


@pytest.fixture
def officer_of_site(site):
    return UserFactory(role="INTAKE_OFFICER", role__organisation=site.contract.holder)


@pytest.mark.parametrize(
    ("scope", "open_to"),
    [
        (Scope.SLOTS_READ, {"sites", "slots"}),
        (Scope.APPOINTMENTS_READ, {"appointments"}),
        (Scope.APPOINTMENTS_WRITE, {"book"}),
    ],
)
def test_scope_opens_its_addresses_only(site, scope, open_to):
    api = signed_api(ApiClientFactory(organisation=site.contract.holder, scopes=[scope]))
    calls = {
        "sites": lambda: api.get(url("sites")),
        "slots": lambda: api.get(
            url("slots"), {"site": site.uuid, "level": "ONE", "mode": "ON_SITE", "ends": "2026-12-01T00:00Z"}
        ),
        "appointments": lambda: api.get(url("appointments")),
        "book": lambda: book(api, site),
    }

    assert {name for name, call in calls.items() if call().status_code in {200, 201}} == open_to


def test_sites_are_the_operator_s(api, site):
    SiteFactory()

    assert [one["id"] for one in api.get(url("sites")).json()] == [str(site.uuid)]


def test_slots_carry_their_offset_and_zone(software):
    """RDV-I PR 3282: the zone is in every hour of the API; La Réunion has its own."""
    there = OpeningRuleFactory(
        adviser__site=SiteFactory(contract__holder=software.organisation, reunion=True)
    ).site
    found = signed_api(software).get(
        url("slots"),
        {"site": there.uuid, "level": "ONE", "mode": "ON_SITE", "ends": "2026-12-01T00:00:00+04:00"},
    )

    assert found.json()[0] == {
        "starts_at": "2026-11-30T09:00:00+04:00",
        "ends_at": "2026-11-30T10:00:00+04:00",
        "zone": "Indian/Reunion",
    }


@pytest.mark.parametrize(
    ("window", "field"),
    [
        ({"ends": "2027-01-30T00:00:00+01:00"}, "ends"),
        ({"ends": "2026-11-01T00:00:00+01:00"}, "ends"),
        ({"starts": "2026-11-30T09:00:00"}, "starts"),
        ({"starts": "demain"}, "starts"),
        ({"mode": "FAX"}, "mode"),
    ],
)
def test_slots_are_searched_in_a_bounded_window(api, site, window, field):
    """RDV-SP PR 4728: outside callers never search further than four weeks at once."""
    response = api.get(url("slots"), {"site": site.uuid, "level": "ONE", "mode": "ON_SITE", **window})

    assert kinds(response) == (422, "invalid")
    assert [one["field"] for one in response.json()["errors"]] == [field]


def test_slots_are_those_of_who_has_these_access_needs(api, site):
    """What the API shows can be booked: steps keep a wheelchair out, and few advisers sign."""
    OpeningRuleFactory(
        adviser__site=site, adviser__skills=["SIGN_LANGUAGE"], site=site, first_on=date(2026, 12, 1)
    )
    Site.objects.filter(pk=site.pk).update(is_step_free=False)
    query = {"site": site.uuid, "level": "ONE", "ends": "2026-12-12T00:00:00+01:00"}

    def hours(mode, *needs):
        found = api.get(url("slots"), {**query, "mode": mode, "access_needs": list(needs)}).json()
        return [one["starts_at"][:16] for one in found]

    own, of_signing = ["2026-11-30T09:00", "2026-11-30T10:15"], ["2026-12-07T09:00", "2026-12-07T10:15"]
    assert hours("ON_SITE") == own + of_signing
    assert hours("ON_SITE", "STEP_FREE") == []
    assert hours("PHONE", "STEP_FREE") == own + of_signing
    assert hours("ON_SITE", "SIGN_LANGUAGE") == of_signing
    assert hours("ON_SITE", "SIGN_LANGUAGE", "STEP_FREE") == []


def test_unknown_access_need_is_refused(api, site):
    query = {"site": site.uuid, "level": "ONE", "mode": "ON_SITE", "access_needs": ["STAIRS"]}

    response = api.get(url("slots"), query)

    assert kinds(response) == (422, "invalid")
    assert [one["field"] for one in response.json()["errors"]] == ["access_needs.0"]


def test_slots_have_their_own_throttle(api, site, settings):
    """RDV-SP PR 4728, PR 4693: outside callers hammer the search."""
    settings.PORTAL_THROTTLE = True
    query = {"site": site.uuid, "level": "ONE", "mode": "ON_SITE"}
    answers = [api.get(url("slots"), query) for _ in range(61)]

    assert [one.status_code for one in answers] == [200] * 60 + [429]
    assert int(answers[-1]["Retry-After"]) <= 60
    assert api.get(url("sites")).status_code == 200


def test_slot_query_count_is_constant(api, site, django_assert_num_queries):
    for _ in range(3):
        OpeningRuleFactory(adviser__site=site, site=site)

    with django_assert_num_queries(3):  # client, site, slots
        api.get(url("slots"), {"site": site.uuid, "level": "ONE", "mode": "ON_SITE"})


def test_software_books_with_the_same_facts(api, software, site):
    response = book(api, site)

    booked = Appointment.objects.get()
    assert response.status_code == 201
    assert response.json() | {"person": "", "id": ""} == {
        "id": "",
        "reference": booked.service_request.reference,
        "person": "",
        "state": "BOOKED",
        "channel": "SOFTWARE",
        "level": "ONE",
        "mode": "ON_SITE",
        "site": str(site.uuid),
        "starts_at": NINE,
        "ends_at": "2026-11-30T10:00:00+01:00",
        "zone": "Europe/Paris",
        "booked_at": "2026-11-23T17:00:00+01:00",
        "cancelled_at": None,
        "cancelled_by": "",
        "cancel_reason": "",
        "moved_from": None,
        "moved_to": None,
    }
    assert (booked.channel, booked.assistance.consent) == (Channel.SOFTWARE, Consent.OPERATOR)
    assert (booked.service_request.requested_at, booked.beneficiary.full_name) == (NOW, "Nolwenn Le Roux")
    line = AuditEvent.objects.get(action="operators.api_client.booked")
    assert (line.target_id, line.data) == (software.pk, {"appointment": str(booked.uuid)})


def test_same_key_books_once(api, site):
    first, second = (book(api, site) for _ in range(2))

    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json() == second.json()
    assert (Appointment.objects.count(), BeneficiaryFactory._meta.model.objects.count()) == (1, 1)


def test_same_key_with_other_facts_is_refused(api, site):
    book(api, site)

    response = book(api, site, person={**PERSON, "first_name": "Autre"})

    assert kinds(response) == (409, "idempotency_key_reused")


def test_key_of_another_software_is_another_key(api, site):
    book(api, site)
    other = ApiClientFactory(organisation=site.contract.holder)

    response = book(signed_api(other), site)

    assert kinds(response) == (409, "slot_taken")


@pytest.mark.parametrize("key", ["", "x" * 101])
def test_booking_needs_a_key(api, site, key):
    response = book(api, site, key=key)

    assert [one["field"] for one in response.json()["errors"]] == ["Idempotency-Key"]


def test_slot_taken_gives_the_nearest_with_their_offset(api, site):
    AppointmentFactory(adviser=site.advisers.get())

    response = book(api, site)

    assert kinds(response) == (409, "slot_taken")
    assert response.json()["nearest"][0]["starts_at"] == "2026-11-30T10:15:00+01:00"
    assert not ServiceRequestFactory._meta.model.objects.exists()  # nothing half-written


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"starts_at": "2026-11-30T09:00:00"}, "starts_at"),
        ({"agreed": False}, "agreed"),
        ({"commune": "99999"}, "commune"),
        ({"needs": []}, "needs"),
        ({"needs": ["SINGING"]}, "needs.0"),
        ({"person": {"first_name": "A"}}, "person.last_name"),
        ({"person": {**PERSON, "email": "nulle part"}}, "person.email"),
    ],
)
def test_wrong_values_are_named_field_by_field(api, site, changed, field):
    response = book(api, site, **changed)

    assert kinds(response) == (422, "invalid")
    assert [one["field"] for one in response.json()["errors"]] == [field]


def test_person_without_contact_is_refused(api, site):
    response = book(api, site, person={**PERSON, "email": "", "phone": ""})

    assert kinds(response) == (409, "contact_missing")


def test_territory_of_another_operator_is_refused(api, site):
    elsewhere = CommuneFactory(strasbourg=True)
    ContractFactory(lot__regions=[elsewhere.department.region])

    assert kinds(book(api, site, commune=elsewhere.code)) == (409, "received_elsewhere")


def test_person_known_to_the_operator_is_found_again(api, site):
    known = BeneficiaryFactory(**PERSON)
    ServiceRequestFactory(contract=site.contract, beneficiary=known)

    assert book(api, site).json()["person"] == str(known.uuid)


def test_person_known_elsewhere_is_not(api, site):
    known = BeneficiaryFactory(**PERSON)
    ServiceRequestFactory(beneficiary=known)

    assert book(api, site).json()["person"] != str(known.uuid)


@pytest.fixture
def booked(api, site):
    return Appointment.objects.get(uuid=book(api, site).json()["id"])


def test_appointments_are_the_operator_s(api, booked):
    foreign = AppointmentFactory()

    listed = api.get(url("appointments")).json()

    assert ([one["id"] for one in listed["results"]], listed["next"]) == ([str(booked.uuid)], None)
    for name in ("appointment", "move", "cancel"):
        call = api.get if name == "appointment" else api.post
        body = {} if name == "appointment" else {"by": "PERSON", **asked(booked.site)}
        sent = (
            call(url(name, foreign.uuid)) if not body else call(url(name, foreign.uuid), body, format="json")
        )
        assert sent.status_code == 404


@pytest.mark.parametrize("count", [1, 4])
def test_appointment_list_query_count_is_constant(api, site, django_assert_num_queries, count):
    for place in range(count):
        AppointmentFactory(
            adviser=site.advisers.get(), starts_at=at("2026-12-07 09:00") + timedelta(days=place)
        )

    with django_assert_num_queries(3):  # client, count, appointments
        listed = api.get(url("appointments")).json()

    assert listed["count"] == count


def test_software_moves_and_the_same_move_again_is_the_same(api, booked):
    """RDV-I 2399: ghost appointments between two systems."""
    there = {
        "site": str(booked.site.uuid),
        "starts_at": "2026-11-30T10:15:00+01:00",
        "level": "ONE",
        "mode": "ON_SITE",
    }

    first, second = (api.post(url("move", booked.uuid), there, format="json") for _ in range(2))

    assert first.json() == second.json()
    assert (first.json()["moved_from"], first.json()["starts_at"]) == (str(booked.uuid), there["starts_at"])
    assert api.get(url("appointment", booked.uuid)).json()["moved_to"] == first.json()["id"]
    assert AuditEvent.objects.filter(action="operators.api_client.moved").count() == 1


@pytest.mark.parametrize("since", ["cancelled", "moved"])
def test_move_sent_again_never_gives_what_no_longer_stands(api, booked, since):
    """RDV-I 2399: « 200, here is your appointment » for one that was cancelled meanwhile."""
    there = {
        "site": str(booked.site.uuid),
        "starts_at": "2026-11-30T10:15:00+01:00",
        "level": "ONE",
        "mode": "ON_SITE",
    }
    moved = api.post(url("move", booked.uuid), there, format="json").json()
    if since == "cancelled":
        api.post(url("cancel", moved["id"]), {"by": "PERSON"}, format="json")
    else:
        api.post(url("move", moved["id"]), {**there, "starts_at": NINE}, format="json")

    again = api.post(url("move", booked.uuid), there, format="json")

    assert kinds(again) == (409, "transition_refused")
    assert Appointment.objects.filter(moved_from=booked).count() == 1
    assert Appointment.objects.filter(state="BOOKED").count() == (since == "moved")


def test_another_mode_at_the_same_hour_is_another_move(api, booked):
    there = {
        "site": str(booked.site.uuid),
        "starts_at": "2026-11-30T10:15:00+01:00",
        "level": "ONE",
        "mode": "ON_SITE",
    }
    api.post(url("move", booked.uuid), there, format="json")

    again = api.post(url("move", booked.uuid), {**there, "mode": "PHONE"}, format="json")

    assert kinds(again) == (409, "transition_refused")


def test_software_cancels_and_says_who(api, booked):
    answers = [
        api.post(url("cancel", booked.uuid), {"by": "PERSON", "reason": "WORK"}, format="json").json()
        for _ in range(2)
    ]

    assert answers[0] == answers[1]
    assert (answers[0]["state"], answers[0]["cancelled_by"], answers[0]["cancel_reason"]) == (
        "CANCELLED",
        "PERSON",
        "WORK",
    )
    assert AuditEvent.objects.filter(action="operators.api_client.cancelled").count() == 1


def test_person_does_not_cancel_by_software_after_the_limit(api, site, monkeypatch):
    booked = AppointmentFactory(adviser=site.advisers.get(), starts_at=NOW + timedelta(hours=1))

    response = api.post(url("cancel", booked.uuid), {"by": "PERSON"}, format="json")

    assert kinds(response) == (409, "too_late_to_change")
    assert Appointment.objects.get().state == AppointmentState.BOOKED


def test_unknown_appointment_is_a_problem(api):
    response = api.get(url("appointment", uuid.uuid4()))

    assert kinds(response) == (404, "not_found")
    assert response.json()["title"] == "Introuvable"


def test_wrong_method_and_format_are_problems(api):
    assert kinds(api.put(url("sites"))) == (405, "method_not_allowed")
    assert kinds(api.post(url("appointments"), "{", content_type="application/json")) == (400, "parse_error")


def test_answers_say_nothing_of_what_was_said(api, booked):
    """RDV-SP 1692: no contact, need nor theme in any answer: whoever books opens no file."""
    page = api.get(url("appointment", booked.uuid)).content.decode()

    hidden = (PERSON["email"], "Nolwenn", "TRAINING", "CHANGE_JOB", "06 39")
    assert [word for word in hidden if word in page] == []


def test_schema_is_openapi_31_and_names_each_address(client):
    described = client.get(url("schema")).json()

    assert described["openapi"] == "3.1.0"
    assert sorted(described["paths"]) == [
        "/api/v1/appointments/",
        "/api/v1/appointments/{uuid}/",
        "/api/v1/appointments/{uuid}/cancel/",
        "/api/v1/appointments/{uuid}/move/",
        "/api/v1/sites/",
        "/api/v1/slots/",
        "/api/v1/token/",
    ]
    assert described["components"]["securitySchemes"] == {
        "jeton": {"type": "http", "scheme": "bearer"},
        "secret": {"type": "http", "scheme": "basic"},
    }


def test_present_is_read_at_the_interface():
    assert timezone.now() == NOW == datetime(2026, 11, 23, 16, 0, tzinfo=UTC)

"""The intake queue: who of the team answers a request, late ones, filters, an end without appointment."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from cep_portal.accounts.enums import Role
from cep_portal.accounts.models import AuditEvent
from operators.reception.calls import rules, services
from operators.reception.calls.enums import RequestEndReason
from operators.reception.calls.errors import RequestOver, RequestTaken
from operators.reception.calls.models import RequestHandling
from operators.reception.calls.selectors import unanswered_requests
from tests.factories.accounts import UserFactory
from tests.factories.beneficiaries import BeneficiaryFactory, ServiceRequestFactory
from tests.factories.operators import AppointmentFactory
from tests.operators.booking.agenda.clock import NOW
from tests.undo import offered, press_undo

pytestmark = pytest.mark.django_db
LIST = reverse("operators:request_list")


@pytest.fixture
def officer(client):
    officer = UserFactory(role=Role.INTAKE_OFFICER)
    client.force_login(officer)
    return officer


@pytest.fixture
def asked(officer):
    return waiting(officer)


def waiting(officer, **facts):
    holder = officer.mandate.organisation
    facts = {"beneficiary": BeneficiaryFactory(phone="0639980001"), "contract__holder": holder, **facts}
    return ServiceRequestFactory(**facts)


def colleague_of(officer):
    return UserFactory(role=Role.INTAKE_OFFICER, role__organisation=officer.mandate.organisation)


def rows(client, **query):
    return [row["request"] for row in client.get(LIST, query).context["rows"]]


def follow(client, asked, **act):
    return client.post(reverse("operators:request_follow", args=[asked.reference]), act, follow=True)


def test_request_is_taken_and_given_back(client, officer, asked):
    assert "Cette demande est pour vous" in follow(client, asked, acte="prendre").text
    assert "pris par vous" in " ".join(client.get(LIST).text.split())

    follow(client, asked, acte="laisser")

    handling = RequestHandling.objects.get()
    assert (handling.service_request, handling.taken_by, handling.taken_at) == (asked, None, None)
    acts = AuditEvent.objects.filter(action__startswith="operators.request.").order_by("pk")
    assert [act.action for act in acts] == ["operators.request.taken", "operators.request.left"]


def test_request_taken_left_or_ended_by_mistake_is_as_before(client, officer, asked):
    ended = follow(client, asked, acte="clore", reason="NOT_WANTED")
    resumed = press_undo(client, ended)
    taken = follow(client, asked, acte="prendre")
    left = follow(client, asked, acte="laisser")
    again = press_undo(client, left)

    handling = RequestHandling.objects.get()
    assert (handling.ended_at, handling.taken_by) == (None, officer)
    assert offered(resumed) is None
    assert offered(taken)[1]["acte"] == "laisser"
    assert offered(again) is None


def test_request_that_a_colleague_took_is_left_for_good(client, officer, asked):
    services.take_request(service_request=asked, by=colleague_of(officer), now=NOW)

    assert offered(follow(client, asked, acte="laisser")) is None


def test_request_taken_by_a_colleague_is_refused(client, officer, asked):
    colleague = colleague_of(officer)
    services.take_request(service_request=asked, by=colleague, now=NOW)

    with pytest.raises(RequestTaken):
        services.take_request(service_request=asked, by=officer, now=NOW)
    assert f"{colleague.full_name} a déjà pris cette demande." in follow(client, asked, acte="prendre").text


def test_taking_twice_changes_nothing(officer, asked):
    first = services.take_request(service_request=asked, by=officer, now=NOW)
    again = services.take_request(service_request=asked, by=officer, now=NOW + timedelta(hours=1))

    assert (again.pk, again.taken_at) == (first.pk, NOW)


def test_request_ends_for_a_reason_and_leaves_the_queue(client, officer, asked):
    refused = follow(client, asked, acte="clore", reason="")
    assert "Dites pourquoi" in refused.text
    assert rows(client) == [asked]

    follow(client, asked, acte="clore", reason="NOT_WANTED")

    assert rows(client) == []
    assert rows(client, qui="closes") == [asked]
    assert RequestHandling.objects.get().end_reason == RequestEndReason.NOT_WANTED


def test_request_ended_by_mistake_comes_back(client, officer, asked):
    follow(client, asked, acte="clore", reason="ELSEWHERE")

    follow(client, asked, acte="reprendre")

    assert rows(client) == [asked]
    with pytest.raises(RequestOver):
        services.resume_request(service_request=asked, by=officer, now=NOW)


@pytest.mark.parametrize("act", ["take_request", "leave_request"])
def test_nothing_is_done_with_a_request_that_is_over(officer, asked, act):
    services.end_request(service_request=asked, end_reason=RequestEndReason.ASKED_TWICE, by=officer, now=NOW)
    answered = waiting(officer, state="SCHEDULED")

    for over in (asked, answered):
        with pytest.raises(RequestOver):
            getattr(services, act)(service_request=over, by=officer, now=NOW)


def test_request_of_another_operator_is_404(client, officer):
    other = ServiceRequestFactory(beneficiary=BeneficiaryFactory())

    assert follow(client, other, acte="prendre").status_code == 404


def test_filters_narrow_the_queue(client, officer, asked):
    mine = waiting(officer, access_needs=["STEP_FREE"])
    theirs = waiting(officer, requested_at=timezone.now() - timedelta(days=11))
    services.take_request(service_request=mine, by=officer, now=NOW)
    services.take_request(service_request=theirs, by=colleague_of(officer), now=NOW)

    assert rows(client, qui="libres") == [asked]
    assert rows(client, qui="moi") == [mine]
    assert theirs in rows(client, retard="oui")
    assert rows(client, accueil="oui") == [mine]
    assert set(rows(client, qui="demain")) == {asked, mine, theirs}


@pytest.mark.parametrize(("days", "late"), [(9, False), (10, False), (11, True)])
def test_request_is_late_after_ten_days(days, late):
    today = NOW.date()

    assert rules.is_late_to_answer(today - timedelta(days=days), on=today) is late


def test_row_says_age_person_phone_need_and_one_button(client, officer):
    asked = waiting(officer, access_needs=["STEP_FREE"], requested_at=timezone.now() - timedelta(days=12))

    page = client.get(LIST).text
    row = page.split("<tbody>")[1].split("</tbody>")[0]

    assert "en retard" in row
    assert 'href="tel:+33639980001"' in row
    assert asked.needs_label in row
    assert row.count('class="button button-secondary"') == 1
    assert page.count('name="recherche"') == 1  # one search box: that of the header


@pytest.mark.parametrize("count", [1, 4])
def test_query_count_is_constant(client, officer, django_assert_num_queries, count):
    for _ in range(count):
        services.take_request(service_request=waiting(officer), by=officer, now=NOW)

    with django_assert_num_queries(6):  # session, user, mandates, count, requests, call-backs
        response = client.get(LIST)

    assert len(response.context["rows"]) == count


def test_booked_request_leaves_the_queue_whoever_took_it(officer, asked):
    services.take_request(service_request=asked, by=officer, now=NOW)
    AppointmentFactory(service_request=asked, beneficiary=asked.beneficiary)

    assert not unanswered_requests(user=officer).exists()


@pytest.mark.parametrize(
    "facts",
    [
        {"taken_at": NOW},
        {"ended_at": NOW, "end_reason": "ELSEWHERE"},
        {"end_reason": "ELSEWHERE"},
    ],
)
def test_database_refuses_half_a_handling(asked, facts):
    with pytest.raises(IntegrityError), transaction.atomic():
        RequestHandling.objects.create(service_request=asked, **facts)

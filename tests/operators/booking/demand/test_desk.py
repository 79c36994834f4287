"""The desk: whom to call, who waits, what is missing; never another operator's people."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from cep_portal.accounts.enums import Role
from operators.booking.demand import services
from operators.booking.demand.enums import CallBackState
from operators.booking.demand.models import CallBack
from tests.clock import moved_day
from tests.factories.accounts import UserFactory
from tests.factories.demand import CallBackFactory, WaitingEntryFactory
from tests.operators.booking.agenda.clock import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("present")]


@pytest.fixture
def sign_in(client, site):
    def enter(role, organisation=site.contract.holder):
        client.force_login(UserFactory(role=role, role__organisation=organisation))
        return client

    return enter


@pytest.fixture
def call_back(site):
    return CallBackFactory(service_request__contract=site.contract, site=site)


def note(call_back, client, reached):
    return client.post(reverse("operators:call_back_note", args=[call_back.uuid]), {"joint": reached})


@pytest.mark.parametrize("role", Role.of_operators)
def test_the_whole_operator_reads_who_is_to_be_called(sign_in, call_back, role):
    response = sign_in(role).get(reverse("operators:call_back_list"))

    (row,) = response.context["rows"]
    assert (row["call_back"], row["is_today"], row["is_late"]) == (call_back, True, False)
    assert response.context["may_call"] == (role == Role.INTAKE_OFFICER)


def test_late_promises_are_marked_and_come_first(sign_in, site, call_back):

    late = CallBackFactory(service_request__contract=site.contract, promised_on=moved_day("2026-11-20"))

    rows = sign_in(Role.INTAKE_OFFICER).get(reverse("operators:call_back_list")).context["rows"]

    assert [(row["call_back"], row["is_late"]) for row in rows] == [(late, True), (call_back, False)]


@pytest.mark.parametrize(("reached", "state"), [("oui", CallBackState.REACHED), ("non", CallBackState.DUE)])
def test_an_officer_notes_the_call(sign_in, call_back, reached, state):
    response = note(call_back, sign_in(Role.INTAKE_OFFICER), reached)

    call_back.refresh_from_db()
    assert (response.status_code, call_back.state, call_back.tries.count()) == (302, state, 1)


def test_a_call_that_is_over_is_refused_in_words(sign_in, call_back):
    client = sign_in(Role.INTAKE_OFFICER)
    note(call_back, client, "oui")

    response = client.get(note(call_back, client, "oui").url)

    assert [str(one) for one in response.context["messages"]][-1] == "Ce rappel est clos : jointe."


@pytest.mark.parametrize("name", ["call_back_list", "waiting_list"])
def test_another_operator_sees_nobody(sign_in, call_back, entry, name):
    response = sign_in(Role.INTAKE_OFFICER, UserFactory(role=Role.ADVISER).mandate.organisation).get(
        reverse(f"operators:{name}")
    )

    assert response.context["rows"] == []


def test_another_operator_notes_no_call(sign_in, call_back):
    other = UserFactory(role=Role.ADVISER).mandate.organisation

    assert note(call_back, sign_in(Role.INTAKE_OFFICER, other), "oui").status_code == 404


@pytest.mark.parametrize("role", Role.of_operators)
def test_the_list_is_read_in_its_order(sign_in, site, offer, role):
    from datetime import timedelta

    second = WaitingEntryFactory(site=site, created_at=offer.entry.created_at + timedelta(hours=1))

    rows = sign_in(role).get(reverse("operators:waiting_list")).context["rows"]

    assert [(row["number"], row["entry"], row["has_offer"], row["offers"]) for row in rows] == [
        (1, offer.entry, True, 1),
        (2, second, False, 0),
    ]


def test_a_manager_reads_what_is_missing_without_names(sign_in, entry):
    for _ in range(2):
        services.record_unmet(
            service_request=entry.service_request, level="ONE", modes=["PHONE"], hours=["LUNCH"], now=NOW
        )

    response = sign_in(Role.OPERATOR_MANAGER).get(reverse("operators:unmet_demand"))

    assert response.context["rows"] == [
        {
            "department": entry.service_request.commune.department.name,
            "wish": "niveau 1 · par téléphone · entre midi et 14\u00a0h",
            "times": 2,
        }
    ]
    assert response.context["waiting"] == [
        {"site": entry.site.name, "level": "niveau 1", "mode": "sur place", "people": 1}
    ]
    assert entry.beneficiary.last_name not in response.content.decode()


def test_another_operators_wishes_are_not_counted(sign_in, entry):
    services.record_unmet(
        service_request=entry.service_request, level="ONE", modes=["PHONE"], hours=[], now=NOW
    )
    other = UserFactory(role=Role.ADVISER).mandate.organisation

    response = sign_in(Role.OPERATOR_MANAGER, other).get(reverse("operators:unmet_demand"))

    assert (response.context["rows"], response.context["waiting"]) == ([], [])


@pytest.mark.parametrize("people", [1, 4])
@pytest.mark.parametrize(("name", "queries"), [("call_back_list", 5), ("waiting_list", 5)])
def test_lists_take_as_many_queries_for_one_or_four(
    sign_in, site, people, name, queries, django_assert_num_queries
):
    for _ in range(people):
        CallBackFactory(service_request__contract=site.contract, site=site)
        WaitingEntryFactory(site=site)
    client = sign_in(Role.INTAKE_OFFICER)

    with django_assert_num_queries(queries):
        response = client.get(reverse(f"operators:{name}"))

    assert len(response.context["rows"]) == people


def follow(client, call_back, **sent):
    url = reverse("operators:call_back_follow", args=[call_back.uuid])
    return " ".join(client.post(url, sent, follow=True).text.split())


def test_a_call_is_taken_by_one_officer_and_left_to_the_team(sign_in, call_back):
    first = follow(sign_in(Role.INTAKE_OFFICER), call_back, acte="prendre")
    call_back.refresh_from_db()
    taken_by = call_back.taken_by
    second = follow(sign_in(Role.INTAKE_OFFICER), call_back, acte="prendre")
    left = follow(sign_in(Role.INTAKE_OFFICER), call_back, acte="laisser")

    assert "par vous" in first
    assert f"{taken_by.full_name} a déjà pris ce rappel." in second
    assert f"par {taken_by.full_name}" in second
    assert "Je prends" in left
    call_back.refresh_from_db()
    assert (call_back.taken_by, call_back.taken_at) == (None, None)


def test_a_call_ends_without_success_for_a_reason(sign_in, call_back):
    client = sign_in(Role.INTAKE_OFFICER)

    silent = follow(client, call_back, acte="clore", reason="")
    call_back.refresh_from_db()
    before = call_back.state
    done = follow(client, call_back, acte="clore", reason="WRONG_NUMBER")
    again = follow(client, call_back, acte="clore", reason="WRONG_NUMBER")

    call_back.refresh_from_db()
    assert "Dites pourquoi" in silent
    assert before == CallBackState.DUE
    assert "Rappel clos sans suite" in done
    assert (call_back.state, call_back.give_up_reason) == (CallBackState.GIVEN_UP, "WRONG_NUMBER")
    assert "Ce rappel est clos" in again


@pytest.mark.parametrize(
    ("changes", "constraint"),
    [
        ({"taken_at": NOW}, "call_back_taken_by_somebody"),
        ({"give_up_reason": "NOT_WANTED"}, "call_back_given_up_for_a_reason"),
        ({"state": "GIVEN_UP", "ended_at": NOW}, "call_back_given_up_for_a_reason"),
    ],
)
def test_the_database_refuses_half_of_it(call_back, changes, constraint):
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        CallBack.objects.filter(pk=call_back.pk).update(**changes)

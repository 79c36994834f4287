"""« À faire »: the first screen of each role of a desk, from facts; its number stands in the menu."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from cep_portal.accounts.enums import Role
from cep_portal.accounts.models import AuditEvent
from tests.factories.accounts import MandateFactory, UserFactory
from tests.factories.beneficiaries import BeneficiaryFactory, ComplaintFactory, ServiceRequestFactory
from tests.factories.deliveries import DataDeliveryFactory
from tests.factories.demand import CallBackFactory
from tests.factories.operators import AdviserFactory
from tests.factories.procurement import ContractFactory, PenaltyFactory
from tests.undo import offered, press_undo

pytestmark = pytest.mark.django_db
PAGE = "/a-faire/"
FIRST_SCREENS = {
    Role.INTAKE_OFFICER: "to_do",
    Role.OPERATOR_MANAGER: "to_do",
    Role.CONTRACT_MANAGER: "to_do",
    Role.BUYER: "to_do",
    Role.DECIDER: "to_do",
    Role.ADMINISTRATOR: "to_do",
    Role.ADVISER: "operators:today",
    Role.ANALYST: "to_do",
}


def signed_in(client, role):
    user = UserFactory(role=role)
    client.force_login(user)
    return user


def shown(client):
    return [
        (group.title, task.verb, task.about)
        for group in client.get(PAGE).context["to_do"].groups
        for task in group.tasks
    ]


def notified(contract, *, due_on):
    decision = MandateFactory(role=Role.CONTRACT_MANAGER)
    return PenaltyFactory(
        version__commitment__contract=contract,
        state="NOTIFIED",
        notified_at=timezone.now(),
        notified_under=decision,
        observations_due_on=due_on,
    )


@pytest.mark.parametrize(("role", "name"), FIRST_SCREENS.items())
def test_each_role_opens_on_what_it_must_do(client, role, name):
    signed_in(client, role)

    assert client.get(reverse("desk")).headers["Location"] == reverse(name)


def test_nothing_to_do_says_so(client):
    signed_in(client, Role.DECIDER)

    assert "Rien à faire pour l’instant" in client.get(PAGE).text


def test_penalty_to_answer_follows_what_is_for_today_and_is_one_click_away(client):
    manager = signed_in(client, Role.OPERATOR_MANAGER)
    contract = ContractFactory(holder=manager.mandate.organisation)
    today = timezone.localdate()
    penalty = notified(contract, due_on=today + timedelta(days=20))
    complaint = ComplaintFactory(contract=contract, answer_due_on=today)
    notified(ContractFactory(), due_on=today)

    page = client.get(PAGE)

    assert shown(client) == [
        ("Aujourd’hui", "Répondre à la réclamation", complaint.displayed_reference),
        ("Échéances", "Répondre à la pénalité", f"{penalty.version.commitment.title}, octobre 2026"),
    ]
    assert reverse("procurement:own_penalty", args=[penalty.uuid]) in page.text


def test_manager_reads_broken_promises_refused_lines_and_accounts_never_opened(client):
    manager = signed_in(client, Role.OPERATOR_MANAGER)
    organisation = manager.mandate.organisation
    contract = ContractFactory(holder=organisation)
    today = timezone.localdate()
    for promised_on in (today - timedelta(days=1), today):
        CallBackFactory(service_request=ServiceRequestFactory(contract=contract), promised_on=promised_on)
    DataDeliveryFactory(
        organisation=organisation,
        state="DONE",
        finished_at=timezone.now(),
        line_count=9,
        new_count=7,
        refused_count=2,
    )
    adviser = AdviserFactory(site__contract=contract)
    AuditEvent.objects.create(
        action="operators.adviser.invited",
        target_type="operators.adviser",
        target_id=adviser.pk,
        at=timezone.now(),
    )

    page = client.get(PAGE)

    assert [(queue.label, queue.count) for queue in page.context["to_do"].queues] == [
        ("Rappels en retard", 1)
    ]
    assert shown(client) == [
        ("Sans date", "Corriger 2 lignes refusées :", "remontee.csv"),
        ("Sans date", "Relancer l’invitation de", adviser.user.full_name),
    ]
    assert 'href="tel:' not in page.text  # who calls is not the manager


def test_officer_takes_a_call_and_comes_back_to_the_list(client):
    officer = signed_in(client, Role.INTAKE_OFFICER)
    contract = ContractFactory(holder=officer.mandate.organisation)
    call = CallBackFactory(service_request=ServiceRequestFactory(contract=contract, beneficiary=None))

    before = client.get(PAGE)
    answer = client.post(
        reverse("operators:call_back_follow", args=[call.uuid]), {"acte": "prendre", "retour": "oui"}
    )

    assert 'href="tel:+33639980000"' in before.text
    assert "Je prends" in before.text
    assert answer.headers["Location"] == reverse("desk")
    call.refresh_from_db()
    assert call.taken_by == officer
    page = client.get(PAGE)
    follow = f'action="{reverse("operators:call_back_follow", args=[call.uuid])}"'
    assert page.text.count(follow) == 1  # the undo alone: nobody takes what is taken
    press_undo(client, page)
    call.refresh_from_db()
    assert call.taken_by is None
    page = client.get(PAGE)
    assert (page.text.count(follow), offered(page)) == (1, None)


@pytest.mark.parametrize(
    ("role", "state", "verb"),
    [
        (Role.CONTRACT_MANAGER, "PROPOSED", "Notifier ou abandonner la pénalité"),
        (Role.DECIDER, "SILENT", "Décider la pénalité"),
    ],
)
def test_steering_roles_read_the_penalties_that_wait_for_them(client, role, state, verb):
    signed_in(client, role)
    penalty = notified(ContractFactory(), due_on=date(2026, 11, 1))
    if state == "PROPOSED":
        penalty = PenaltyFactory()
    else:
        penalty.state = state
        penalty.save()

    assert (verb, f"{penalty.version.commitment.title}, octobre 2026") in {
        (told, about) for _, told, about in shown(client)
    }


@pytest.mark.parametrize("role", [Role.CONTRACT_MANAGER, Role.BUYER])
def test_contracts_that_end_are_prepared(client, role):
    signed_in(client, role)
    soon = timezone.localdate() + timedelta(days=60)
    contract = ContractFactory(ends_on=soon)
    ContractFactory(ends_on=soon + timedelta(days=200))

    assert [about for _, verb, about in shown(client) if verb.startswith("Préparer")] == [str(contract.lot)]


def test_contract_manager_reads_late_complaints(client):
    signed_in(client, Role.CONTRACT_MANAGER)
    ComplaintFactory(answer_due_on=timezone.localdate() - timedelta(days=1))

    queues = client.get(PAGE).context["to_do"].queues

    assert [(queue.label, queue.count) for queue in queues] == [
        ("Réclamations sans réponse après un mois", 1)
    ]


def test_administrator_reads_the_mandates_that_end(client):
    signed_in(client, Role.ADMINISTRATOR)
    soon = timezone.localdate() + timedelta(days=10)
    mandate = MandateFactory(role=Role.DECIDER, ends_on=soon)

    assert [about for _, _, about in shown(client)] == [mandate.user.full_name]


@pytest.mark.parametrize("role", [role for role, name in FIRST_SCREENS.items() if name == "to_do"])
def test_query_count_is_constant(client, role):
    """As many queries with four rows of everything as with one, and none to show the number elsewhere."""
    user = signed_in(client, role)
    counts = {}
    for number in range(4):
        facts = {"holder": user.mandate.organisation} if user.mandate.organisation else {}
        contract = ContractFactory(ends_on=timezone.localdate() + timedelta(days=30 + number), **facts)
        notified(contract, due_on=timezone.localdate())
        PenaltyFactory()
        ComplaintFactory(contract=contract)
        asked = ServiceRequestFactory(contract=contract, beneficiary=BeneficiaryFactory())
        CallBackFactory(service_request=asked)
        MandateFactory(role=Role.DECIDER, ends_on=timezone.localdate())
        with CaptureQueriesContext(connection) as queries:
            client.get(PAGE)
        counts[number + 1] = len(queries)

    assert counts[4] == counts[1]
    assert counts[4] <= 12  # session, user, mandates, then one or two a source


def test_number_stands_in_the_menu_until_its_reader_acts(client, django_assert_num_queries):
    officer = signed_in(client, Role.INTAKE_OFFICER)
    contract = ContractFactory(holder=officer.mandate.organisation)
    CallBackFactory(service_request=ServiceRequestFactory(contract=contract, beneficiary=None))
    sessions = reverse("sessions")
    with CaptureQueriesContext(connection) as before:
        assert "nav-count" not in client.get(sessions).text
        count = len(before)

    client.get(PAGE)
    with django_assert_num_queries(count):
        page = client.get(sessions)
    client.post(sessions)
    after = client.get(sessions)

    assert '<span class="nav-count">2<span class="visually-hidden"> à faire</span></span>' in page.text
    assert "nav-count" not in after.text

from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone

from cep_portal.accounts.enums import Role
from cep_portal.accounts.models import Mandate
from procurement.followup.enums import PenaltyState
from tests.factories.accounts import UserFactory
from tests.factories.procurement import CommitmentVersionFactory, ContractFactory

FAR = date(2099, 1, 2)
READERS = (Role.ANALYST, Role.BUYER, Role.CONTRACT_MANAGER, Role.DECIDER)


def page(name, penalty=None, *more):
    return reverse(f"procurement:{name}", args=[penalty.uuid, *more] if penalty else [])


@pytest.fixture
def signed_in(client, contract):
    def enter(role, *, organisation=None):
        if role in Role.of_operators:
            organisation = organisation or contract.holder
        user = UserFactory(role=role, role__organisation=organisation)
        client.force_login(user)
        return user

    return enter


def statuses(client, penalty):
    names = ["penalty_list", "penalty_export", "to_decide", "own_penalty_list"]
    files = ["penalty_detail", "penalty_decide", "own_penalty"]
    urls = [page(name) for name in names] + [page(name, penalty) for name in files]
    return [client.get(url).status_code for url in urls]


@pytest.mark.parametrize(
    ("role", "expected"),
    [
        (Role.ANALYST, [200, 200, 403, 403, 200, 403, 403]),
        (Role.BUYER, [200, 200, 403, 403, 200, 403, 403]),
        (Role.CONTRACT_MANAGER, [200, 200, 403, 403, 200, 403, 403]),
        (Role.DECIDER, [200, 200, 200, 403, 200, 200, 403]),
        (Role.ADMINISTRATOR, [403, 403, 403, 403, 403, 403, 403]),
        (Role.OPERATOR_MANAGER, [403, 403, 403, 200, 403, 403, 200]),
        (Role.ADVISER, [403, 403, 403, 403, 403, 403, 403]),
        (Role.INTAKE_OFFICER, [403, 403, 403, 403, 403, 403, 403]),
    ],
)
def test_pages_by_role(client, signed_in, penalty_in, role, expected):
    signed_in(role)

    assert statuses(client, penalty_in(PenaltyState.OBSERVED)) == expected


@pytest.mark.parametrize(
    ("state", "status"),
    [("PROPOSED", 404), ("DROPPED", 404), ("NOTIFIED", 200), ("WAIVED", 200)],
)
def test_holder_sees_a_penalty_once_notified(client, signed_in, penalty_in, state, status):
    signed_in(Role.OPERATOR_MANAGER)
    penalty = penalty_in(state)

    assert client.get(page("own_penalty", penalty)).status_code == status
    listed = client.get(page("own_penalty_list")).context["page"].object_list
    assert list(listed) == ([penalty] if status == 200 else [])


@pytest.mark.parametrize("method", ["get", "post"])
def test_another_holder_finds_nothing(client, signed_in, penalty_in, method):
    penalty = penalty_in(PenaltyState.NOTIFIED)
    signed_in(Role.OPERATOR_MANAGER, organisation=ContractFactory().holder)

    answers = [
        getattr(client, method)(page("own_penalty", penalty)).status_code,
        client.get(page("own_penalty_letter", penalty, "invitation")).status_code,
    ]

    assert answers == [404, 404]


@pytest.mark.parametrize("count", [1, 4])
@pytest.mark.parametrize(
    ("role", "name", "queries"),
    [
        (Role.CONTRACT_MANAGER, "penalty_list", 6),
        (Role.DECIDER, "to_decide", 5),
        (Role.OPERATOR_MANAGER, "own_penalty_list", 5),
        (Role.ANALYST, "penalty_export", 4),
    ],
)
def test_list_query_count_is_constant(
    client, signed_in, penalty_in, django_assert_num_queries, role, name, queries, count
):
    for _ in range(count):
        penalty_in(PenaltyState.OBSERVED)
    signed_in(role)

    with django_assert_num_queries(queries):  # session, user, mandate, then the page's
        response = client.get(page(name))

    assert response.status_code == 200


def test_list_is_filtered_by_the_url(client, signed_in, penalty_in):
    signed_in(Role.CONTRACT_MANAGER)
    waived = penalty_in(PenaltyState.WAIVED)
    other = CommitmentVersionFactory()
    elsewhere = penalty_in(PenaltyState.PROPOSED, version=other)

    def listed(query):
        return list(client.get(page("penalty_list") + query).context["page"].object_list)

    assert listed("?etat=levees") == [waived]
    assert listed(f"?contrat={other.commitment.contract.uuid}") == [elsewhere]
    assert len(listed("?etat=inconnu&contrat=inconnu")) == 2


def test_export_cannot_hold_a_formula(client, signed_in, penalty_in, contract):
    contract.holder.name = "=1+1"
    contract.holder.save()
    penalty_in(PenaltyState.OBSERVED)
    signed_in(Role.ANALYST)

    lines = client.get(page("penalty_export")).content.decode("utf-8-sig").splitlines()

    assert lines[0].startswith("Contrat;Titulaire;Engagement;Mois;Constaté;Cible")
    assert lines[1].split(";")[1] == "'=1+1"
    assert lines[1].split(";")[3:7] == ["2026-10", "12,5000", "10,00", "1500,00"]


def test_manager_of_contracts_notifies_then_the_holder_observes(client, signed_in, penalty_in):
    penalty = penalty_in(PenaltyState.PROPOSED)
    signed_in(Role.CONTRACT_MANAGER)
    client.post(page("penalty_notify", penalty))
    penalty.refresh_from_db()
    assert penalty.state == PenaltyState.NOTIFIED
    letter = client.get(page("penalty_letter", penalty, "invitation"))
    assert letter.content[:5] == b"%PDF-"

    signed_in(Role.OPERATOR_MANAGER)
    empty = client.post(page("own_penalty", penalty), {"observations": ""})
    assert list(empty.context["form"].errors) == ["observations"]
    client.post(page("own_penalty", penalty), {"observations": "La panne."})

    penalty.refresh_from_db()
    assert (penalty.state, penalty.observations) == ("OBSERVED", "La panne.")


@pytest.mark.parametrize("letter", ["decision", "inconnu"])
def test_letter_that_does_not_exist(client, signed_in, penalty_in, letter):
    signed_in(Role.CONTRACT_MANAGER)

    response = client.get(page("penalty_letter", penalty_in("PROPOSED"), letter))

    assert response.status_code == 404


def test_dropping_asks_why(client, signed_in, penalty_in):
    penalty = penalty_in(PenaltyState.PROPOSED)
    signed_in(Role.CONTRACT_MANAGER)

    empty = client.post(page("penalty_drop", penalty), {"reasons": ""})
    client.post(page("penalty_drop", penalty), {"reasons": "Donnée contestée."})

    assert list(empty.context["drop_form"].errors) == ["reasons"]
    penalty.refresh_from_db()
    assert penalty.state == PenaltyState.DROPPED


REDUCTION = {"outcome": "REDUCED", "amount_excl_tax": "800,00", "reasons": "La panne."}


def test_decision_is_confirmed_before_it_is_taken(client, signed_in, penalty_in, manager, contract):
    penalty = penalty_in(PenaltyState.OBSERVED)
    signed_in(Role.DECIDER)

    confirmation = client.post(page("penalty_decide", penalty), REDUCTION)
    penalty.refresh_from_db()
    before = penalty.state
    client.post(page("penalty_decide", penalty), {**REDUCTION, "confirmed": "1"})
    penalty.refresh_from_db()

    assert before == PenaltyState.OBSERVED
    text = confirmation.content.decode()
    assert "1 responsable est averti" in text
    assert contract.holder.name in text
    assert "exonéré" in text
    assert (penalty.state, str(penalty.decided_amount_excl_tax)) == ("REDUCED", "800.00")


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"amount_excl_tax": ""}, ["amount_excl_tax"]),
        ({"amount_excl_tax": "1500,00"}, ["__all__"]),
        ({"reasons": ""}, ["reasons"]),
        ({"outcome": "PROPOSED"}, ["outcome"]),
    ],
)
def test_decision_that_does_not_hold_is_refused_on_its_form(client, signed_in, penalty_in, changes, fields):
    signed_in(Role.DECIDER)
    penalty = penalty_in(PenaltyState.OBSERVED)

    response = client.post(page("penalty_decide", penalty), {**REDUCTION, **changes})

    assert list(response.context["decision_form"].errors) == fields


@pytest.mark.parametrize("state", PenaltyState)
@pytest.mark.parametrize("role", READERS)
def test_file_offers_only_the_acts_of_the_moment(client, signed_in, penalty_in, role, state):
    signed_in(role)

    context = client.get(page("penalty_detail", penalty_in(state))).context

    offered = [name for name in ("decision_form", "drop_form") if context[name]]
    if role == Role.DECIDER and state in PenaltyState.to_decide:
        assert offered == ["decision_form"]
    elif role == Role.CONTRACT_MANAGER and state == PenaltyState.PROPOSED:
        assert offered == ["drop_form"]
    else:
        assert offered == []


@pytest.mark.parametrize(
    ("state", "due_on", "offered"),
    [
        ("NOTIFIED", FAR, True),
        ("NOTIFIED", timezone.localdate(), True),
        ("NOTIFIED", date(2026, 1, 2), False),
        ("OBSERVED", FAR, False),
    ],
)
def test_holder_may_answer_until_the_due_date(client, signed_in, penalty_in, state, due_on, offered):
    signed_in(Role.OPERATOR_MANAGER)
    penalty = penalty_in(state, observations_due_on=due_on)

    form = client.get(page("own_penalty", penalty)).context["form"]

    assert (form is not None) is offered


@pytest.mark.parametrize("role", [Role.ANALYST, Role.OPERATOR_MANAGER, Role.DECIDER])
def test_nothing_undefined_is_shown(client, signed_in, penalty_in, role):
    signed_in(role)
    name = "own_penalty" if role == Role.OPERATOR_MANAGER else "penalty_detail"

    for state in PenaltyState:
        if role == Role.OPERATOR_MANAGER and state in ("PROPOSED", "DROPPED"):
            continue
        text = client.get(page(name, penalty_in(state))).content.decode()
        assert "undefined" not in text


def test_nobody_is_notified_when_the_holder_has_nobody_to_read(client, signed_in, penalty_in):
    penalty = penalty_in(PenaltyState.PROPOSED)
    Mandate.objects.filter(role=Role.OPERATOR_MANAGER).update(ended_at=timezone.now())
    signed_in(Role.CONTRACT_MANAGER)

    answer = client.post(page("penalty_notify", penalty), follow=True)

    penalty.refresh_from_db()
    assert penalty.state == PenaltyState.PROPOSED
    assert "personne ne lirait le courrier" in answer.text

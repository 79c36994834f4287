import pytest
from django.urls import reverse
from django.utils import timezone

from cep_portal.accounts.enums import Role
from operators.casework.pathways.hooks import Day
from operators.moving.handovers import contributions, rules
from operators.moving.handovers.models import Handover
from tests.factories.accounts import UserFactory
from tests.factories.handovers import HandoverFactory
from tests.factories.operators import AdviserFactory, PathwayFactory
from tests.operators.casework.pathways.test_pages import as_role

pytestmark = pytest.mark.django_db


@pytest.fixture
def adviser(client):
    adviser = AdviserFactory()
    client.force_login(adviser.user)
    return adviser


def answers(colleague, **changes):
    return {
        "colleague": colleague.pk,
        "kind": "TEMPORARY",
        "until": timezone.localdate().isoformat(),
        "with_appointments": "on",
        **changes,
    }


@pytest.mark.parametrize(
    ("rule", "roles"),
    [
        (rules.can_hand_over, {Role.ADVISER}),
        (rules.can_hand_over_portfolios, {Role.ADVISER, Role.OPERATOR_MANAGER}),
    ],
)
def test_rules_by_role(rule, roles):
    assert {role for role in Role if rule(as_role(role))} == roles


def test_one_person_is_handed_over_from_the_file(client, adviser):
    pathway, colleague = PathwayFactory(adviser=adviser), AdviserFactory(site=adviser.site)
    page = reverse("operators:pathway_hand_over", args=[pathway.uuid])

    answer = client.post(page, answers(colleague))

    file = reverse("operators:pathway_detail", args=[pathway.uuid])
    assert answer.url == file
    assert Handover.objects.get().colleague == colleague
    client.force_login(colleague.user)
    shown = client.get(file).text
    assert f"Confié à {colleague.user.full_name}" in shown
    assert f"Parcours confié à {colleague.user.full_name}" in shown


def test_pathway_is_given_back_from_the_file(client, adviser):
    handover = HandoverFactory(lender=adviser)

    client.post(reverse("operators:pathway_take_back", args=[handover.pathway.uuid]))

    handover.pathway.refresh_from_db()
    assert handover.pathway.adviser == adviser


def test_pathway_that_is_not_lent_is_not_given_back(client, adviser):
    pathway = PathwayFactory(adviser=adviser)

    assert client.post(reverse("operators:pathway_take_back", args=[pathway.uuid])).status_code == 404


def test_temporary_hand_over_asks_for_its_last_day(client, adviser):
    pathway, colleague = PathwayFactory(adviser=adviser), AdviserFactory(site=adviser.site)
    page = reverse("operators:pathway_hand_over", args=[pathway.uuid])

    answer = client.post(page, answers(colleague, until=""))

    assert answer.context["form"].errors == {"until": ["Indiquez le dernier jour."]}


def test_colleague_of_another_operator_cannot_be_chosen(client, adviser):
    pathway, stranger = PathwayFactory(adviser=adviser), AdviserFactory()
    page = reverse("operators:pathway_hand_over", args=[pathway.uuid])

    answer = client.post(page, answers(stranger))

    assert set(answer.context["form"].errors) == {"colleague"}
    assert Handover.objects.count() == 0


def test_adviser_hands_over_a_whole_portfolio(client, adviser):
    PathwayFactory.create_batch(2, adviser=adviser)
    colleague = AdviserFactory(site=adviser.site)

    answer = client.post(
        reverse("operators:portfolio_hand_over", args=[adviser.uuid]), answers(colleague), follow=True
    )

    assert Handover.objects.count() == 2
    assert "2 parcours confiés." in answer.text


def test_adviser_does_not_hand_over_a_colleague_s_portfolio(client, adviser):
    colleague = AdviserFactory(site=adviser.site)

    assert client.get(reverse("operators:portfolio_hand_over", args=[colleague.uuid])).status_code == 404


def test_manager_hands_over_any_portfolio_and_reads_no_name(client):
    pathway = PathwayFactory()
    holder = pathway.contract.holder
    client.force_login(UserFactory(role=Role.OPERATOR_MANAGER, role__organisation=holder))
    page = reverse("operators:portfolio_hand_over", args=[pathway.adviser.uuid])

    shown = client.get(page).text
    client.post(page, answers(AdviserFactory(site=pathway.adviser.site), kind="FINAL", until=""))

    assert pathway.beneficiary.last_name not in shown
    assert Handover.objects.get().kind == "FINAL"


@pytest.mark.parametrize("count", [1, 4])
def test_portfolio_list_query_count_is_constant(client, count, django_assert_num_queries):
    first = AdviserFactory()
    team = [first, *(AdviserFactory(site=first.site) for _ in range(count - 1))]
    for one in team:
        PathwayFactory(adviser=one)
    client.force_login(UserFactory(role=Role.OPERATOR_MANAGER, role__organisation=first.site.contract.holder))

    with django_assert_num_queries(4):  # session, user, mandates, advisers
        page = client.get(reverse("operators:portfolio_list"))

    assert [one.pathway_count for one in page.context["advisers"]] == [1] * count


def test_what_is_lent_is_not_in_the_portfolio_of_who_stands_in(client):
    handover = HandoverFactory()
    PathwayFactory(adviser=handover.colleague)
    client.force_login(handover.colleague.user)

    page = client.get(reverse("operators:portfolio_list"))

    assert [one.pathway_count for one in page.context["advisers"]] == [1]


@pytest.mark.dated
@pytest.mark.parametrize("count", [1, 4])
def test_day_shows_whom_a_colleague_gave(count, django_assert_num_queries):
    handovers = [HandoverFactory()]
    first = handovers[0]
    handovers += [HandoverFactory(lender=first.former, colleague=first.colleague) for _ in range(count - 1)]
    user, now = first.colleague.user, first.handed_at
    assert user.mandate

    with django_assert_num_queries(1):
        tasks = contributions.handed_to_do(Day(first.colleague, user, now))

    assert (len(tasks.first), tasks.count, tasks.more_url) == (count, count, "")
    assert tasks.first[0].note.endswith("jusqu’au vendredi 4 décembre 2026")

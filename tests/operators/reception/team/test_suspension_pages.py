import pytest
from django.urls import reverse
from django.utils import timezone

from operators.booking.agenda.models import Replacement
from operators.moving.handovers.models import Handover
from operators.reception.team.services import invite_adviser
from tests.factories.groups import GroupSessionFactory
from tests.factories.operators import AdviserFactory, OpeningRuleFactory, PathwayFactory
from tests.operators.booking.agenda.absences import booked_with
from tests.operators.booking.agenda.clock import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("present")]


def address(adviser, act="suspend"):
    return reverse(f"operators:adviser_{act}", args=[adviser.uuid])


def test_consequences_are_shown_before_anything_is_sent(client, adviser, manager):
    colleague = OpeningRuleFactory(adviser__site=adviser.site).adviser
    booked_with(adviser)
    PathwayFactory(adviser=adviser)
    client.force_login(manager)

    shown = client.get(address(adviser))

    assert [line["colleague"] for line in shown.context["lines"]] == [colleague]
    assert "Suspendre et prévenir 2 personnes" in shown.text
    assert "<strong>1 parcours</strong> confié" in shown.text
    assert (Replacement.objects.count(), Handover.objects.count()) == (0, 0)


def test_an_invited_account_that_never_came_is_chosen_and_never_proposed(client, adviser, manager):
    invited = invite_adviser(
        site=adviser.site,
        email="nouvelle@operateur.example",
        first_name="Nour",
        last_name="Velle",
        max_per_day=None,
        skills=[],
        by=manager,
        now=timezone.now(),
    )
    client.force_login(manager)
    url = reverse("operators:adviser_suspend", args=[adviser.uuid])

    form = client.get(url).context["form"]
    chosen = client.get(url, {"colleague": str(invited.uuid)}).context["form"]

    assert form.is_valid()
    assert form.cleaned_data["colleague"] is None
    assert chosen.is_valid()
    assert chosen.cleaned_data["colleague"] == invited
    invited.user.last_login = timezone.now()
    invited.user.save()
    came = client.get(url).context["form"]
    assert came.is_valid()
    assert came.cleaned_data["colleague"] == invited


def test_the_colleague_proposed_is_of_the_same_place_and_follows_fewest(client, adviser, manager):
    PathwayFactory(adviser=adviser)
    elsewhere = AdviserFactory(site__contract=adviser.site.contract)
    busy, free = AdviserFactory(site=adviser.site), AdviserFactory(site=adviser.site)
    PathwayFactory(adviser=busy)
    client.force_login(manager)

    form = client.get(address(adviser)).context["form"]

    assert list(form.fields["colleague"].queryset) == [free, busy, elsewhere]
    assert form.cleaned_data == {"colleague": free, "for_good": False}


def test_another_colleague_is_looked_at_before(client, adviser, manager):
    other = OpeningRuleFactory(adviser__site=adviser.site).adviser
    OpeningRuleFactory(adviser__site=adviser.site)
    booked_with(adviser)
    PathwayFactory(adviser=adviser)
    client.force_login(manager)

    shown = client.get(address(adviser), {"colleague": str(other.uuid), "for_good": "oui"})

    assert [line["colleague"] for line in shown.context["lines"]] == [other]
    assert f"à {other.user.full_name}, définitivement" in shown.text


def test_nobody_for_now_is_said(client, adviser, manager):
    AdviserFactory(site=adviser.site)
    PathwayFactory(adviser=adviser)
    client.force_login(manager)

    shown = client.get(address(adviser), {"colleague": ""})

    assert "sans personne pour les suivre" in shown.text
    assert shown.context["departure"].people_count == 0


def test_colleague_of_another_operator_is_refused(client, adviser, manager):
    PathwayFactory(adviser=adviser)
    client.force_login(manager)

    refused = client.post(address(adviser), {"colleague": str(AdviserFactory().uuid)})

    adviser.refresh_from_db()
    assert (set(refused.context["form"].errors), adviser.is_active) == ({"colleague"}, True)


def test_one_press_suspends_and_gives_the_portfolio(client, adviser, manager):
    colleague = AdviserFactory(site=adviser.site)
    pathway = PathwayFactory(adviser=adviser)
    client.force_login(manager)

    done = client.post(address(adviser), {"colleague": str(colleague.uuid)}, follow=True)

    pathway.refresh_from_db()
    assert pathway.adviser == colleague
    assert f"1 parcours confié à {colleague.user.full_name}." in done.text


@pytest.mark.parametrize("count", [1, 4])
def test_page_costs_the_same_whatever_the_pathways(
    client, adviser, manager, count, django_assert_num_queries
):
    AdviserFactory(site=adviser.site)
    PathwayFactory.create_batch(count, adviser=adviser)
    client.force_login(manager)
    client.get(address(adviser))

    with django_assert_num_queries(12):
        client.get(address(adviser))


def test_one_press_suspends_and_leads_to_the_answers(client, adviser, manager):
    booked_with(adviser)
    client.force_login(manager)

    done = client.post(address(adviser))

    adviser.refresh_from_db()
    assert (done.url, adviser.is_active) == (reverse("operators:replacement_list"), False)
    assert Replacement.objects.count() == 1


def test_suspended_adviser_is_let_in_again_from_their_page(client, adviser, manager):
    client.force_login(manager)
    client.post(address(adviser))
    page = client.get(address(adviser, "capacity"))

    back = client.post(address(adviser, "resume"), follow=True)

    adviser.refresh_from_db()
    assert "Lever la suspension" in page.text
    assert (adviser.is_active, "reçoit de nouveau" in back.text) == (True, True)


def test_what_was_done_already_is_said(client, adviser, manager):
    client.force_login(manager)

    page = client.post(address(adviser, "resume"), follow=True)

    assert "Ce conseiller est en activité." in page.text


def test_a_meeting_in_the_way_is_said_before_and_refused_after(client, adviser, manager):
    GroupSessionFactory(adviser=adviser, site=adviser.site)
    client.force_login(manager)

    page, refused = client.get(address(adviser)), client.post(address(adviser), follow=True)

    assert "button-danger" not in page.text
    assert "annulez-la d’abord" in refused.text


def test_suspended_adviser_is_at_the_desk_no_more(client, adviser, manager):
    client.force_login(manager)
    client.post(address(adviser))

    client.force_login(adviser.user)

    assert client.get(reverse("operators:today")).status_code == 403


def test_pathways_of_a_suspended_adviser_stay_in_sight(client, adviser, manager):
    PathwayFactory(adviser=adviser)
    PathwayFactory(adviser=adviser, state="CLOSED", closed_at=NOW, outcome="NEED_MET")
    client.force_login(manager)
    before = client.get(reverse("operators:team")).text

    client.post(address(adviser))

    assert "parcours à confier" not in before
    portfolio = reverse("operators:portfolio_hand_over", args=[adviser.uuid])
    assert f'<a href="{portfolio}">1 parcours à confier</a>' in client.get(reverse("operators:team")).text
    assert client.get(portfolio).context["count"] == 1

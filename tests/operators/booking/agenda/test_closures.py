"""Days on which a site receives nobody: lesson 21 (RDV-SP 2006), closures a site."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from cep_portal.accounts.enums import Role
from cep_portal.accounts.models import AuditEvent
from operators.booking.agenda import services
from operators.booking.agenda.enums import AppointmentState
from operators.booking.agenda.errors import ClosureInvalid, ClosureOverBookings
from operators.network.models import SiteClosure
from tests.clock import moved_day
from tests.factories.accounts import UserFactory
from tests.factories.operators import (
    AppointmentFactory,
    OpeningRuleFactory,
    SiteClosureFactory,
    SiteFactory,
)
from tests.operators.booking.agenda.clock import NOW, at, hours
from tests.undo import press_undo

pytestmark = pytest.mark.django_db
MONDAYS = [f"2026-{day} {hour}" for day in ("11-30", "12-07") for hour in ("09:00", "10:15")]


@pytest.fixture
def rule():
    return OpeningRuleFactory()


MONDAY = moved_day("2026-11-30")


def close(site, first=MONDAY, last=MONDAY):
    user = UserFactory(role=Role.OPERATOR_MANAGER, role__organisation=site.contract.holder)
    return services.close_site(site=site, first_on=first, last_on=last, reason="travaux", by=user, now=NOW)


def test_closed_days_are_local_and_the_last_one_is_included(rule):
    close(rule.site, last=moved_day("2026-12-06"))

    assert hours(rule.site.contract, days=16) == MONDAYS[2:]


def test_closed_day_counts_on_the_local_calendar_of_the_site():
    """At 22:00 UTC on 29 November it is the 30th in La Réunion: the zone of the site decides."""
    rule = OpeningRuleFactory(adviser__site__reunion=True)
    close(rule.site, first=moved_day("2026-11-29"), last=moved_day("2026-11-29"))

    assert hours(rule.site.contract, days=16) == MONDAYS


def test_other_sites_of_the_operator_stay_open(rule):
    other = OpeningRuleFactory(adviser__site=SiteFactory(contract=rule.site.contract))
    close(rule.site)

    assert hours(rule.site.contract, days=10, site=other.site) == MONDAYS[:2]


def test_closure_over_booked_sessions_names_them_and_closes_nothing(rule):
    booked = AppointmentFactory(adviser=rule.adviser)

    with pytest.raises(ClosureOverBookings) as refusal:
        close(rule.site)

    assert refusal.value.appointments == (booked,)
    assert SiteClosure.objects.count() == 0


def test_hold_in_a_closure_ends(rule):
    held = AppointmentFactory(adviser=rule.adviser, on_hold=True, hold_expires_at=at("2026-11-24 09:00"))

    close(rule.site)

    held.refresh_from_db()
    assert held.state == AppointmentState.EXPIRED


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        (moved_day("2026-12-02"), moved_day("2026-12-01"), "finit avant"),
        (moved_day("2026-12-02"), date(2028, 12, 1), "13 mois"),
        (moved_day("2026-11-20"), moved_day("2026-11-22"), "déjà passée"),
    ],
)
def test_closure_that_means_nothing_is_refused(rule, first, last, words):
    with pytest.raises(ClosureInvalid, match=words):
        close(rule.site, first, last)


def test_closure_is_taken_back_with_its_audit_line(rule):
    closure = close(rule.site)

    services.reopen_site(closure=closure, by=rule.adviser.user, now=NOW)

    assert hours(rule.site.contract, days=16) == MONDAYS
    assert list(AuditEvent.objects.order_by("pk").values_list("action", flat=True)) == [
        "operators.site.closed",
        "operators.site.reopened",
    ]


def test_database_refuses_a_closure_that_ends_first():
    with pytest.raises(IntegrityError, match="closure_days_ordered"), transaction.atomic():
        SiteClosureFactory(last_on=moved_day("2026-11-29"))


@pytest.fixture
def manager(client, rule, present):
    user = UserFactory(role=Role.OPERATOR_MANAGER, role__organisation=rule.site.contract.holder)
    client.force_login(user)
    return user


def test_manager_closes_a_site_then_opens_it_again(client, rule, manager):
    url = reverse("operators:closure_list", args=[rule.site.slug])

    client.post(
        url,
        {
            "first_on": str(moved_day("2026-11-30")),
            "last_on": str(moved_day("2026-12-04")),
            "reason": "travaux",
        },
    )
    page = client.get(url).content.decode()
    closure = SiteClosure.objects.get()
    reopened = client.post(
        reverse("operators:closure_remove", args=[rule.site.slug, closure.uuid]), follow=True
    )
    left = SiteClosure.objects.count()
    press_undo(client, reopened)

    again = SiteClosure.objects.get()
    assert (again.first_on, again.last_on, again.reason) == (closure.first_on, closure.last_on, "travaux")
    assert left == 0
    assert "lundi 30 novembre 2026" in page
    assert "travaux" in page


def test_closure_page_names_the_sessions_in_the_way(client, rule, manager):
    booked = AppointmentFactory(adviser=rule.adviser)

    page = client.post(
        reverse("operators:closure_list", args=[rule.site.slug]),
        {"first_on": str(moved_day("2026-11-30")), "last_on": str(moved_day("2026-11-30"))},
    ).content.decode()

    assert booked.beneficiary.full_name in page
    assert "Des rendez-vous sont pris pendant cette fermeture" in page


def test_site_of_another_operator_is_not_found(client, manager):
    other = SiteClosureFactory()

    statuses = [
        client.get(reverse("operators:closure_list", args=[other.site.slug])).status_code,
        client.post(reverse("operators:closure_remove", args=[other.site.slug, other.uuid])).status_code,
    ]

    assert statuses == [404, 404]


@pytest.mark.parametrize("count", [1, 4])
def test_closure_page_keeps_its_query_count(client, django_assert_num_queries, rule, manager, count):
    SiteClosureFactory.create_batch(count, site=rule.site)

    with django_assert_num_queries(5):  # session, user, mandate, site, closures
        page = client.get(reverse("operators:closure_list", args=[rule.site.slug]))

    assert len(page.context["closures"]) == count

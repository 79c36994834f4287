"""The places and the free hours that a software reads."""

import pytest

from operators.network.models import Site
from tests.clock import moved_day
from tests.factories.operators import OpeningRuleFactory, SiteFactory
from tests.operators.exchange.software.calls import kinds, url
from tests.operators.exchange.software.conftest import signed_api

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("present")]


def test_sites_are_the_operator_s(api, site):
    SiteFactory()

    assert [row["id"] for row in api.get(url("sites")).json()["results"]] == [str(site.uuid)]


def test_slots_carry_their_offset_and_zone(software):
    """RDV-I PR 3282: the zone is in every hour of the API; La Réunion has its own."""
    there = OpeningRuleFactory(
        adviser__site=SiteFactory(contract__holder=software.organisation, reunion=True)
    ).site
    rows = signed_api(software).get(
        url("slots"),
        {"site": there.uuid, "level": "ONE", "mode": "ON_SITE", "ends": "2026-12-01T00:00:00+04:00"},
    )

    assert rows.json()["results"][0] == {
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
    assert [row["field"] for row in response.json()["errors"]] == [field]


def test_slots_are_those_of_who_has_these_access_needs(api, site):
    """What the API shows can be booked: steps keep a wheelchair out, and few advisers sign."""
    OpeningRuleFactory(
        adviser__site=site, adviser__skills=["SIGN_LANGUAGE"], site=site, first_on=moved_day("2026-12-01")
    )
    Site.objects.filter(pk=site.pk).update(is_step_free=False)
    query = {"site": site.uuid, "level": "ONE", "ends": "2026-12-12T00:00:00+01:00"}

    def hours(mode, *needs):
        rows = api.get(url("slots"), {**query, "mode": mode, "access_needs": list(needs)}).json()["results"]
        return [row["starts_at"][:16] for row in rows]

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
    assert [row["field"] for row in response.json()["errors"]] == ["access_needs.0"]


def test_slots_have_their_own_throttle(api, site, throttling):
    """RDV-SP PR 4728, PR 4693: outside callers hammer the search."""
    query = {"site": site.uuid, "level": "ONE", "mode": "ON_SITE"}
    answers = [api.get(url("slots"), query) for _ in range(61)]

    assert [answer.status_code for answer in answers] == [200] * 60 + [429]
    assert int(answers[-1]["Retry-After"]) <= 60
    assert api.get(url("sites")).status_code == 200


def test_slot_query_count_is_constant(api, site, django_assert_num_queries):
    for _ in range(3):
        OpeningRuleFactory(adviser__site=site, site=site)

    with django_assert_num_queries(3):  # client, site, slots
        api.get(url("slots"), {"site": site.uuid, "level": "ONE", "mode": "ON_SITE"})

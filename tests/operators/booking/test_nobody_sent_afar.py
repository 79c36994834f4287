"""Nobody is sent beyond 100 km nor over the sea: meetings, coverage, the hours that replace a lost one.

The slots of the person's road have their own tests (tests/operators/booking/agenda).
"""

from datetime import time, timedelta

import pytest

from operators.booking.agenda.enums import CancelReason
from operators.booking.agenda.selectors.consequences import other_slots
from operators.booking.coverage.selectors import sites_offered
from operators.booking.groups.selectors import sessions_for
from operators.network.enums import Mode
from tests.clock import moved_day
from tests.factories.beneficiaries import ServiceRequestFactory
from tests.factories.groups import GroupSessionFactory
from tests.factories.operators import AppointmentFactory, OpeningRuleFactory, SiteFactory
from tests.factories.procurement import ContractFactory
from tests.factories.territories import CommuneFactory
from tests.operators.booking.agenda.clock import NOW, at

pytestmark = pytest.mark.django_db
DEGREE_KM = 111.19  # of latitude, on the sphere of EARTH_RADIUS_KM
HERE = {"longitude": -1.68, "latitude": 48.11}
NEAR = {"code": "35001", "name": "Tout près", "latitude": 48.11 + 29 / DEGREE_KM, "longitude": -1.68}
EDGE = {"code": "35003", "name": "Au bord", "latitude": 48.11 + 99 / DEGREE_KM, "longitude": -1.68}
FAR = {"code": "35002", "name": "Trop loin", "latitude": 48.11 + 101 / DEGREE_KM, "longitude": -1.68}
ISLE = {"code": "56069", "name": "Groix", "latitude": 48.11 + 10 / DEGREE_KM, "longitude": -1.68}  # an island


@pytest.fixture
def contract():
    return ContractFactory()


@pytest.fixture
def sites(contract):
    """A site near, one at the edge, one too far, one on an island, by the name of their commune."""
    return [
        SiteFactory(contract=contract, name=place["name"], commune=CommuneFactory(**place))
        for place in (NEAR, EDGE, FAR, ISLE)
    ]


def test_meetings_of_afar_are_not_offered(contract, sites):
    for site in sites:
        GroupSessionFactory(site=site, starts_at=NOW + timedelta(days=4))
    request = ServiceRequestFactory(contract=contract, commune=CommuneFactory(**HERE))

    offered = [near.session.site.name for near in sessions_for(service_request=request, now=NOW)]
    assert sorted(offered) == ["Au bord", "Tout près"]


def test_coverage_counts_hours_on_site_near_alone(contract, sites):
    for site in sites:
        OpeningRuleFactory(adviser__site=site, modes=[Mode.ON_SITE, Mode.PHONE])

    offers = sites_offered(contract=contract, near=CommuneFactory(**HERE), on=moved_day("2026-11-23"))

    assert {offer.near.site.name: offer.modes for offer in offers} == {
        "Tout près": (Mode.ON_SITE.label, Mode.PHONE.label),
        "Au bord": (Mode.ON_SITE.label, Mode.PHONE.label),
        "Trop loin": (Mode.PHONE.label,),
        "Groix": (Mode.PHONE.label,),
    }


@pytest.mark.parametrize(("mode", "offered"), [(Mode.ON_SITE, {"Tout près"}), (Mode.PHONE, set())])
def test_hours_that_replace_those_of_a_closed_site_are_within_thirty_km(contract, sites, mode, offered):
    """Who comes goes 30 km further at most; who is called is called from anywhere."""
    for opens, site in zip((9, 11, 14, 16), sites, strict=True):  # one slot each
        OpeningRuleFactory(adviser__site=site, modes=[mode], opens=time(opens), closes=time(opens + 1))
    lost = AppointmentFactory(
        adviser__site=SiteFactory(contract=contract, commune=CommuneFactory(**HERE)),
        mode=mode,
        starts_at=at("2026-11-30 09:00"),
    )

    hours = other_slots(lost, reason=CancelReason.SITE_CLOSED, now=NOW)

    by_key = {site.pk: site.name for site in sites}
    expected = offered or {"Tout près", "Au bord", "Trop loin"}
    assert {by_key[slot.site_id] for slot in hours} == expected  # the three nearest hours

"""Places opened, changed, and closed for good without forgetting anybody."""

import pytest

from cep_portal.accounts.models import AuditEvent
from cep_portal.common.facts import grouped
from cep_portal.messaging.models import Message
from operators.booking.agenda.enums import AppointmentState, CancelReason, ReplacementState
from operators.booking.agenda.models import OpeningRule
from operators.network.models import Site
from operators.reception.team.errors import SiteRefused
from operators.reception.team.services import (
    PlaceFacts,
    SiteFacts,
    change_site,
    close_for_good,
    move_adviser,
    open_site,
)
from tests.clock import moved_day
from tests.factories.groups import GroupSessionFactory
from tests.factories.operators import AppointmentFactory, OpeningRuleFactory, SiteFactory
from tests.factories.procurement import ContractFactory, LotFactory
from tests.factories.territories import CommuneFactory
from tests.operators.booking.agenda.absences import booked_with
from tests.operators.booking.agenda.acts import TEN
from tests.operators.booking.agenda.clock import NOW, hours

pytestmark = pytest.mark.django_db
WORDS = {
    "name": "Centre Nord",
    "address": "2 rue des Lilas",
    "postcode": "35000",
    "phone": "02 61 91 00 00",
    "access": "",
    "is_step_free": True,
}


@pytest.fixture
def home(adviser):
    """The adviser belongs to another place, and opens hours at this one."""
    place = SiteFactory(contract=adviser.site.contract, name="Petit lieu")
    adviser.opening_rules.update(site=place)
    return place


def test_a_place_opens_in_the_hour_of_its_commune(manager):
    commune = CommuneFactory(reunion=True)
    holder = manager.mandate.organisation
    contract = ContractFactory(holder=holder, lot=LotFactory(regions=[commune.department.region]))

    site = open_site(holder=holder, facts=SiteFacts(commune=commune, **WORDS), by=manager, now=NOW)

    assert (site.contract, site.zone, site.is_open) == (contract, "Indian/Reunion", True)
    assert site.slug == "centre-nord-saint-denis"
    assert AuditEvent.objects.latest("pk").action == "operators.site.opened"


def test_two_places_of_one_name_have_two_addresses(adviser, manager):
    commune = adviser.site.commune
    adviser.site.contract.lot.regions.set([commune.department.region])
    values = {"holder": manager.mandate.organisation, "commune": commune, "by": manager, "now": NOW, **WORDS}
    streets = ("2 rue des Lilas", "4 rue des Lilas")

    slugs = [open_site(**grouped({**values, "address": at}, facts=SiteFacts)).slug for at in streets]

    assert slugs == ["centre-nord-rennes", "centre-nord-rennes-2"]


def test_no_place_opens_in_another_s_territory(manager):
    commune = CommuneFactory(strasbourg=True)
    ContractFactory(lot=LotFactory(regions=[commune.department.region]))

    with pytest.raises(SiteRefused, match="n’est pas dans le territoire"):
        open_site(
            holder=manager.mandate.organisation,
            facts=SiteFacts(commune=commune, **WORDS),
            by=manager,
            now=NOW,
        )


def test_a_place_is_corrected(adviser, manager):
    facts = PlaceFacts(**WORDS | {"is_step_free": False})
    change_site(site=adviser.site, facts=facts, by=manager, now=NOW)

    adviser.site.refresh_from_db()
    assert (adviser.site.name, adviser.site.is_step_free) == ("Centre Nord", False)
    assert AuditEvent.objects.get().action == "operators.site.changed"


def test_closing_for_good_tells_each_person_once_and_ends_the_openings(adviser, home, manager):
    booked = booked_with(adviser, site=home)
    later = OpeningRuleFactory(adviser=adviser, site=home, first_on=moved_day("2027-01-04"))
    held = AppointmentFactory(adviser=adviser, site=home, starts_at=TEN, on_hold=True)

    replaced = close_for_good(site=home, by=manager, now=NOW)

    booked.refresh_from_db()
    held.refresh_from_db()
    assert [replacement.state for replacement in replaced] == [ReplacementState.SLOTS]
    assert (booked.state, booked.cancel_reason) == (AppointmentState.CANCELLED, CancelReason.SITE_CLOSED)
    assert held.state == AppointmentState.EXPIRED
    assert Message.objects.filter(channel="EMAIL").count() == 1
    assert not Site.objects.get(pk=home.pk).is_open
    assert OpeningRule.objects.get().last_on == moved_day("2026-11-23")
    assert not OpeningRule.objects.filter(pk=later.pk).exists()
    assert hours(home.contract) == []
    assert AuditEvent.objects.latest("pk").data == {"replaced": 1}


def test_a_place_where_somebody_belongs_is_not_closed(adviser, manager):
    with pytest.raises(SiteRefused, match=adviser.user.full_name):
        close_for_good(site=adviser.site, by=manager, now=NOW)


def test_a_meeting_forbids_the_closing(adviser, home, manager):
    GroupSessionFactory(adviser=adviser, site=home)

    with pytest.raises(SiteRefused, match="annulez-la d’abord"):
        close_for_good(site=home, by=manager, now=NOW)

    home.refresh_from_db()
    assert home.is_open


@pytest.mark.parametrize("act", [close_for_good, change_site])
def test_a_closed_place_stays_as_it_is(adviser, manager, act):
    gone = SiteFactory(contract=adviser.site.contract, is_open=False)
    words = {"facts": PlaceFacts(**WORDS)} if act is change_site else {}

    with pytest.raises(SiteRefused, match="fermé pour de bon"):
        act(site=gone, by=manager, now=NOW, **words)


def test_an_adviser_moves_to_an_open_place_of_the_operator(adviser, manager):
    place = SiteFactory(contract=adviser.site.contract)

    move_adviser(adviser=adviser, site=place, by=manager, now=NOW)

    adviser.refresh_from_db()
    assert adviser.site == place
    assert AuditEvent.objects.get().data == {"site": place.pk}


@pytest.mark.parametrize(("foreign", "words"), [(True, "votre organisme"), (False, "fermé pour de bon")])
def test_an_adviser_moves_nowhere_else(adviser, manager, foreign, words):
    place = SiteFactory() if foreign else SiteFactory(contract=adviser.site.contract, is_open=False)

    with pytest.raises(SiteRefused, match=words):
        move_adviser(adviser=adviser, site=place, by=manager, now=NOW)

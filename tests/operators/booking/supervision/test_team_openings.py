"""A manager opens hours for one of the team, from what is missing; the adviser is told at once."""

from datetime import time

import pytest
from django.urls import reverse

from cep_portal.accounts.enums import Role
from cep_portal.accounts.models import AuditEvent
from cep_portal.messaging.models import Message
from operators.booking.agenda.models import OpeningRule
from operators.booking.supervision.services import follow_opening_requests
from tests.clock import moved_day
from tests.factories.accounts import UserFactory
from tests.factories.operators import AdviserFactory, OpeningRuleFactory, SiteFactory
from tests.factories.supervision import OpeningRequestFactory, wait_for
from tests.operators.booking.agenda.clock import NOW

pytestmark = pytest.mark.django_db
URL = reverse("operators:team_opening")


@pytest.fixture(autouse=True)
def _present(clock):
    clock.move_to(NOW)


@pytest.fixture
def adviser(client):
    adviser = AdviserFactory()
    holder = adviser.site.contract.holder
    client.force_login(UserFactory(role=Role.OPERATOR_MANAGER, role__organisation=holder))
    return adviser


def hours(who, **changes):
    return {
        "adviser": str(who.uuid),
        "site": who.site.slug,
        "weekday": "2",
        "opens": "09:00",
        "closes": "17:00",
        "every_weeks": "1",
        "first_on": str(moved_day("2026-11-24")),
        "last_on": "",
        "levels": ["ONE"],
        "modes": ["ON_SITE"],
        "slot_minutes": "60",
        "buffer_minutes": "15",
        **changes,
    }


def test_hours_are_opened_and_the_adviser_is_told(client, adviser):
    answer = client.post(URL, hours(adviser))

    rule = OpeningRule.objects.get()
    assert answer.url == reverse("operators:capacity")
    assert (rule.adviser, rule.site, rule.weekday, rule.opens, rule.first_on) == (
        adviser,
        adviser.site,
        2,
        time(9),
        moved_day("2026-11-24"),
    )
    message = Message.objects.get()
    assert (message.recipient, message.subject) == (
        adviser.user.email,
        "De nouvelles heures dans votre agenda",
    )
    assert "mardi, de 9 h à 17 h" in message.body.replace("\u00a0", " ").replace("\u202f", " ")
    line = AuditEvent.objects.get(action="operators.opening.opened")
    assert (line.target_id, line.mandate.role) == (rule.pk, Role.OPERATOR_MANAGER)


def test_request_is_met_by_the_hours_it_led_to(client, adviser):
    wait_for(adviser.site, people=2)
    asked = OpeningRequestFactory(site=adviser.site, waiting=2, free=0)

    shown = client.get(URL, {"demande": str(asked.uuid)})
    client.post(f"{URL}?demande={asked.uuid}", hours(adviser))
    follow_opening_requests(now=NOW)

    form = shown.context["form"]
    assert (form["site"].value(), form["levels"].value(), form["modes"].value()) == (
        adviser.site.slug,
        ["ONE"],
        ["ON_SITE"],
    )
    asked.refresh_from_db()
    assert asked.state == "MET"
    assert URL in client.get(reverse("operators:capacity")).text


def test_overlap_with_other_hours_is_said(client, adviser):
    OpeningRuleFactory(adviser=adviser, weekday=2, opens=time(10), closes=time(12))

    page = client.post(URL, hours(adviser), follow=True)

    assert "Elle chevauche une autre plage" in page.text


def test_hours_where_no_session_fits_are_refused(client, adviser):
    answer = client.post(URL, hours(adviser, closes="09:30"))

    assert answer.context["form"].non_field_errors() == ["Aucune séance ne tient entre ces deux heures."]
    assert not Message.objects.exists()


def test_nobody_of_another_operator_nor_who_left_receives(client, adviser):
    other, gone = AdviserFactory(), AdviserFactory(site=adviser.site, is_active=False)
    elsewhere = SiteFactory()

    assert list(client.post(URL, hours(adviser, adviser=str(other.uuid))).context["form"].errors) == [
        "adviser"
    ]
    assert list(client.post(URL, hours(adviser, adviser=str(gone.uuid))).context["form"].errors) == [
        "adviser"
    ]
    assert list(client.post(URL, hours(adviser, site=elsewhere.slug)).context["form"].errors) == ["site"]
    assert not OpeningRule.objects.exists()


@pytest.mark.parametrize("wanted", ["x", "00000000-0000-0000-0000-000000000000", "foreign", "over"])
def test_request_that_is_not_open_here_does_not_exist(client, adviser, wanted):
    if wanted == "foreign":
        wanted = str(OpeningRequestFactory().uuid)
    elif wanted == "over":
        wanted = str(OpeningRequestFactory(site=adviser.site, met=True).uuid)

    assert client.get(URL, {"demande": wanted}).status_code == 404

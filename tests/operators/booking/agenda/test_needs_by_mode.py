"""Every access need by every mode: which hours are offered, and why none is."""

from datetime import time

import pytest

from beneficiaries.request.enums import AccessNeed
from operators.booking.agenda.errors import AccessNotMet
from operators.booking.agenda.models import Appointment
from operators.booking.agenda.presenters.slot_search import slot_value
from operators.booking.agenda.rules import check_access
from operators.network.enums import AdviserSkill, Mode
from operators.network.models import Site
from tests.factories.beneficiaries import ServiceRequestFactory
from tests.factories.operators import OpeningRuleFactory, SiteFactory
from tests.factories.territories import CommuneFactory
from tests.operators.booking.agenda.road import NINE, slots_of, slots_page

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("present")]

MODES = ("sur-place", "telephone", "visio", "toutes")
EVERYWHERE = dict.fromkeys(MODES, True)
# Whether an hour is offered where there are steps and nobody signs: every need, every mode.
OFFERED = {
    AccessNeed.STEP_FREE: EVERYWHERE | {"sur-place": False},
    AccessNeed.SIGN_LANGUAGE: dict.fromkeys(MODES, False),
    AccessNeed.EASY_TO_READ: EVERYWHERE,
    AccessNeed.PHONE_RELAY: EVERYWHERE,
    AccessNeed.INTERPRETER: EVERYWHERE,
    AccessNeed.COMPANION: EVERYWHERE,
}
CASES = [(need, mode, offered) for need, modes in OFFERED.items() for mode, offered in modes.items()]


@pytest.fixture
def steep(db):
    """A place with steps, where nobody signs."""
    return OpeningRuleFactory(adviser__site=SiteFactory(is_step_free=False)).site


def asking(site, *needs, **facts):
    return ServiceRequestFactory(contract=site.contract, access_needs=list(needs), **facts)


def buttons(page):
    return [slot for day in page.context["days"] for slot in day["slots"]]


def test_table_holds_every_need():
    assert set(OFFERED) == set(AccessNeed)


@pytest.mark.parametrize(("need", "mode", "offered"), CASES)
def test_hours_of_each_need_by_each_mode(client, steep, need, mode, offered):
    page = client.get(slots_page(asking(steep, need), modalite=mode))

    assert bool(slots_of(page)) is offered
    assert ("Pourquoi rien ne convient" in page.text) is not offered


@pytest.mark.parametrize(("need", "mode"), [(need, mode) for need, mode, offered in CASES if not offered])
def test_need_let_go_knowingly_shows_the_hours_and_says_so(client, steep, need, mode):
    request = asking(steep, need)
    page = client.get(slots_page(request, modalite=mode))

    (way,) = page.context["needs"].let_go
    without = client.get(slots_page(request) + way.url)

    assert slots_of(without)
    assert "Ces heures ne tiennent pas compte" in without.text


def test_sign_language_by_phone_wants_a_relay(client, steep):
    signs, relayed = AccessNeed.SIGN_LANGUAGE, AccessNeed.PHONE_RELAY

    alone = client.get(slots_page(asking(steep, signs), modalite="telephone"))
    both = client.get(slots_page(asking(steep, signs, relayed), modalite="telephone"))

    assert (slots_of(alone), bool(slots_of(both))) == ([], True)
    assert "Au téléphone, personne ne signe" in alone.text
    assert "Nous écrire" in alone.text
    assert [way.label for way in alone.context["needs"].others] == ["Sur place", "En visio"]


def test_any_mode_hides_the_phone_of_who_signs(client, steep):
    signing = [AdviserSkill.SIGN_LANGUAGE]
    OpeningRuleFactory(adviser__site=steep, adviser__skills=signing, opens=time(14), closes=time(15))

    page = client.get(slots_page(asking(steep, AccessNeed.SIGN_LANGUAGE), modalite="toutes"))

    assert {slot["label"].split("\xa0")[0] for slot in buttons(page)} == {"14"}
    assert not [slot for slot in buttons(page) if "téléphone" in slot["detail"]]


def test_hour_held_without_a_need_keeps_the_others(client, steep):
    request = asking(steep, AccessNeed.SIGN_LANGUAGE, AccessNeed.COMPANION)

    client.post(slots_page(request, sans="langue-des-signes"), {"creneau": slot_value(NINE, steep.slug)})

    assert Appointment.objects.get().access_needs == [AccessNeed.COMPANION]


@pytest.mark.parametrize(
    ("needs", "mode"),
    [
        ([AccessNeed.SIGN_LANGUAGE, AccessNeed.PHONE_RELAY], Mode.PHONE),
        ([AccessNeed.SIGN_LANGUAGE], Mode.VIDEO),
        ([AccessNeed.PHONE_RELAY], Mode.PHONE),
    ],
)
def test_what_can_be_met_is_not_refused(needs, mode):
    check_access(Site(), mode, needs)


def test_no_channel_books_a_call_in_sign_language():
    with pytest.raises(AccessNotMet, match="personne ne signe"):
        check_access(Site(), Mode.PHONE, [AccessNeed.SIGN_LANGUAGE])


def test_place_too_far_receives_by_phone_only(client):
    site = OpeningRuleFactory().site
    brest = CommuneFactory(code="29019", name="Brest", search_name="brest", longitude=-4.5, latitude=48.4)
    request = asking(site, commune=brest)

    on_site = client.get(slots_page(request, modalite="sur-place"))
    by_phone = client.get(slots_page(request, modalite="telephone"))
    any_mode = client.get(slots_page(request, modalite="toutes"))

    assert (slots_of(on_site), bool(slots_of(by_phone))) == ([], True)
    assert "Aucun lieu n’est à moins de 100 km de Brest" in on_site.text
    assert {slot["detail"] for slot in buttons(any_mode)} == {"par téléphone"}

"""An earlier place for who is already booked, whatever the channel."""

from datetime import time, timedelta

import pytest

from cep_portal.messaging.enums import MessageKind
from cep_portal.messaging.models import Message
from operators.booking.agenda.enums import AppointmentState, CancelledBy, Channel
from operators.booking.agenda.models import Appointment
from operators.booking.agenda.services import cancel_appointment, move_appointment
from operators.booking.demand import services
from operators.booking.demand.enums import AlertState, OfferState
from operators.booking.demand.errors import AlertRefused, OfferOver
from operators.booking.demand.models import EarlierAlert, SlotOffer
from tests.factories.demand import WaitingEntryFactory
from tests.factories.operators import AppointmentFactory, OpeningRuleFactory
from tests.messages import composed
from tests.operators.booking.agenda.clock import NOW
from tests.operators.booking.demand.conftest import NINE

pytestmark = pytest.mark.django_db
LATER = NINE + timedelta(days=14)


@pytest.fixture
def booked(site):
    return AppointmentFactory(adviser=site.advisers.get(), starts_at=LATER)


@pytest.fixture
def alert(booked):
    return services.ask_earlier(appointment=booked, other_adviser=False, now=NOW)


@pytest.fixture
def earlier(alert):
    services.offer_free_slots(contract=alert.appointment.site.contract, now=NOW)
    return SlotOffer.objects.get(alert=alert)


def serve(booked, now=NOW):
    return services.offer_free_slots(contract=booked.site.contract, now=now)


@pytest.mark.parametrize("channel", Channel)
def test_every_channel_gives_the_same_right_rdvsp_4811(site, channel):
    """No alert for who was booked by an agent (RDV-SP 4811, RDV-I 1044): here there is."""
    booked = AppointmentFactory(adviser=site.advisers.get(), starts_at=LATER, channel=channel)

    services.ask_earlier(appointment=booked, other_adviser=False, now=NOW)

    assert serve(booked) == 1


def test_the_earlier_place_is_held_and_told(earlier, booked):
    message = composed(Message.objects.get(key=f"slot-offer:{earlier.uuid}"))

    assert (earlier.appointment.starts_at, earlier.appointment.adviser, message.kind) == (
        NINE,
        booked.adviser,
        MessageKind.ALERT,
    )
    assert "ne bouge pas tant que vous ne dites pas oui" in message.body


def test_accepting_moves_the_appointment_to_that_place(earlier, booked):
    moved = services.accept_offer(offer=earlier, now=NOW)

    booked.refresh_from_db()
    earlier.refresh_from_db()
    earlier.alert.refresh_from_db()
    assert (moved.starts_at, moved.moved_from, booked.state) == (NINE, booked, AppointmentState.CANCELLED)
    assert (earlier.state, earlier.booked, earlier.alert.state) == (
        OfferState.ACCEPTED,
        moved,
        AlertState.MET,
    )
    assert Appointment.objects.live().count() == 1


def test_a_second_yes_moves_nothing_more(earlier):
    moved = services.accept_offer(offer=earlier, now=NOW)

    assert services.accept_offer(offer=earlier, now=NOW) == moved
    assert Appointment.objects.count() == 3  # the old one, the hold that was used, the new one


def test_refusing_leaves_the_appointment(earlier, booked):
    services.decline_offer(offer=earlier, now=NOW)

    booked.refresh_from_db()
    assert booked.state == AppointmentState.BOOKED


def test_another_adviser_only_when_accepted_rdvsp_3676(site):
    """The alert moved people to somebody else without asking (RDV-SP 3676, PR 2253)."""
    booked = AppointmentFactory(
        adviser=OpeningRuleFactory(adviser__site=site, weekday=2, closes=time(10)).adviser,
        starts_at=LATER,
    )
    services.ask_earlier(appointment=booked, other_adviser=False, now=NOW)

    mine_only = serve(booked)
    offered = SlotOffer.objects.get().appointment.adviser
    services.decline_offer(offer=SlotOffer.objects.get(), now=NOW)
    services.ask_earlier(appointment=booked, other_adviser=True, now=NOW)
    serve(booked, now=NOW + timedelta(days=1))

    last = SlotOffer.objects.order_by("pk").last()
    assert (mine_only, offered) == (1, booked.adviser)
    assert last.appointment.adviser != booked.adviser
    assert "avec un autre conseiller" in composed(Message.objects.get(key=f"slot-offer:{last.uuid}")).body


def test_only_a_place_some_days_earlier_is_worth_a_message(site, settings):
    settings.PORTAL_EARLIER_DAYS = 8
    booked = AppointmentFactory(adviser=site.advisers.get(), starts_at=NINE + timedelta(days=7))
    services.ask_earlier(appointment=booked, other_adviser=True, now=NOW)

    assert serve(booked) == 0


def test_who_waits_is_served_before_who_would_come_earlier(alert, site):
    entry = WaitingEntryFactory(site=site)

    serve(alert.appointment)

    assert SlotOffer.objects.order_by("pk").first().entry == entry


def test_one_alert_a_day_and_three_for_an_appointment_rdvsp_4172(site, settings):
    booked = AppointmentFactory(adviser=site.advisers.get(), starts_at=NINE + timedelta(days=42))
    services.ask_earlier(appointment=booked, other_adviser=False, now=NOW)
    made = []
    for day in range(5):
        now = NOW + timedelta(days=day, minutes=day)
        made.append([serve(booked, now=now), serve(booked, now=now + timedelta(hours=1))])
        for offer in SlotOffer.objects.filter(state=OfferState.PENDING):
            services.decline_offer(offer=offer, now=now + timedelta(minutes=1))

    assert made == [[1, 0], [1, 0], [1, 0], [0, 0], [0, 0]]


def test_an_alert_follows_its_appointment(earlier, booked):
    moved = move_appointment(
        appointment=booked,
        site=booked.site,
        starts_at=LATER + timedelta(days=7),
        level=booked.level,
        mode=booked.mode,
        now=NOW,
    )

    earlier.refresh_from_db()
    alert = EarlierAlert.objects.get()
    assert (earlier.state, alert.appointment, alert.state) == (
        OfferState.WITHDRAWN,
        moved,
        AlertState.ACTIVE,
    )


def test_a_cancelled_appointment_ends_its_alert_and_frees_the_place(earlier, booked):
    cancel_appointment(appointment=booked, by=CancelledBy.PERSON, now=NOW)

    earlier.refresh_from_db()
    earlier.alert.refresh_from_db()
    assert (earlier.state, earlier.alert.state) == (OfferState.WITHDRAWN, AlertState.OVER)
    assert Appointment.objects.live().count() == 0
    with pytest.raises(OfferOver):
        services.accept_offer(offer=earlier, now=NOW)


def test_stopping_withdraws_the_place_and_asking_again_starts_anew(earlier, booked):
    services.stop_earlier(appointment=booked, now=NOW)
    earlier.refresh_from_db()
    stopped = earlier.state

    alert = services.ask_earlier(appointment=booked, other_adviser=True, now=NOW)

    assert (stopped, alert, alert.state, alert.other_adviser) == (
        OfferState.WITHDRAWN,
        earlier.alert,
        AlertState.ACTIVE,
        True,
    )


@pytest.mark.parametrize(
    "changes",
    [{"state": AppointmentState.ATTENDED}, {"starts_at": NOW - timedelta(days=1)}],
    ids=["attended", "past"],
)
def test_a_past_appointment_has_no_alert(changes):
    with pytest.raises(AlertRefused):
        services.ask_earlier(appointment=AppointmentFactory(**changes), other_adviser=False, now=NOW)


def test_an_appointment_booked_without_a_request_has_the_same_right(earlier, booked):
    """An adviser's own booking carries no request."""
    assert booked.service_request is None

    moved = services.accept_offer(offer=earlier, now=NOW)

    assert moved.starts_at == NINE

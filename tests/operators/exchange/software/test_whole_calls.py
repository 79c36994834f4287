"""One key, one call: any other fact, act or address under the same key is refused, whatever the act."""

from datetime import timedelta

import pytest

from operators.booking.agenda.models import Appointment
from operators.exchange.deliveries.models import DataDelivery
from operators.exchange.software.models import KeyUse
from operators.exchange.software.services import forget_keys
from tests.factories.operators import AppointmentFactory, CounsellingSessionFactory, PathwayFactory
from tests.operators.booking.agenda.clock import NOW, at
from tests.operators.exchange.software.calls import NINE, PERSON, asked, kinds, url

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("present")]
HELD = {
    "starts_at": "2026-11-23T09:10:00+01:00",
    "duration_minutes": 45,
    "level": "ONE",
    "mode": "ON_SITE",
    "themes": ["PROJECT"],
}


@pytest.fixture
def acts(site):
    """name: (address, body, one fact changed at a time)."""
    adviser = site.advisers.get()
    coming = AppointmentFactory(adviser=adviser, starts_at=at("2026-12-07 09:00"))
    leaving = AppointmentFactory(adviser=adviser, starts_at=at("2026-12-07 14:00"))
    past = AppointmentFactory(adviser=adviser, starts_at=at("2026-11-23 09:00"))
    held = CounsellingSessionFactory(
        pathway=PathwayFactory(adviser=adviser), starts_at=at("2026-11-20 09:00")
    )
    place = {"site": str(site.uuid), "starts_at": NINE, "level": "ONE", "mode": "ON_SITE"}
    log = {"appointment": str(past.uuid), "attendance": "ATTENDED", "next_step": "NEXT_SESSION", "held": HELD}
    fixed = {**HELD, "starts_at": "2026-11-20T09:10:00+01:00", "reason": "TIME"}
    return {
        "book": (
            url("appointments"),
            asked(site),
            [
                {"starts_at": "2026-11-30T10:15:00+01:00"},
                {"situation": "JOB_SEEKER"},
                {"needs": ["TRAINING", "CHANGE_JOB"]},
                {"urgency": "NO_HURRY"},
                {"access_needs": []},
                {"mode": "PHONE"},
                {"person": {**PERSON, "phone": "06 39 98 00 02"}},
                {"person": {**PERSON, "email": "autre@exemple.example"}},
            ],
        ),
        "move": (
            url("move", coming.uuid),
            place,
            [{"mode": "PHONE"}, {"starts_at": "2026-11-30T10:15:00+01:00"}],
        ),
        "cancel": (url("cancel", leaving.uuid), {"by": "PERSON"}, [{"reason": "WORK"}, {"by": "OPERATOR"}]),
        "level": (url("level", leaving.uuid), {"level": "TWO"}, [{"level": "ONE"}]),
        "log": (
            url("sessions"),
            log,
            [
                {"next_step": "CLOSE", "outcome": "NEED_MET"},
                {"held": {**HELD, "themes": ["TRAINING"]}},
            ],
        ),
        "correct": (
            url("session_correction", held.uuid),
            fixed,
            [{"reason": "WORK_DONE"}, {"duration_minutes": 50}, {"themes": ["TRAINING"]}],
        ),
        "deliver": (url("deliveries"), {"lignes": []}, [{"lignes": [{"id": "1"}]}]),
    }


ACTS = ["book", "move", "level", "cancel", "log", "correct", "deliver"]


def send(api, address, body, key="K-1"):
    return api.post(address, body, format="json", headers={"Idempotency-Key": key})


@pytest.mark.parametrize("act", ACTS)
def test_any_other_fact_under_the_same_key_is_refused(api, acts, act):
    address, body, changes = acts[act]
    first, again = send(api, address, body), send(api, address, dict(reversed(body.items())))

    assert (first.status_code in {200, 201, 202}, again.status_code) == (True, 200), first.content
    assert again.json().get("id") == first.json().get("id")
    for changed in changes:
        assert kinds(send(api, address, body | changed)) == (409, "idempotency_key_reused"), changed


@pytest.mark.parametrize("act", ACTS)
def test_a_key_serves_one_act(api, acts, act):
    address, body, _ = acts[act]
    assert send(api, address, body).status_code < 300

    others = [send(api, *acts[name][:2]) for name in ACTS if name != act]

    assert {kinds(answer) for answer in others} == {(409, "idempotency_key_reused")}
    assert KeyUse.objects.count() == 1


def test_check_and_sending_of_one_file_are_two_calls(api):
    trial = send(api, f"{url('deliveries')}?trial=true", {"lignes": []})

    assert trial.status_code == 202
    assert kinds(send(api, url("deliveries"), {"lignes": []})) == (409, "idempotency_key_reused")
    assert DataDelivery.objects.get().is_trial


@pytest.mark.parametrize("act", ["book", "deliver"])
def test_key_whose_facts_are_forgotten_makes_nothing_twice(api, acts, act):
    address, body, _ = acts[act]
    send(api, address, body)
    forget_keys(now=NOW + timedelta(days=31))

    assert kinds(send(api, address, body)) == (409, "idempotency_key_reused")
    assert (Appointment.objects.count(), DataDelivery.objects.count()) == (
        3 + (act == "book"),
        act == "deliver",
    )


def test_refused_call_leaves_its_key_free(api, acts, site):
    AppointmentFactory(adviser=site.advisers.get())
    address, body, _ = acts["book"]

    assert kinds(send(api, address, body)) == (409, "slot_taken")
    assert send(api, address, body | {"starts_at": "2026-11-30T10:15:00+01:00"}).status_code == 201

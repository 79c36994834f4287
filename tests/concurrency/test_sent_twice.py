"""A form that creates, sent twice at the same instant: one thing is made, and both answers lead to it."""

import re
import uuid
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from beneficiaries.complaints.models import Complaint
from cep_portal.accounts.enums import Role
from cep_portal.common.models import SentForm
from cep_portal.common.sent_once import FIELD, forget_sent_forms
from operators.booking.agenda.models import Absence, OpeningRule, RecurringAbsence
from operators.booking.groups.models import GroupSession
from operators.casework.notes.models import Note
from operators.casework.pathways.models import SessionCorrection
from operators.casework.plans.models import Objective, ReadyAction
from operators.casework.referrals.models import ReferralDoor
from operators.moving.handovers.models import Handover
from operators.network.models import Adviser, Site, SiteClosure
from procurement.commitments.models import Commitment
from tests.beneficiaries.complaints.test_pages import WORDS as COMPLAINT
from tests.clock import moved_day
from tests.factories.accounts import UserFactory
from tests.factories.beneficiaries import ServiceRequestFactory
from tests.factories.operators import AdviserFactory, CounsellingSessionFactory, PathwayFactory, SiteFactory
from tests.factories.procurement import ContractFactory
from tests.operators.booking.agenda.clock import NOW
from tests.operators.casework.referrals.test_doors import FACTS as DOOR
from tests.operators.reception.team.test_sites import WORDS as PLACE
from tests.procurement.commitments.test_views import PARAMS
from tests.procurement.commitments.test_views import words as commitment_words

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
FIRST, LAST = str(moved_day("2026-12-10")), str(moved_day("2026-12-12"))
DAYS = {"first_on": FIRST, "last_on": LAST}
HOURS = {
    "weekday": 2,
    "opens": "09:00",
    "closes": "12:00",
    "every_weeks": 1,
    "first_on": str(moved_day("2026-11-24")),
    "levels": ["ONE"],
    "modes": ["PHONE"],
    "slot_minutes": 60,
    "buffer_minutes": 15,
}
WEEKLY = {"weekday": 3, "starts": "14:00", "ends": "18:00", "every_weeks": 1, "first_on": FIRST}
MEETING = {
    "topic": "RESIGN",
    "second_adviser": "",
    "day": str(moved_day("2026-11-30")),
    "hour": "18:00",
    "minutes": "90",
    "mode": "ON_SITE",
    "video_url": "",
    "capacity": "12",
}
READY = {"theme": "SKILLS", "title": "Relire ses évaluations", "actor": "PERSON", "days": "14"}
NEWCOMER = {"email": "nora.perrin@operateur.example", "first_name": "Nora", "last_name": "Perrin"}


@pytest.fixture(autouse=True)
def present(clock):
    clock.move_to(NOW)


@pytest.fixture
def adviser():
    return AdviserFactory()


@pytest.fixture
def manager(adviser):
    return UserFactory(role=Role.OPERATOR_MANAGER, role__organisation=adviser.site.contract.holder)


def at(name, *args):
    return reverse(name if ":" in name else f"operators:{name}", args=args)


def case(name, adviser, manager):
    """Who sends what to which page, and what it makes."""
    site = adviser.site
    pathway = PathwayFactory(adviser=adviser)
    own = adviser.user
    colleague = AdviserFactory(site=site).pk
    bound = ContractFactory(
        lot__market__rule_set__params=PARAMS, ends_on=timezone.localdate().replace(year=2099, day=1)
    )
    buyer = UserFactory(role=Role.CONTRACT_MANAGER)
    asked = ServiceRequestFactory(contract=site.contract)
    logged = CounsellingSessionFactory()
    return {
        "complaint": (
            None,
            at("beneficiaries:complaint_write"),
            {**COMPLAINT, "key": str(uuid.uuid4()), "reference": asked.reference, "commune_text": ""},
            Complaint,
        ),
        "place": (manager, at("site_add"), {**PLACE, "commune_text": site.commune.name}, Site),
        "closure": (
            manager,
            at("closure_list", site.slug),
            DAYS,
            SiteClosure,
        ),
        "invitation": (manager, at("adviser_invite"), {**NEWCOMER, "site": site.slug}, Adviser),
        "meeting": (
            manager,
            at("group_add"),
            {**MEETING, "site": site.slug, "adviser": str(adviser.uuid)},
            GroupSession,
        ),
        "partner": (manager, at("door_add"), {**DOOR, "name": "Partenaire nouveau"}, ReferralDoor),
        "absence": (own, at("absence_list"), DAYS, Absence),
        "weekly absence": (own, at("recurring_absence_add"), WEEKLY, RecurringAbsence),
        "hours": (own, at("opening_add"), {**HOURS, "site": site.slug}, OpeningRule),
        "note": (own, at("note_add", pathway.uuid), {"themes": ["SKILLS"]}, Note),
        "objective": (own, at("plan", pathway.uuid), {"title": "Changer de métier"}, Objective),
        "handover": (
            own,
            at("pathway_hand_over", pathway.uuid),
            {"colleague": colleague, "kind": "FINAL"},
            Handover,
        ),
        "commitment": (
            buyer,
            at("procurement:commitment_add", bound.uuid),
            commitment_words(),
            Commitment,
        ),
        "ready action": (manager, at("ready_action_list"), READY, ReadyAction),
        "correction": (
            logged.adviser.user,
            at("session_correct", logged.uuid),
            {
                "level": logged.level,
                "mode": logged.mode,
                "held_on": str(logged.held_on),
                "starts": f"{logged.starts_at.astimezone(ZoneInfo(logged.zone)):%H:%M}",
                "duration_minutes": 35,
                "themes": logged.themes,
                "next_step": logged.next_step,
                "reason": "TIME",
            },
            SessionCorrection,
        ),
    }[name]


NAMES = [
    *("complaint", "place", "closure", "invitation", "meeting", "partner", "absence", "weekly absence"),
    *("hours", "note", "objective", "handover", "commitment", "ready action", "correction"),
]


def browser(user):
    client = Client()
    if user is not None:
        client.force_login(user)
    return client


def tab(client):
    """The same browser, in a thread of its own."""
    other = Client()
    other.cookies.update(client.cookies)
    return other


def key_in(page):
    return re.search(rf'name="{FIELD}" value="([\w-]+)"', page.text)[1]


@pytest.mark.parametrize("name", NAMES)
def test_a_form_sent_twice_at_once_makes_one_and_both_lead_to_it(race, name, adviser, manager):
    user, url, words, model = case(name, adviser, manager)
    before = model.objects.count()
    client = browser(user)
    typed = {**words, FIELD: key_in(client.get(url))}
    tabs, answers = [tab(client), tab(client)], []

    race(*[lambda own=own: answers.append(own.post(url, typed)) for own in tabs])

    assert [answer.status_code for answer in answers] == [302, 302]
    assert len({answer.url for answer in answers}) == 1
    assert model.objects.count() == before + 1


def test_the_second_says_what_the_first_said(adviser):
    client = browser(adviser.user)
    url = at("opening_add")
    typed = {**HOURS, "site": adviser.site.slug, FIELD: key_in(client.get(url))}
    first = tab(client).post(url, typed, follow=True)

    second = client.post(url, typed, follow=True)

    said = [[str(message) for message in answer.context["messages"]] for answer in (first, second)]
    assert said[0] == said[1] != []


def test_other_words_under_the_same_key_are_another_act(adviser):
    """Back, then corrected: the page as it was has the key of the form sent."""
    client = browser(adviser.user)
    url = at("opening_add")
    typed = {**HOURS, "site": adviser.site.slug, FIELD: key_in(client.get(url))}
    client.post(url, typed)

    client.post(url, {**typed, "weekday": 4})

    assert sorted(OpeningRule.objects.values_list("weekday", flat=True)) == [2, 4]


def test_a_form_refused_may_be_sent_again(adviser, manager):
    """Refused by a page or by an error said, it keeps nothing."""
    client = browser(manager)
    place = SiteFactory(contract=adviser.site.contract)
    moved = AdviserFactory(site=place)
    url = at("site_close", place.slug)
    typed = {FIELD: key_in(client.get(at("site_close", SiteFactory(contract=place.contract).slug)))}
    client.post(url, typed)
    moved.site = adviser.site
    moved.save()

    client.post(url, typed)

    place.refresh_from_db()
    assert not place.is_open


def test_what_was_answered_is_forgotten_the_next_day(adviser):
    client = browser(adviser.user)
    url = at("opening_add")
    client.post(url, {**HOURS, "site": adviser.site.slug, FIELD: key_in(client.get(url))})
    kept = SentForm.objects.get()

    assert forget_sent_forms(now=kept.sent_at) == 0
    assert forget_sent_forms(now=kept.sent_at.replace(year=kept.sent_at.year + 1)) == 1

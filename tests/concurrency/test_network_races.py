"""Two acts on one team at the same instant: whoever reads a state has its row, so one of them is refused."""

from datetime import time, timedelta

import pytest

from cep_portal.accounts.enums import Role
from cep_portal.common.facts import grouped
from operators.booking.agenda.models import Absence, OpeningRule
from operators.booking.agenda.services import (
    OpeningHours,
    close_site,
    end_opening,
    lay_absence,
    lay_recurring_absence,
    open_hours,
    remove_absence,
)
from operators.booking.agenda.services.recurring import WeeklyHours
from operators.booking.groups.models import GroupSession
from operators.booking.groups.services import MeetingPlan, open_group_session
from operators.casework.pathways.models import Pathway
from operators.casework.referrals import wording
from operators.casework.referrals.models import Referral
from operators.casework.referrals.services import ReferralFacts, change_door, send_referral
from operators.casework.referrals.services.doors import FIELDS
from operators.moving.handovers.services import take_back
from operators.moving.transfers.services import receive_transfer
from operators.network.models import Adviser, Site
from operators.reception.team.services import (
    SiteFacts,
    close_for_good,
    invite_adviser,
    open_site,
    resume_adviser,
    suspend_adviser,
)
from tests.clock import moved_day
from tests.factories.accounts import UserFactory
from tests.factories.handovers import HandoverFactory
from tests.factories.operators import AdviserFactory, OpeningRuleFactory, PathwayFactory, SiteFactory
from tests.factories.procurement import ContractFactory, LotFactory
from tests.factories.referrals import ReferralDoorFactory
from tests.factories.territories import CommuneFactory
from tests.factories.transfers import receiving_adviser, sent
from tests.operators.booking.agenda.clock import NOW, at

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
ROUNDS = 6
DAY = timedelta(days=1)


def manager_of(site):
    return UserFactory(role=Role.OPERATOR_MANAGER, role__organisation=site.contract.holder)


def closing(site, by):
    return lambda: close_for_good(site=site, by=by, now=NOW)


def colleagues():
    adviser = AdviserFactory()
    return adviser, AdviserFactory(site=adviser.site)


def test_two_advisers_suspended_towards_one_another_leave_one_who_follows(race):
    for _ in range(ROUNDS):
        adviser, other = colleagues()
        pathways = [PathwayFactory(adviser=who) for who in (adviser, adviser, other, other)]

        outcomes = race(
            lambda adviser=adviser, other=other: suspend_adviser(
                adviser=adviser, colleague=other, for_good=True, by=adviser.user, now=NOW
            ),
            lambda adviser=adviser, other=other: suspend_adviser(
                adviser=other, colleague=adviser, for_good=True, by=adviser.user, now=NOW
            ),
        )

        assert outcomes == {"done": 1, "ColleagueUnfit": 1}
        followers = Pathway.objects.filter(pk__in=[row.pk for row in pathways]).values("adviser")
        assert [adviser.is_active for adviser in Adviser.objects.filter(pk__in=followers)] == [True]


def test_nobody_is_invited_into_a_place_that_closes(race):
    for number in range(ROUNDS):
        site = SiteFactory()
        by = manager_of(site)

        def invite(site=site, by=by, number=number):
            invite_adviser(
                site=site,
                email=f"nora.{number}@operateur.example",
                first_name="Nora",
                last_name="Perrin",
                max_per_day=5,
                skills=[],
                by=by,
                now=NOW,
            )

        outcomes = race(invite, closing(site, by))

        assert outcomes in ({"done": 1, "InvitationRefused": 1}, {"done": 1, "SiteRefused": 1})
        assert not Adviser.objects.filter(site=site, is_active=True, site__is_open=False).exists()


def test_nobody_resumes_in_a_place_that_closes(race):
    for _ in range(ROUNDS):
        adviser = AdviserFactory(is_active=False)
        by = manager_of(adviser.site)

        outcomes = race(
            lambda adviser=adviser, by=by: resume_adviser(adviser=adviser, by=by, now=NOW),
            closing(adviser.site, by),
        )

        assert outcomes in ({"done": 1, "SuspensionRefused": 1}, {"done": 1, "SiteRefused": 1})
        assert not Adviser.objects.filter(is_active=True, site__is_open=False).exists()


def test_a_transfer_is_not_received_by_who_is_suspended_at_that_instant(race):
    for _ in range(ROUNDS):
        adviser = receiving_adviser()
        transfer = sent(now=NOW)

        outcomes = race(
            lambda adviser=adviser, transfer=transfer: receive_transfer(
                transfer=transfer, adviser=adviser, by=adviser.user, now=NOW
            ),
            lambda adviser=adviser: suspend_adviser(adviser=adviser, by=adviser.user, now=NOW),
        )

        received = Pathway.objects.filter(adviser=adviser)
        assert outcomes in ({"done": 2}, {"done": 1, "AdviserUnfit": 1})
        assert received.count() == outcomes["done"] - 1  # received before: the suspension saw it


def test_a_loan_never_returns_to_who_is_suspended_at_that_instant(race):
    for _ in range(ROUNDS):
        loan = HandoverFactory()

        outcomes = race(
            lambda loan=loan: take_back(handover=loan, by=None, now=NOW),
            lambda loan=loan: suspend_adviser(
                adviser=loan.former, colleague=loan.colleague, by=loan.former.user, now=NOW
            ),
        )

        assert outcomes == {"done": 2}
        assert Pathway.objects.get(pk=loan.pathway_id).adviser.is_active


@pytest.mark.parametrize("laid", ["hours", "meeting"])
def test_nothing_opens_in_a_place_that_closes(race, laid):
    for _ in range(ROUNDS):
        site = SiteFactory()
        adviser = AdviserFactory(site=SiteFactory(contract=site.contract))
        by = manager_of(site)
        acts = {"hours": lambda: opened(adviser, site), "meeting": lambda: met(adviser, site)}  # noqa: B023 -- run in this round

        race(acts[laid], closing(site, by))

        if not Site.objects.get(pk=site.pk).is_open:
            running = OpeningRule.objects.filter(site=site).exclude(last_on=moved_day("2026-11-23"))
            assert not running.exists()
            assert not GroupSession.objects.filter(site=site).exists()


def opened(adviser, site):
    hours = OpeningHours(
        site=site,
        weekday=1,
        opens=time(9),
        closes=time(12),
        every_weeks=1,
        first_on=moved_day("2026-11-23"),
        last_on=None,
        levels=["1"],
        modes=["ON_SITE"],
        slot_minutes=60,
        buffer_minutes=15,
    )
    return open_hours(adviser=adviser, hours=hours, by=adviser.user, now=NOW)


def met(adviser, site):
    meeting = MeetingPlan(site, at("2026-11-30 09:00"), 60, "DISCOVER", "ON_SITE", 10)
    return open_group_session(adviser=adviser, second_adviser=None, meeting=meeting, by=adviser.user, now=NOW)


def test_a_meeting_and_the_closing_of_its_day_never_both_stand(race):
    day = moved_day("2026-11-30")
    for _ in range(ROUNDS):
        adviser = AdviserFactory()
        site = adviser.site

        outcomes = race(
            lambda adviser=adviser: met(adviser, adviser.site),
            lambda site=site, adviser=adviser: close_site(
                site=site, first_on=day, last_on=day, reason="", by=adviser.user, now=NOW
            ),
        )

        assert outcomes in ({"done": 1, "SessionInvalid": 1}, {"done": 1, "ClosureInvalid": 1})


def test_hours_that_a_closing_takes_away_are_ended_or_refused(race):
    for _ in range(ROUNDS):
        rule = OpeningRuleFactory(first_on=moved_day("2027-01-04"))
        Adviser.objects.update(is_active=False)
        by = manager_of(rule.site)

        outcomes = race(
            lambda rule=rule, by=by: end_opening(rule=rule, last_on=rule.first_on + DAY, by=by, now=NOW),
            closing(rule.site, by),
        )

        assert outcomes in ({"done": 2}, {"done": 1, "OpeningInvalid": 1})
        assert not OpeningRule.objects.filter(pk=rule.pk).exists()


def test_nobody_is_referred_to_a_partner_closed_at_that_instant(race):
    for _ in range(ROUNDS):
        door, pathway = ReferralDoorFactory(), PathwayFactory()
        by = UserFactory(role=Role.ADMINISTRATOR)
        kept = {name: getattr(door, name) for name in FIELDS}
        facts = {"reason": "FUND_TRAINING", "note": "", "shares": []}
        shown = wording.fingerprint(wording.transmitted(pathway=pathway, **facts))

        outcomes = race(
            lambda door=door, pathway=pathway, facts={**facts, "shown": shown}: send_referral(
                pathway=pathway,
                door=door,
                consented=True,
                by=pathway.adviser.user,
                now=NOW,
                **grouped(facts, facts=ReferralFacts),
            ),
            lambda door=door, kept=kept, by=by: change_door(
                door=door, facts={**kept, "is_active": False}, by=by, now=NOW
            ),
        )

        assert outcomes in ({"done": 2}, {"done": 1, "DoorClosed": 1})
        assert Referral.objects.filter(door=door).count() == outcomes["done"] - 1


def test_one_absence_one_closure_one_place_are_laid_once(race):
    adviser = AdviserFactory()
    starts, day = at("2026-11-30 09:00"), moved_day("2026-12-14")
    weekly = WeeklyHours(3, time(14), time(18), 1, moved_day("2026-11-23"), None)
    acts = {
        "AbsenceInvalid": lambda: lay_absence(
            adviser=adviser, starts_at=starts, ends_at=starts + DAY, by=adviser.user, now=NOW
        ),
        "ClosureInvalid": lambda: close_site(
            site=adviser.site, first_on=day, last_on=day, reason="", by=adviser.user, now=NOW
        ),
    }
    for refusal, act in acts.items():
        assert race(act, act, act) == {"done": 1, refusal: 2}
    again = [lambda: lay_recurring_absence(adviser=adviser, hours=weekly, by=adviser.user, now=NOW)] * 3
    assert race(*again) == {"done": 1, "AbsenceInvalid": 2}


def test_one_place_is_opened_once(race):
    commune = CommuneFactory()
    contract = ContractFactory(lot=LotFactory(regions=[commune.department.region]))
    facts = SiteFacts("Centre Nord", "2 rue des Lilas", "35000", "02 61 91 00 00", "", True, commune)
    by = UserFactory(role=Role.OPERATOR_MANAGER, role__organisation=contract.holder)

    outcomes = race(*[lambda: open_site(holder=contract.holder, facts=facts, by=by, now=NOW)] * 3)

    assert outcomes == {"done": 1, "SiteRefused": 2}
    assert Site.objects.count() == 1


def test_an_absence_taken_back_twice_is_gone_once(race):
    adviser = AdviserFactory()
    starts = at("2026-11-30 09:00")
    absence = lay_absence(adviser=adviser, starts_at=starts, ends_at=starts + DAY, by=adviser.user, now=NOW)

    assert race(*[lambda: remove_absence(absence=absence, by=adviser.user, now=NOW)] * 2) == {"done": 2}
    assert not Absence.objects.exists()

"""Plans, summaries, referrals, hand-overs and deliveries shown, on pathways that a test lays."""

from collections import Counter
from datetime import timedelta

import pytest
from django.utils import timezone

from cep_portal.accounts.enums import Role
from cep_portal.demo.dataset.deliveries import build_deliveries
from cep_portal.demo.dataset.plans import build_plans
from cep_portal.demo.dataset.team import build_team
from operators.casework.plans.models import ActionMove, ActionPlan
from operators.casework.referrals.models import Referral
from operators.casework.summaries.models import SummaryDocument
from operators.exchange.deliveries.models import DataDelivery
from operators.moving.handovers.models import Handover
from operators.network.models import Adviser
from tests.factories.accounts import UserFactory
from tests.factories.operators import AdviserFactory, CounsellingSessionFactory, PathwayFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def adviser(settings, tmp_path):
    settings.PORTAL_DATA_DIR = str(tmp_path)
    adviser = AdviserFactory(user__email="conseil@operateurs.example")
    UserFactory(
        email="responsable@operateurs.example",
        role=Role.OPERATOR_MANAGER,
        role__organisation=adviser.site.contract.holder,
    )
    return adviser


def pathways(adviser, count):
    for _ in range(count):
        CounsellingSessionFactory(pathway=PathwayFactory(adviser=adviser))


def test_each_state_of_plan_summary_and_referral_is_shown(adviser):
    person = UserFactory(email="camille@personnes.example", role=Role.BENEFICIARY)
    PathwayFactory(adviser=adviser, beneficiary__user=person, beneficiary__email=person.email)
    pathways(adviser, 6)

    build_plans(now=timezone.now())

    summaries = Counter(SummaryDocument.objects.values_list("state", flat=True))
    referrals = Counter(Referral.objects.values_list("state", flat=True))
    assert ActionPlan.objects.count() == 7
    assert ActionMove.objects.filter(by_person=True).count() == 2
    assert summaries == Counter(ACCEPTED=1, PROPOSED=2, DRAFT=2)
    assert referrals == Counter(PENDING=1, ACCEPTED=1, DONE=1)


def test_pathways_are_lent_and_given_and_somebody_is_invited(adviser):
    colleague = AdviserFactory(site=adviser.site)
    pathways(adviser, 3)
    pathways(colleague, 3)

    build_team(now=timezone.now())

    kinds = Counter(Handover.objects.values_list("kind", flat=True))
    assert kinds == Counter(TEMPORARY=3, FINAL=2)
    assert Adviser.objects.get(user__email="arrivee@operateurs.example").site == adviser.site


def test_files_are_taken_and_tried(adviser):
    adviser.site.contract.starts_on = timezone.localdate() - timedelta(days=400)
    adviser.site.contract.save()

    build_deliveries(now=timezone.now())

    whole, trial = DataDelivery.objects.order_by("sent_at")
    assert (whole.is_trial, whole.state, whole.new_count, whole.refused_count) == (False, "DONE", 40, 0)
    assert (trial.is_trial, trial.state, trial.new_count, trial.refused_count) == (True, "DONE", 37, 3)

"""The demonstration's data: deterministic, calibrated, refused in a real portal."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.db.models import Count, F

from beneficiaries.complaints.models import Complaint
from beneficiaries.request.models import Beneficiary, ServiceRequest
from beneficiaries.signin.models import SignInCode
from beneficiaries.signin.selectors import behind
from cep_portal.accounts.models import User
from cep_portal.demo.dataset.accounts import ACCOUNTS
from cep_portal.demo.dataset.build import build, with_shares
from cep_portal.demo.dataset.road import build_road
from cep_portal.demo.dataset.scale import SCALES
from cep_portal.territories.models import Region
from operators.booking.agenda.enums import AppointmentState
from operators.booking.agenda.models import Appointment
from operators.booking.demand.models import CallBack, SlotOffer, WaitingEntry
from operators.booking.groups.models import GroupSession
from operators.casework.pathways.models import CounsellingSession, Pathway
from operators.network.enums import AdviserSkill
from operators.network.models import Adviser, Site

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
TINY = replace(SCALES["small"], entries_per_year=400, advisers=18, sites=18)


@pytest.fixture(scope="module")
def built(django_db_setup, django_db_blocker):
    """One tiny build for the module, rolled back at its end."""
    with django_db_blocker.unblock(), transaction.atomic():
        call_command("load_reference", verbosity=0)
        build(TINY, day=NOW.date())
        yield
        transaction.set_rollback(True)


pytestmark = [pytest.mark.slow, pytest.mark.django_db, pytest.mark.usefixtures("built")]


def test_every_region_has_a_site_with_future_appointments():
    regions = set(Site.objects.values_list("commune__department__region", flat=True))
    booked = Appointment.objects.filter(period__startswith__gt=NOW, state=AppointmentState.BOOKED)

    assert regions == set(Region.objects.values_list("pk", flat=True))
    assert booked.count() > 20


def test_somebody_signs_in_every_region():
    signing = Adviser.objects.filter(skills__contains=[AdviserSkill.SIGN_LANGUAGE], is_active=True)

    regions = set(signing.values_list("site__commune__department__region", flat=True))
    assert regions == set(Region.objects.values_list("pk", flat=True))


def test_history_starts_in_january_2024_and_reaches_this_month():
    months = Pathway.objects.dates("entered_on", "month")

    assert len(months) == 35
    assert (months[0].year, months[0].month) == (2024, 1)


def test_shares_are_near_what_was_asked():
    reached = Pathway.objects.filter(sessions__level="TWO").distinct().count()
    states = Counter(Appointment.objects.filter(period__endswith__lt=NOW).values_list("state", flat=True))
    kept = states["ATTENDED"] + states["NO_SHOW"]

    assert reached / Pathway.objects.count() == pytest.approx(TINY.level_two_share, abs=0.06)
    assert states["NO_SHOW"] / kept == pytest.approx(TINY.no_show_share, abs=0.04)


def test_a_pathway_holds_about_four_sessions():
    old = Pathway.objects.filter(entered_on__year=2024).annotate(count=Count("sessions"))
    counts = list(old.order_by("pk").values_list("count", flat=True))

    assert sum(counts) / len(counts) == pytest.approx(4, abs=0.8)


def test_requests_precede_first_sessions():
    early = CounsellingSession.objects.filter(starts_at__lt=F("pathway__service_request__requested_at"))

    assert early.count() == 0


def test_people_are_fictional():
    emails = Beneficiary.objects.exclude(email__endswith="@personnes.example")
    phones = Beneficiary.objects.exclude(phone__startswith="06 39 98").exclude(phone="")

    assert (emails.count(), phones.count()) == (0, 0)
    assert User.objects.exclude(email__endswith=".example").count() == 0


def test_one_account_per_role_signs_in():
    users = User.objects.filter(email__in=[account.email for account in ACCOUNTS])
    roles = {user.mandates.order_by("pk").first().role for user in users.order_by("pk")}

    assert roles == {account.role for account in ACCOUNTS}


def test_everybody_of_the_demonstration_signs_in():
    """Each person enters by the contact they gave, whoever named them first (ADR 0054)."""
    people = list(Beneficiary.objects.filter(erased_at__isnull=True, merged_into__isnull=True).order_by("pk"))

    entering = [person.pk for person in people if _opens_their_space(person)]

    assert len(people) > 1000
    assert entering == [person.pk for person in people]


def _opens_their_space(person):
    contact = {"email": person.email} if person.email else {"phone": person.phone}
    opened = behind(SignInCode(**contact), now=NOW)
    return person in opened.named(person.first_name, person.last_name)


def test_first_screens_have_something_to_do():
    adviser = User.objects.get(email="conseil@operateurs.example").adviser
    unanswered = ServiceRequest.objects.filter(state="REGISTERED", contract=adviser.site.contract)

    assert unanswered.count() == 4
    assert Appointment.objects.filter(adviser=adviser, state="BOOKED").exists()


def test_road_shows_each_place_where_a_person_waits():
    build_road(now=NOW)

    calls = CallBack.objects.filter(state="DUE")
    offers = Counter(SlotOffer.objects.values_list("state", flat=True))
    assert (calls.count(), WaitingEntry.objects.waiting().count(), Complaint.objects.count()) == (3, 6, 3)
    assert (offers["DECLINED"], offers["PENDING"] > 0) == (1, True)
    assert GroupSession.objects.exists()
    assert Beneficiary.objects.exclude(email__endswith="@personnes.example").count() == 0


def test_requests_go_to_a_contract_of_their_region():
    at_home = ServiceRequest.objects.filter(
        contract__lot__lot_regions__region=F("commune__department__region")
    )

    assert at_home.count() == ServiceRequest.objects.count()


def test_shares_can_be_given():
    scale = with_shares(SCALES["small"], level_two=0.5, no_show=0.0, seed=7)

    assert (scale.level_two_share, scale.no_show_share, scale.seed) == (0.5, 0.0, 7)


def test_a_real_portal_refuses_the_demonstration(settings):
    settings.PORTAL_DEMONSTRATION = False

    with pytest.raises(CommandError):
        call_command("build_demonstration")

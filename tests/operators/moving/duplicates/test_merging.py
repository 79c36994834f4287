"""Two files made one, and what is refused (RDV-SP 6343, 3035, 3158, 3429, 3584)."""

from datetime import timedelta

import pytest
from django.db.models import QuerySet

from beneficiaries.request.enums import Need
from beneficiaries.request.models import Beneficiary, ContactCode, ContactPreferences, ServiceRequest
from beneficiaries.request.services import send_contact_code
from beneficiaries.rights.models import PersonCode
from beneficiaries.rights.services import ask_erasure
from cep_portal.accounts.enums import Role
from cep_portal.accounts.models import AuditEvent
from cep_portal.common.personal_data import Treatment, columns_to, label, treatment_of
from cep_portal.messaging.models import Message
from operators.exchange.deliveries.enums import KeyKind
from operators.exchange.deliveries.models import ExternalKey
from operators.moving.duplicates import errors
from operators.moving.duplicates.enums import MergeReason
from operators.moving.duplicates.models import PersonMerge
from operators.moving.duplicates.services import merge_people
from tests.clock import present
from tests.factories.accounts import UserFactory
from tests.factories.beneficiaries import BeneficiaryFactory, ComplaintFactory, ServiceRequestFactory
from tests.factories.deliveries import DataDeliveryFactory
from tests.factories.demand import EarlierAlertFactory, SlotOfferFactory, WaitingEntryFactory
from tests.factories.duplicates import twins
from tests.factories.groups import GroupPlaceFactory, GroupSessionFactory
from tests.factories.operators import AdviserFactory, AppointmentFactory, PathwayFactory
from tests.messages import compose_all

pytestmark = pytest.mark.django_db
NOW = present()


@pytest.fixture
def adviser():
    return AdviserFactory()


def signed(adviser):
    """The adviser's user as a request has it."""
    adviser.user.mandate = adviser.user.mandates.get()
    return adviser.user


def merge(adviser, kept, absorbed, **facts):
    facts = {"reason": MergeReason.CHECKED, "by": signed(adviser), "now": NOW, **facts}
    return merge_people(kept=kept, absorbed=absorbed, **facts)


def offered(alert):
    held = AppointmentFactory(on_hold=True, is_offer=True)
    return SlotOfferFactory(alert=alert, entry=None, beneficiary=alert.beneficiary, appointment=held)


def left(person) -> set[str]:
    """The columns that still point at a person."""
    return {
        label(column)
        for column in columns_to(Beneficiary)
        if QuerySet(column.model).filter(**{column.name: person}).exists()
    }


def test_two_files_are_one_rdvsp_6343(adviser):
    kept, absorbed = twins(adviser)
    request = absorbed.service_requests.get()
    AppointmentFactory(adviser=adviser, beneficiary=absorbed, service_request=request)
    PathwayFactory(adviser=adviser, beneficiary=absorbed, service_request=request)
    ComplaintFactory(beneficiary=absorbed)
    meeting = GroupSessionFactory(starts_at=NOW + timedelta(days=40))
    GroupPlaceFactory(session=meeting, beneficiary=absorbed, service_request=request)
    WaitingEntryFactory(service_request=request, beneficiary=absorbed)
    ContactPreferences.objects.create(beneficiary=absorbed, by_sms=False, changed_at=NOW)

    merge(adviser, kept, absorbed)

    absorbed.refresh_from_db()
    assert absorbed.merged_into == kept
    moving = {
        label(column)
        for column in columns_to(Beneficiary)
        if treatment_of(column) in {Treatment.MOVES, Treatment.MOVES_IF_NONE}
    }
    assert left(absorbed) & moving == set()
    assert kept.service_requests.count() == 2
    assert kept.appointments.count() == 1
    assert kept.pathways.count() == 1
    assert kept.complaints.count() == 1
    assert kept.group_places.count() == 1
    assert kept.waiting_entries.count() == 1
    assert ContactPreferences.objects.get(beneficiary=kept).by_sms is False


def test_pending_offer_and_its_alert_follow(adviser):
    kept, absorbed = twins(adviser)
    booked = AppointmentFactory(adviser=adviser, beneficiary=absorbed)
    alert = EarlierAlertFactory(appointment=booked, beneficiary=absorbed)
    offer = offered(alert)

    merge(adviser, kept, absorbed)

    for earlier_alert in (alert, offer, booked):
        earlier_alert.refresh_from_db()
        assert earlier_alert.beneficiary == kept


def test_own_preferences_stay_when_both_have_some(adviser):
    kept, absorbed = twins(adviser)
    ContactPreferences.objects.create(beneficiary=kept, by_sms=True, changed_at=NOW)
    ContactPreferences.objects.create(beneficiary=absorbed, by_sms=False, changed_at=NOW)

    merge(adviser, kept, absorbed)

    assert ContactPreferences.objects.get(beneficiary=kept).by_sms is True


def test_codes_under_way_prove_nothing_more(adviser):
    kept, absorbed = twins(adviser)
    right = ask_erasure(beneficiary=absorbed, now=NOW)
    contact = send_contact_code(
        service_request=absorbed.service_requests.get(),
        first_name="Maëlle",
        last_name="Morvan",
        email=absorbed.email,
        phone="",
        now=NOW,
    )
    ContactCode.objects.filter(pk=contact.pk).update(beneficiary=absorbed)

    merge(adviser, kept, absorbed)

    assert PersonCode.objects.get(pk=right.pk).used_at == NOW
    assert ContactCode.objects.get(pk=contact.pk).used_at == NOW


def test_numbers_of_the_operators_software_name_the_person_kept(adviser):
    kept, absorbed = twins(adviser)
    key = ExternalKey.objects.create(
        organisation=adviser.site.contract.holder,
        kind=KeyKind.PERSON,
        external_id="P-1",
        target=absorbed.uuid,
        delivery=DataDeliveryFactory(organisation=adviser.site.contract.holder),
    )

    merge(adviser, kept, absorbed)

    key.refresh_from_db()
    assert key.target == kept.uuid


def test_merge_leaves_one_line_of_journal_without_names(adviser):
    kept, absorbed = twins(adviser)

    done = merge(adviser, kept, absorbed)

    line = AuditEvent.objects.get(action="operators.personmerge.merged")
    assert (line.target_id, line.data, line.actor) == (done.pk, {"reason": "CHECKED"}, adviser.user)


def test_both_contacts_are_told_without_any_name(adviser):
    kept, absorbed = twins(adviser)

    merge(adviser, kept, absorbed)

    compose_all()
    told = Message.objects.filter(channel="EMAIL", key__startswith="merge-").order_by("pk")
    assert {message.recipient for message in told} == {kept.email, absorbed.email}
    assert {message.subject for message in told} == {"Vos deux dossiers n’en font plus qu’un"}
    assert all("Morvan" not in message.body and adviser.site.phone in message.body for message in told)


def test_same_contact_is_told_once(adviser):
    kept, absorbed = twins(adviser)
    Beneficiary.objects.filter(pk=absorbed.pk).update(email=kept.email.upper())

    merge(adviser, kept, absorbed)

    assert Message.objects.filter(channel="EMAIL", key__startswith="merge-").count() == 1


def test_facts_of_a_request_do_not_change(adviser):
    kept, absorbed = twins(adviser)
    request = absorbed.service_requests.get()

    merge(adviser, kept, absorbed)

    moved = ServiceRequest.objects.get(pk=request.pk)
    assert moved.beneficiary == kept
    assert (moved.reference, moved.requested_at, moved.needs) == (
        request.reference,
        request.requested_at,
        [Need.CHANGE_JOB],
    )


def test_manager_merges_too(adviser):
    kept, absorbed = twins(adviser)
    manager = UserFactory(role=Role.OPERATOR_MANAGER, role__organisation=adviser.site.contract.holder)
    manager.mandate = manager.mandates.get()

    assert merge(adviser, kept, absorbed, by=manager).merged_by == manager


def test_intake_officer_merges_nobody(adviser):
    kept, absorbed = twins(adviser)
    officer = UserFactory(role=Role.INTAKE_OFFICER, role__organisation=adviser.site.contract.holder)
    officer.mandate = officer.mandates.get()

    with pytest.raises(errors.PersonNotVisible):
        merge(adviser, kept, absorbed, by=officer)


def test_people_of_another_operator_are_not_merged(adviser):
    kept, absorbed = twins(adviser)

    with pytest.raises(errors.PersonNotVisible):
        merge(AdviserFactory(), kept, absorbed)

    assert not PersonMerge.objects.exists()


@pytest.mark.parametrize("column", ["restricted_at", "erased_at"])
def test_frozen_or_erased_file_is_not_merged(adviser, column):
    kept, absorbed = twins(adviser)
    facts = {column: NOW}
    if column == "erased_at":
        facts |= {"first_name": "Personne", "last_name": "effacée", "email": "x@efface.invalid", "phone": ""}
        facts |= {"email_verified_at": None}
    Beneficiary.objects.filter(pk=absorbed.pk).update(**facts)

    with pytest.raises(errors.PersonNotVisible):
        merge(adviser, kept, absorbed)


def test_people_who_share_nothing_are_not_merged(adviser):
    kept, _ = twins(adviser)
    stranger = BeneficiaryFactory(first_name="Yann", last_name="Le Goff")
    ServiceRequestFactory(beneficiary=stranger, contract=adviser.site.contract)

    with pytest.raises(errors.NotAlike):
        merge(adviser, kept, stranger)


def test_file_merged_already_is_not_merged_again(adviser):
    kept, absorbed = twins(adviser)
    merge(adviser, kept, absorbed)

    with pytest.raises(errors.PersonNotVisible):
        merge(adviser, kept, absorbed)


def test_two_files_that_each_absorbed_somebody_are_refused(adviser):
    kept, absorbed = twins(adviser)
    other, third = twins(adviser)
    merge(adviser, kept, absorbed)
    merge(adviser, other, third)

    with pytest.raises(errors.MergeChained):
        merge(adviser, kept, other)


def test_person_known_elsewhere_is_the_one_kept(adviser):
    kept, absorbed = twins(adviser)
    ServiceRequestFactory(beneficiary=absorbed)

    with pytest.raises(errors.WrongOneKept):
        merge(adviser, kept, absorbed)

    assert merge(adviser, absorbed, kept).kept == absorbed


def test_two_people_known_elsewhere_are_not_merged_here(adviser):
    kept, absorbed = twins(adviser)
    ServiceRequestFactory(beneficiary=absorbed)
    ServiceRequestFactory(beneficiary=kept)

    with pytest.raises(errors.KnownElsewhere):
        merge(adviser, kept, absorbed)


def test_two_sessions_at_one_hour_are_two_people(adviser):
    kept, absorbed = twins(adviser)
    first = AppointmentFactory(adviser=adviser, beneficiary=kept)
    AppointmentFactory(
        adviser=AdviserFactory(site=adviser.site), beneficiary=absorbed, starts_at=first.starts_at
    )

    with pytest.raises(errors.BothBooked, match="à la même heure"):
        merge(adviser, kept, absorbed)

    absorbed.refresh_from_db()
    assert absorbed.merged_into is None


def test_meeting_at_the_hour_of_an_appointment_is_refused(adviser):
    kept, absorbed = twins(adviser)
    starts_at = NOW + timedelta(days=40)
    AppointmentFactory(adviser=adviser, beneficiary=kept, starts_at=starts_at)
    GroupPlaceFactory(
        session=GroupSessionFactory(starts_at=starts_at),
        beneficiary=absorbed,
        service_request=absorbed.service_requests.get(),
    )

    with pytest.raises(errors.BothBooked, match="une réunion"):
        merge(adviser, kept, absorbed)


def test_two_offers_at_once_wait_for_an_answer(adviser):
    kept, absorbed = twins(adviser)
    for number, person in enumerate((kept, absorbed)):
        booked = AppointmentFactory(
            adviser=adviser, beneficiary=person, starts_at=NOW + timedelta(days=7 + number)
        )
        offered(EarlierAlertFactory(appointment=booked, beneficiary=person))

    with pytest.raises(errors.BothBooked, match="créneau proposé"):
        merge(adviser, kept, absorbed)

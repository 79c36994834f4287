"""A merge undone: what was moved goes back exactly, what came since stays, and when it is too late."""

from datetime import timedelta

import pytest

from beneficiaries.request.models import Beneficiary, ContactPreferences
from beneficiaries.rights.services import erase_person
from cep_portal.accounts.models import AuditEvent
from cep_portal.messaging.models import Message
from operators.exchange.deliveries.enums import KeyKind
from operators.exchange.deliveries.models import ExternalKey
from operators.moving.duplicates import errors, rules
from operators.moving.duplicates.services import forget_former, merge_people, undo_merge
from tests.factories.beneficiaries import ComplaintFactory, ServiceRequestFactory
from tests.factories.deliveries import DataDeliveryFactory
from tests.factories.demand import WaitingEntryFactory
from tests.factories.duplicates import twins
from tests.factories.groups import GroupPlaceFactory, GroupSessionFactory
from tests.factories.operators import AdviserFactory, AppointmentFactory
from tests.operators.moving.duplicates.test_merging import NOW, left, merge, signed

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=5)


@pytest.fixture
def adviser():
    return AdviserFactory()


def undo(adviser, done, now=LATER):
    return undo_merge(merge=done, by=signed(adviser), now=now)


def test_everything_moved_goes_back(adviser):
    kept, absorbed = twins(adviser)
    request = absorbed.service_requests.get()
    AppointmentFactory(adviser=adviser, beneficiary=absorbed, service_request=request)
    ComplaintFactory(beneficiary=absorbed)
    meeting = GroupSessionFactory(starts_at=NOW + timedelta(days=40))
    GroupPlaceFactory(session=meeting, beneficiary=absorbed, service_request=request)
    WaitingEntryFactory(service_request=request, beneficiary=absorbed)
    ContactPreferences.objects.create(beneficiary=absorbed, by_sms=False, changed_at=NOW)
    key = ExternalKey.objects.create(
        organisation=adviser.site.contract.holder,
        kind=KeyKind.PERSON,
        external_id="P-1",
        target=absorbed.uuid,
        delivery=DataDeliveryFactory(organisation=adviser.site.contract.holder),
    )
    merged_columns = {"operators.PersonMerge.kept", "operators.PersonMerge.absorbed"}
    before = left(kept), left(absorbed)

    done = undo(adviser, merge(adviser, kept, absorbed))

    assert (left(kept) - merged_columns, left(absorbed) - merged_columns) == before
    absorbed.refresh_from_db()
    key.refresh_from_db()
    assert (absorbed.merged_into, key.target) == (None, absorbed.uuid)
    assert (done.undone_at, done.undone_by, done.former) == (LATER, adviser.user, {})


def test_what_was_created_since_stays(adviser):
    kept, absorbed = twins(adviser)
    own = absorbed.service_requests.get()
    done = merge(adviser, kept, absorbed)
    since = ServiceRequestFactory(beneficiary=kept, contract=adviser.site.contract)

    undo(adviser, done)

    own.refresh_from_db()
    since.refresh_from_db()
    assert (own.beneficiary, since.beneficiary) == (absorbed, kept)


def test_undo_leaves_its_line_and_tells_both(adviser):
    kept, absorbed = twins(adviser)
    done = merge(adviser, kept, absorbed)

    undo(adviser, done)

    assert AuditEvent.objects.get(action="operators.personmerge.undone").target_id == done.pk
    told = Message.objects.filter(key__startswith="merge-undone", channel="EMAIL")
    assert {message.recipient for message in told} == {kept.email, absorbed.email}


def test_undo_is_done_once(adviser):
    done = merge(adviser, *twins(adviser))
    undo(adviser, done)

    with pytest.raises(errors.MergeUndone):
        undo(adviser, done)


def test_thirty_days_later_it_is_too_late(adviser):
    done = merge(adviser, *twins(adviser))

    with pytest.raises(errors.UndoTooLate):
        undo(adviser, done, now=NOW + rules.UNDO_FOR)


def test_former_contacts_are_forgotten_when_it_is_too_late(adviser):
    done = merge(adviser, *twins(adviser))

    assert forget_former(now=NOW + rules.UNDO_FOR - timedelta(seconds=1)) == 0
    assert forget_former(now=NOW + rules.UNDO_FOR) == 1
    assert forget_former(now=NOW + rules.UNDO_FOR) == 0
    done.refresh_from_db()
    assert done.former == {}


def test_erased_person_is_not_separated(adviser):
    kept, absorbed = twins(adviser)
    done = merge(adviser, kept, absorbed)
    erase_person(beneficiary=kept, now=NOW, by=None, is_compulsory=True)

    with pytest.raises(errors.PersonErased):
        undo(adviser, done)


def test_duplicate_is_erased_with_the_person(adviser):
    kept, absorbed = twins(adviser)
    done = merge(adviser, kept, absorbed)

    erase_person(beneficiary=kept, now=NOW, by=None, is_compulsory=True)

    done.refresh_from_db()
    assert set(Beneficiary.objects.values_list("last_name", flat=True)) == {"effacée"}
    assert Beneficiary.objects.filter(erased_at__isnull=True).count() == 0
    assert done.former == {}


def test_frozen_file_is_not_touched(adviser):
    kept, absorbed = twins(adviser)
    done = merge(adviser, kept, absorbed)
    Beneficiary.objects.filter(pk=kept.pk).update(restricted_at=NOW)

    with pytest.raises(errors.PersonNotVisible):
        undo(adviser, done)


def test_operator_of_another_region_undoes_nothing(adviser):
    done = merge(adviser, *twins(adviser))

    with pytest.raises(errors.PersonNotVisible):
        undo(AdviserFactory(), done)


def test_files_merged_again_after_an_undo(adviser):
    kept, absorbed = twins(adviser)
    undo(adviser, merge(adviser, kept, absorbed))

    again = merge_people(
        kept=kept, absorbed=absorbed, reason="SAID", by=signed(adviser), now=LATER + timedelta(days=1)
    )

    assert again.undone_at is None

from datetime import timedelta

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from beneficiaries.request.errors import FileRestricted
from beneficiaries.request.hooks import next_steps
from beneficiaries.rights.services import erase_person
from cep_portal.accounts.enums import Role
from cep_portal.accounts.models import AuditEvent
from cep_portal.messaging.models import Message
from operators.booking.demand import rules, services
from operators.booking.demand.enums import CallBackState, DemandWay
from operators.booking.demand.errors import CallBackOver, CallBackPending
from operators.booking.demand.models import CallBack, CallTry, UnmetDemand
from operators.booking.demand.services import Wish
from tests.clock import moved_day
from tests.factories.accounts import UserFactory
from tests.factories.beneficiaries import BeneficiaryFactory, ServiceRequestFactory, freeze
from tests.factories.demand import CallBackFactory
from tests.factories.territories import CommuneFactory, PublicHolidayFactory
from tests.messages import composed
from tests.operators.booking.agenda.clock import NOW, at

pytestmark = pytest.mark.django_db


def ask(service_request, now=NOW):
    return services.ask_call_back(
        service_request=service_request,
        name=" Dominique ",
        phone="06 39 98 00 00",
        call_hours="AFTER_18",
        wish=Wish(level="ONE", modes=["PHONE", "ON_SITE"], hours=[], site=None),
        now=now,
    )


@pytest.fixture
def officer():
    return UserFactory(role=Role.INTAKE_OFFICER)


def test_a_call_is_promised_on_the_next_working_day_rdvsp_4899():
    """Nobody without a slot or a contact stays without a way on (RDV-SP PR 4899, PR 6146, RDV-I 1798)."""
    call_back = ask(ServiceRequestFactory())

    assert (call_back.promised_on, call_back.name, call_back.modes) == (
        moved_day("2026-11-24"),
        "Dominique",
        ["ON_SITE", "PHONE"],
    )
    assert UnmetDemand.objects.get().way == DemandWay.CALL_BACK
    line = AuditEvent.objects.get(action="operators.call_back.asked")
    assert line.data == {}


def test_the_promise_skips_week_ends_and_the_holidays_of_the_department():
    commune = CommuneFactory()
    PublicHolidayFactory(department=commune.department, day=moved_day("2026-11-30"))

    call_back = ask(ServiceRequestFactory(commune=commune), now=at("2026-11-27 10:00"))

    assert call_back.promised_on == moved_day("2026-12-01")


def test_the_promised_day_is_the_persons_own_overseas():
    """Friday 23:30 in Paris is already Saturday in La Réunion; Monday all the same."""
    call_back = ask(ServiceRequestFactory(commune=CommuneFactory(reunion=True)), now=at("2026-11-26 22:30"))

    assert call_back.promised_on == moved_day("2026-11-30")


@pytest.mark.parametrize(
    ("days", "promised"),
    [(0, moved_day("2026-11-27")), (1, moved_day("2026-11-30")), (3, moved_day("2026-12-02"))],
)
def test_the_days_of_the_promise_are_a_setting(settings, days, promised):
    settings.PORTAL_CALL_BACK_DAYS = days

    assert rules.promised_day(moved_day("2026-11-27"), holidays=()) == promised


def test_a_second_asking_leaves_the_promise_as_it_was():
    request = ServiceRequestFactory()
    first = ask(request)

    with pytest.raises(CallBackPending):
        ask(request)

    assert CallBack.objects.get() == first
    assert UnmetDemand.objects.count() == 1


@pytest.mark.parametrize("act", ["frozen", "erased"])
def test_a_frozen_or_erased_file_is_promised_nothing(act):
    """RGPD, article 18: nothing is added to a frozen file. Who has the reference alone reads no more."""
    person = BeneficiaryFactory()
    request = ServiceRequestFactory(beneficiary=person)
    if act == "erased":
        erase_person(beneficiary=person, now=NOW, by=None)
    else:
        freeze(person, NOW)

    with pytest.raises(FileRestricted, match="Rien ne peut être ajouté à cette demande"):
        ask(request)

    assert (CallBack.objects.count(), UnmetDemand.objects.count()) == (0, 0)


@pytest.mark.parametrize("typed", ["06 39 98 55 44", "0639985544", "+33 6 39 98 55 44"])
def test_a_call_asked_without_a_name_ends_with_the_erasure_of_its_number(typed):
    """Due for ever, to nobody, the call stayed in the list of the desk after the erasure."""
    person = BeneficiaryFactory(phone="06 39 98 55 44")
    call_back = CallBackFactory(phone=typed)

    erase_person(beneficiary=person, now=NOW, by=None)

    call_back.refresh_from_db()
    assert (call_back.state, call_back.ended_at) == (CallBackState.DROPPED, NOW)
    assert (call_back.name, call_back.phone) == ("", "")
    assert AuditEvent.objects.get(action="operators.call_back.dropped").target_id == call_back.pk


def test_erasure_leaves_the_calls_of_who_shares_the_number():
    person = BeneficiaryFactory(phone="02 61 91 00 01")
    other = CallBackFactory(phone=person.phone, service_request__beneficiary=BeneficiaryFactory())

    erase_person(beneficiary=person, now=NOW, by=None)

    other.refresh_from_db()
    assert (other.state, other.phone) == (CallBackState.DUE, "02 61 91 00 01")


def test_erasure_of_who_has_no_number_ends_no_call():
    call_back = CallBackFactory()

    erase_person(beneficiary=BeneficiaryFactory(phone=""), now=NOW, by=None)

    call_back.refresh_from_db()
    assert call_back.state == CallBackState.DUE


def test_one_call_is_owed_for_a_request_even_in_raw_sql():
    call_back = CallBackFactory()

    with pytest.raises(IntegrityError, match="call_back_one_due"), transaction.atomic():
        CallBackFactory(service_request=call_back.service_request)


def test_the_promised_day_is_on_the_page_of_the_request():
    call_back = CallBackFactory()

    steps = next_steps(service_request=call_back.service_request, is_holder=False, now=NOW)

    assert "Nous vous appelons le lundi 23 novembre 2026." in [step.description for step in steps]


def test_reached_ends_the_promise_and_says_who_and_when(officer):
    call_back = services.note_call(call_back=CallBackFactory(), reached=True, by=officer, now=NOW)

    assert (call_back.state, call_back.ended_at, call_back.ended_by) == (
        CallBackState.REACHED,
        NOW,
        officer,
    )
    assert AuditEvent.objects.get(action="operators.call_back.reached").actor == officer


def test_no_answer_promises_the_next_working_day(officer):
    call_back = services.note_call(call_back=CallBackFactory(), reached=False, by=officer, now=NOW)

    assert (call_back.state, call_back.promised_on) == (CallBackState.DUE, moved_day("2026-11-24"))
    assert list(CallTry.objects.values_list("number", "by", "reached")) == [(1, officer.pk, False)]


def test_after_three_tries_the_person_is_written_to(officer):
    call_back = CallBackFactory(service_request__beneficiary=BeneficiaryFactory())
    for number in range(3):
        services.note_call(call_back=call_back, reached=False, by=officer, now=NOW + timedelta(days=number))

    call_back.refresh_from_db()
    message = composed(Message.objects.get())
    assert call_back.state == CallBackState.UNREACHED
    assert message.subject == "Nous avons essayé de vous appeler"
    assert call_back.service_request.reference in message.body


def test_who_gave_only_a_number_is_written_to_when_sms_leave(officer):
    call_back = CallBackFactory()
    for _ in range(3):
        services.note_call(call_back=call_back, reached=False, by=officer, now=NOW)

    assert list(Message.objects.values_list("channel", "recipient")) == [("SMS", "+33639980000")]


@pytest.mark.parametrize("state", [state for state in CallBackState if state != CallBackState.DUE])
def test_a_call_that_is_over_takes_no_more_act(officer, state):
    reason = {"give_up_reason": "NOT_WANTED"} if state == CallBackState.GIVEN_UP else {}
    call_back = CallBackFactory(state=state, ended_at=NOW, **reason)

    for act in (
        lambda: services.note_call(call_back=call_back, reached=True, by=officer, now=NOW),
        lambda: services.drop_call_back(call_back=call_back, now=NOW),
    ):
        with pytest.raises(CallBackOver, match=CallBackState(state).label):
            act()


def test_the_person_takes_the_asking_back():
    call_back = services.drop_call_back(call_back=CallBackFactory(), now=NOW)

    assert (call_back.state, call_back.ended_by) == (CallBackState.DROPPED, None)


def test_a_try_is_never_rewritten(officer):
    services.note_call(call_back=CallBackFactory(), reached=False, by=officer, now=NOW)

    with pytest.raises(DatabaseError, match="Cannot update"), transaction.atomic():
        CallTry.objects.update(reached=True)


def test_names_and_numbers_are_forgotten_after_ninety_days():
    old = CallBackFactory(state=CallBackState.REACHED, ended_at=NOW - timedelta(days=91))
    recent = CallBackFactory(state=CallBackState.REACHED, ended_at=NOW - timedelta(days=89))
    due = CallBackFactory()

    forgotten = [services.forget_calls(now=NOW), services.forget_calls(now=NOW)]

    for call_back in (old, recent, due):
        call_back.refresh_from_db()
    assert forgotten == [1, 0]
    assert [call_back.phone for call_back in (old, recent, due)] == ["", "06 39 98 00 00", "06 39 98 00 00"]

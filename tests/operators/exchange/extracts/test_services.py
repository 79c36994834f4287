"""Asked, judged by somebody else, written, two days, destroyed."""

from datetime import date, timedelta

import pytest

from cep_portal.accounts.enums import Role
from cep_portal.accounts.models import AuditEvent
from cep_portal.accounts.services import end_mandate
from cep_portal.documents.gateways import storage
from cep_portal.messaging.models import Message
from operators.exchange.extracts import services
from operators.exchange.extracts.enums import ExtractState
from operators.exchange.extracts.errors import (
    AlreadyJudged,
    AskerGone,
    FileOver,
    NotYoursToJudge,
    OwnRequest,
    PeriodRefused,
)
from operators.exchange.extracts.models import Extract
from tests.factories.accounts import MandateFactory, UserFactory
from tests.factories.extracts import NOW, ExtractFactory, ready_extract
from tests.messages import compose_all

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def ask(asker, **details):
    values = {
        "organisation": asker.mandate.organisation,
        "kind": "ACTIVITY",
        "starts_on": date(2026, 1, 1),
        "ends_on": date(2026, 11, 22),
        "file_format": "csv",
        "purpose": "Préparer le bilan annuel.",
        "by": asker,
        "now": NOW,
    }
    return services.ask_extract(**{**values, **details})


def actions():
    return list(AuditEvent.objects.order_by("pk").values_list("action", "data"))


def recipients():
    compose_all()
    return sorted(Message.objects.values_list("recipient", "subject"))


def test_request_is_told_to_who_may_judge_and_to_nobody_else(asker, colleague, contracts):
    UserFactory(role=Role.OPERATOR_MANAGER)  # of another operator
    UserFactory(role=Role.DECIDER)

    extract = ask(asker)

    assert (extract.state, extract.asked_by, extract.judged_by) == (ExtractState.ASKED, asker, None)
    subject = "Une extraction à décider"
    assert recipients() == sorted([(colleague.email, subject), (contracts.email, subject)])
    assert actions() == [("operators.extract.asked", {"kind": "ACTIVITY"})]


@pytest.mark.parametrize("kind", ["SESSIONS", "APPOINTMENTS"])
def test_file_about_people_is_told_to_france_competences_only(asker, colleague, contracts, kind):
    ask(asker, kind=kind)

    assert recipients() == [(contracts.email, "Une extraction à décider")]


def test_two_clicks_are_one_request(asker):
    assert ask(asker) == ask(asker, purpose="Autrement dit.")
    assert ask(asker, kind="SESSIONS") != ask(asker)


@pytest.mark.parametrize(
    ("starts_on", "ends_on"),
    [
        (date(2025, 11, 21), date(2026, 11, 22)),  # a year and two days
        (date(2026, 11, 22), date(2026, 11, 21)),
        (date(2026, 11, 1), date(2026, 11, 23)),  # tomorrow
    ],
)
def test_period_beyond_a_year_backwards_or_to_come_is_refused(asker, starts_on, ends_on):
    with pytest.raises(PeriodRefused):
        ask(asker, starts_on=starts_on, ends_on=ends_on)

    assert not Extract.objects.exists()


def test_a_whole_leap_year_is_a_year(asker):
    assert ask(asker, starts_on=date(2024, 1, 1), ends_on=date(2024, 12, 31)).pk


def test_nobody_grants_nor_refuses_the_own_request(asker):
    extract = ask(asker)

    for judge in (services.grant_extract, services.refuse_extract):
        details = {"reason": "non"} if judge is services.refuse_extract else {}
        with pytest.raises(OwnRequest):
            judge(extract=extract, by=asker, now=NOW, **details)

    extract.refresh_from_db()
    assert extract.state == ExtractState.ASKED


def test_own_request_is_not_judged_under_another_mandate(asker):
    extract = ask(asker)
    asker.mandate = MandateFactory(user=asker, role=Role.CONTRACT_MANAGER)

    with pytest.raises(OwnRequest):
        services.grant_extract(extract=extract, by=asker, now=NOW)


def test_colleague_does_not_judge_a_file_about_people(asker, colleague):
    with pytest.raises(NotYoursToJudge):
        services.grant_extract(extract=ask(asker, kind="SESSIONS"), by=colleague, now=NOW)


@pytest.mark.parametrize("role", [Role.ADVISER, Role.INTAKE_OFFICER, Role.DECIDER, Role.ANALYST])
def test_other_roles_judge_nothing(asker, role):
    with pytest.raises(NotYoursToJudge):
        services.grant_extract(extract=ask(asker), by=UserFactory(role=role), now=NOW)


def test_grant_hands_the_file_to_the_worker_once(asker, colleague, django_capture_on_commit_callbacks):
    extract = ask(asker)
    with django_capture_on_commit_callbacks(execute=True):
        services.grant_extract(extract=extract, by=colleague, now=NOW)

    with pytest.raises(AlreadyJudged):
        services.grant_extract(extract=extract, by=colleague, now=NOW)

    extract.refresh_from_db()
    assert (extract.state, extract.judged_by, extract.judged_as) == (
        ExtractState.READY,
        colleague,
        Role.OPERATOR_MANAGER,
    )


def test_refusal_says_why_and_is_told(asker, contracts):
    extract = services.refuse_extract(extract=ask(asker), reason="Trop large.", by=contracts, now=NOW)

    assert (extract.state, extract.reason, extract.judged_by) == (
        ExtractState.REFUSED,
        "Trop large.",
        contracts,
    )
    assert (asker.email, "Votre demande d’extraction") in recipients()
    assert actions()[-1] == ("operators.extract.refused", {})
    with pytest.raises(AlreadyJudged):
        services.cancel_extract(extract=extract, by=asker, now=NOW)


def test_request_of_who_left_is_not_granted(asker, colleague):
    extract = ask(asker)
    end_mandate(mandate=asker.mandate, by=None, now=NOW)

    with pytest.raises(AskerGone):
        services.grant_extract(extract=extract, by=colleague, now=NOW)

    extract.refresh_from_db()
    assert extract.state == ExtractState.ASKED


def test_request_taken_back_is_not_judged(asker, colleague):
    extract = services.cancel_extract(extract=ask(asker), by=asker, now=NOW)

    assert extract.state == ExtractState.CANCELLED
    assert actions()[-1] == ("operators.extract.cancelled", {})
    with pytest.raises(AlreadyJudged):
        services.grant_extract(extract=extract, by=colleague, now=NOW)


def test_file_is_written_under_a_random_name_and_told(asker, colleague, own_folder):
    extract = ready_extract(asked_by=asker, judged_by=colleague)

    assert (extract.state, extract.line_count) == (ExtractState.READY, 0)
    assert extract.expires_at == NOW + 48 * HOUR
    assert [path.name for path in own_folder.rglob("*") if path.is_file()] == [extract.path[-32:]]
    assert (asker.email, "Votre extraction est prête") in recipients()
    assert actions()[-1] == ("operators.extract.made", {"lines": 0})


def test_made_twice_is_one_file(asker, colleague, own_folder):
    extract = ready_extract(asked_by=asker, judged_by=colleague)

    assert services.make_extract(extract_id=extract.pk, now=NOW + HOUR) is None

    assert len([path for path in own_folder.rglob("*") if path.is_file()]) == 1


def granted(asker, colleague):
    return services.grant_extract(extract=ask(asker), by=colleague, now=NOW)


def test_second_worker_leaves_the_first_one_alone_for_45_minutes(asker, colleague):
    extract = granted(asker, colleague)
    Extract.objects.filter(pk=extract.pk).update(started_at=NOW)

    assert services.make_extract(extract_id=extract.pk, now=NOW + timedelta(minutes=44)) is None
    assert services.make_extract(extract_id=extract.pk, now=NOW + timedelta(minutes=45)).state == "READY"


def test_lost_files_are_handed_again(asker, colleague, django_capture_on_commit_callbacks):
    extract = granted(asker, colleague)

    assert services.resume_extracts(now=NOW + timedelta(minutes=10)) == 0
    with django_capture_on_commit_callbacks(execute=True):
        assert services.resume_extracts(now=NOW + timedelta(minutes=11)) == 1

    extract.refresh_from_db()
    assert extract.state == ExtractState.READY


def test_file_that_cannot_be_written_is_said_failed_and_leaves_nothing(asker, colleague, own_folder):
    extract = granted(asker, colleague)
    (own_folder / "extracts").write_text("a file where the folder should be")

    with pytest.raises(NotADirectoryError):
        services.make_extract(extract_id=extract.pk, now=NOW)

    extract.refresh_from_db()
    assert (extract.state, extract.path) == (ExtractState.FAILED, "")
    assert (asker.email, "Votre demande d’extraction") in recipients()
    assert actions()[-1] == ("operators.extract.failed", {})


def test_file_is_given_until_the_48th_hour_and_each_time_is_written(asker, colleague):
    extract = ready_extract(asked_by=asker, judged_by=colleague)
    last = NOW + 48 * HOUR

    path = services.take_extract(extract=extract, by=asker, now=last - timedelta(microseconds=1))
    with pytest.raises(FileOver):
        services.take_extract(extract=extract, by=asker, now=last)

    assert path.read_text(encoding="utf-8-sig").startswith("Mois;Lieu;")
    assert [action for action, _ in actions()].count("operators.extract.opened") == 1


def test_file_is_given_to_nobody_else(asker, colleague, contracts):
    extract = ready_extract(asked_by=asker, judged_by=colleague)

    for other in (colleague, contracts):
        with pytest.raises(FileOver):
            services.take_extract(extract=extract, by=other, now=NOW)


def test_altered_bytes_are_not_given(asker, colleague):
    extract = ready_extract(asked_by=asker, judged_by=colleague)
    storage.whole_path(extract.path).write_text("autre chose")

    with pytest.raises(ValueError, match="was altered"):
        services.take_extract(extract=extract, by=asker, now=NOW)


def test_file_is_destroyed_after_two_days_and_the_row_stays(
    asker, colleague, own_folder, django_capture_on_commit_callbacks
):
    extract = ready_extract(asked_by=asker, judged_by=colleague)
    last = NOW + 48 * HOUR

    assert services.destroy_extracts(now=last - timedelta(seconds=1)) == 0
    with django_capture_on_commit_callbacks(execute=True):
        assert services.destroy_extracts(now=last) == 1
    assert services.destroy_extracts(now=last) == 0

    extract.refresh_from_db()
    assert (extract.state, extract.path, extract.expires_at) == (ExtractState.OVER, "", last)
    assert [path for path in own_folder.rglob("*") if path.is_file()] == []
    assert actions()[-1] == ("operators.extract.destroyed", {})


def test_state_is_over_on_the_second_before_the_file_is_destroyed(asker, colleague):
    extract = ready_extract(asked_by=asker, judged_by=colleague)

    assert extract.shown_state(now=NOW + 48 * HOUR - timedelta(seconds=1)) == ExtractState.READY
    assert extract.shown_state(now=NOW + 48 * HOUR) == ExtractState.OVER


def test_organisations_do_not_see_each_other(asker, colleague, contracts):
    own, other = ask(asker), ExtractFactory()

    seen = {user: set(Extract.objects.visible_to(user)) for user in (asker, colleague, contracts)}

    assert seen == {asker: {own}, colleague: {own}, contracts: {own, other}}
    for role in (Role.ADVISER, Role.INTAKE_OFFICER, Role.DECIDER, Role.ADMINISTRATOR):
        assert set(Extract.objects.visible_to(UserFactory(role=role))) == set()

from datetime import timedelta

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction

from cep_portal.accounts.enums import Role
from cep_portal.accounts.models import AuditEvent
from cep_portal.messaging.models import Message
from operators.casework.summaries import errors, rules, selectors, services
from operators.casework.summaries.enums import Answer, SummaryState
from operators.casework.summaries.models import SummaryAnswer, SummaryDocument, SummaryReading, SummaryShare
from tests.clock import present
from tests.factories.accounts import UserFactory
from tests.factories.beneficiaries import BeneficiaryFactory
from tests.factories.operators import AdviserFactory, CounsellingSessionFactory, PathwayFactory
from tests.factories.plans import ActionFactory, TargetOccupationFactory
from tests.factories.summaries import SummaryFactory, SummaryReadingFactory, SummaryShareFactory
from tests.factories.territories import RegionFactory
from tests.messages import composed

pytestmark = pytest.mark.django_db
NOW = present()
WORDS = {"situation": " Caissière ", "strengths": "", "project": "Boulangère", "advice": ""}


@pytest.fixture
def person():
    return UserFactory(role=Role.BENEFICIARY)


@pytest.fixture
def pathway(person):
    return PathwayFactory(adviser=AdviserFactory(), beneficiary=BeneficiaryFactory(user=person))


@pytest.fixture
def by(pathway):
    return pathway.adviser.user


def accept(summary, person, *, revision=1, now=NOW):
    return services.accept_summary(
        summary=summary,
        revision=revision,
        content=b"%PDF accepted",
        check_code=f"ABCD1234EFGH{summary.pk:04d}"[:16],
        by=person,
        now=now,
    )


def as_role(role):
    return UserFactory(role=role, role__region=RegionFactory() if role == Role.COMMITTEE_MEMBER else None)


@pytest.mark.parametrize(
    ("rule", "roles"),
    [
        (rules.can_write_summaries, {Role.ADVISER}),
        (rules.can_answer_summaries, {Role.BENEFICIARY}),
    ],
)
def test_rules_by_role(rule, roles):
    assert {role for role in Role if rule(as_role(role))} == roles


@pytest.mark.parametrize("role", [role for role in Role if role not in {Role.ADVISER, Role.BENEFICIARY}])
def test_summaries_are_read_by_no_other_role(role):
    summary = SummaryFactory(accepted=True)
    user = as_role(role)
    if user.mandate.organisation_id:
        user.mandate.organisation = summary.pathway.contract.holder

    assert SummaryDocument.objects.visible_to(user).count() == 0


def test_the_person_reads_only_what_was_proposed(pathway, person, by):
    summary = SummaryFactory(pathway=pathway)

    before = SummaryDocument.objects.visible_to(person).count()
    services.propose_summary(summary=summary, by=by, now=NOW)

    assert (before, SummaryDocument.objects.visible_to(person).count()) == (0, 1)
    assert SummaryDocument.objects.visible_to(AdviserFactory().user).count() == 0
    assert SummaryDocument.objects.visible_to(UserFactory(role=Role.BENEFICIARY)).count() == 0


def test_a_version_is_written_proposed_and_accepted(pathway, person, by):
    TargetOccupationFactory(plan__pathway=pathway)
    ActionFactory(objective__plan=pathway.action_plan, title="Lire dix offres")
    CounsellingSessionFactory(pathway=pathway, themes=["PROJECT"])
    summary = services.start_summary(pathway=pathway, by=by, now=NOW)
    services.write_summary(summary=summary, words=WORDS, themes=["PROJECT"], by=by, now=NOW)

    proposed = services.propose_summary(summary=summary, by=by, now=NOW)
    accepted = accept(summary, person)

    assert (proposed.situation, proposed.revision) == ("Caissière", 1)
    assert proposed.content["occupations"] == ["Boulanger / Boulangère"]
    assert proposed.content["themes"] == ["Projet professionnel"]
    assert proposed.content["objectives"][0]["actions"][0]["title"] == "Lire dix offres"
    assert (accepted.state, accepted.accepted_at, accepted.document.version) == (
        SummaryState.ACCEPTED,
        NOW,
        1,
    )
    assert list(
        AuditEvent.objects.filter(action__startswith="operators.summary")
        .order_by("pk")
        .values_list("action", flat=True)
    ) == [f"operators.summary.{what}" for what in ("started", "written", "proposed", "accepted")]
    audit = AuditEvent.objects.get(action="operators.summary.accepted")
    assert audit.data == {"version": 1, "sha256": accepted.document.sha256}


def test_proposing_writes_one_discreet_message(pathway, by):
    services.propose_summary(summary=SummaryFactory(pathway=pathway), by=by, now=NOW)

    message = composed(Message.objects.get())
    assert message.subject == "Un document attend votre accord"
    assert "évolution" not in message.subject + message.body
    assert pathway.beneficiary.last_name not in message.body


def test_a_correction_sends_it_back_with_words(pathway, person, by):
    summary = SummaryFactory(pathway=pathway, proposed=True)

    services.ask_correction(summary=summary, words=" Pas mon métier ", by=person, now=NOW)
    again = services.propose_summary(summary=summary, by=by, now=NOW)

    answer = SummaryAnswer.objects.get()
    assert (answer.revision, answer.answer, answer.words) == (1, Answer.CORRECTION, "Pas mon métier")
    assert (again.state, again.revision) == (SummaryState.PROPOSED, 2)
    assert Message.objects.count() == 1


def test_a_new_version_starts_from_the_words_before_and_supersedes(pathway, person, by):
    first = SummaryFactory(pathway=pathway, accepted=True)

    second = services.start_summary(pathway=pathway, by=by, now=NOW)
    services.propose_summary(summary=second, by=by, now=NOW)
    accept(second, person)

    first.refresh_from_db()
    assert (second.version, second.project) == (2, first.project)
    assert (first.state, first.superseded_at) == (SummaryState.SUPERSEDED, NOW)


def test_refusals(pathway, person, by):
    draft = SummaryFactory(pathway=pathway, situation="", project="")
    with pytest.raises(errors.AlreadyOpen):
        services.start_summary(pathway=pathway, by=by, now=NOW)
    with pytest.raises(errors.NothingToPropose):
        services.propose_summary(summary=draft, by=by, now=NOW)
    with pytest.raises(errors.NotProposed):
        accept(draft, person, revision=0)
    with pytest.raises(errors.NotProposed):
        services.withdraw_summary(summary=draft, by=by, now=NOW)
    with pytest.raises(errors.NotProposed):
        services.ask_correction(summary=draft, words="X", by=person, now=NOW)
    with pytest.raises(errors.WordsMissing):
        services.ask_correction(summary=draft, words=" ", by=person, now=NOW)
    with pytest.raises(errors.NotCurrent):
        services.share_summary(summary=draft, recipient="X", days=7, by=person, now=NOW)
    services.write_summary(summary=draft, words=WORDS, by=by, now=NOW)
    services.propose_summary(summary=draft, by=by, now=NOW)
    with pytest.raises(errors.NotWritten):
        services.write_summary(summary=draft, words=WORDS, by=by, now=NOW)
    with pytest.raises(errors.NotWritten):
        services.propose_summary(summary=draft, by=by, now=NOW)
    with pytest.raises(errors.ChangedSince):
        accept(draft, person, revision=0)


def test_what_was_taken_back_and_proposed_again_is_not_accepted_unread(pathway, person, by):
    summary = SummaryFactory(pathway=pathway, proposed=True)

    services.withdraw_summary(summary=summary, by=by, now=NOW)
    services.propose_summary(summary=summary, by=by, now=NOW)

    with pytest.raises(errors.ChangedSince):
        accept(summary, person, revision=1)


@pytest.mark.parametrize(
    "change",
    [
        "situation = 'Autre'",
        "project = ''",
        "content = '{\"occupations\": []}'",
        "version = 7",
        "accepted_at = accepted_at - interval '1 day'",
        "document_id = NULL",
        "state = 'DRAFT'",
        "state = 'PROPOSED'",
    ],
)
def test_an_accepted_document_is_frozen_by_the_database(change):
    SummaryFactory(accepted=True)

    with (
        pytest.raises((ProgrammingError, IntegrityError)),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(f"UPDATE operators_summarydocument SET {change}")
    assert SummaryDocument.objects.get().situation == "Veut changer de métier."


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM operators_summarydocument",
        "UPDATE operators_summarydocument SET erased_at = '2100-01-01'",
        "UPDATE operators_summaryshare SET expires_at = expires_at + interval '1 day'",
        "DELETE FROM operators_summaryshare",
        "UPDATE operators_summaryreading SET at = '2100-01-01'",
        "DELETE FROM operators_summaryreading",
    ],
)
def test_facts_are_never_rewritten(statement):
    SummaryReadingFactory()

    with (
        pytest.raises((ProgrammingError, IntegrityError)),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)


def test_the_database_keeps_one_open_and_one_accepted(pathway):
    SummaryFactory(pathway=pathway)
    SummaryFactory(pathway=pathway, accepted=True, version=2)

    with pytest.raises(IntegrityError, match="summary_one_open"), transaction.atomic():
        SummaryFactory(pathway=pathway, proposed=True, version=3)
    with pytest.raises(IntegrityError, match="summary_one_accepted"), transaction.atomic():
        SummaryFactory(pathway=pathway, accepted=True, version=4)
    with pytest.raises(IntegrityError, match="summary_version_once"), transaction.atomic():
        SummaryFactory(
            pathway=pathway, accepted=True, version=2, state=SummaryState.SUPERSEDED, superseded_at=NOW
        )


def test_a_link_keeps_only_its_digest_and_ends(person):
    summary = SummaryFactory(accepted=True)

    share, token = services.share_summary(summary=summary, recipient=" Centre ", days=7, by=person, now=NOW)

    assert (share.recipient, share.token_digest) == ("Centre", rules.token_digest(token))
    assert token not in str(AuditEvent.objects.values_list("data", flat=True))
    assert services.read_shared(token=token, now=NOW + timedelta(days=6)) == summary
    assert services.read_shared(token=token, now=NOW + timedelta(days=7)) is None
    assert services.read_shared(token="autre", now=NOW) is None
    assert SummaryReading.objects.count() == 1


def test_a_revoked_link_opens_nothing(person):
    share = SummaryShareFactory(token="secret")

    for _ in range(2):
        services.revoke_share(share=share, by=person, now=NOW)

    assert selectors.share_by_token("secret", now=share.created_at) is None
    assert AuditEvent.objects.filter(action="operators.summary.share_revoked").count() == 1
    with pytest.raises(ProgrammingError), transaction.atomic():
        SummaryShare.objects.update(revoked_at=None)


def test_too_many_links_are_refused(person):
    summary = SummaryFactory(accepted=True)
    SummaryShareFactory.create_batch(rules.MOST_SHARES, summary=summary)

    with pytest.raises(errors.TooManyShares):
        services.share_summary(
            summary=summary, recipient="X", days=7, by=person, now=summary.shares.first().created_at
        )


def test_a_superseded_version_is_not_shared(person):
    summary = SummaryFactory(accepted=True, state=SummaryState.SUPERSEDED, superseded_at=NOW)

    with pytest.raises(errors.NotCurrent):
        services.share_summary(summary=summary, recipient="X", days=7, by=person, now=NOW)

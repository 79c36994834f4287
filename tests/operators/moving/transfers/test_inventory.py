"""What goes is what was shown and agreed to, nothing else; what is put back is the same there."""

from datetime import date, timedelta

import pytest

from cep_portal.accounts.models import AuditEvent
from cep_portal.documents.gateways import storage
from operators.casework.attachments.models import Attachment
from operators.casework.attachments.services import add_attachment
from operators.casework.notes.models import Note
from operators.casework.notes.selectors.content import content_of
from operators.casework.notes.services import write_note
from operators.casework.pathways.errors import OutcomeNotChosen, PathwayTransferred
from operators.casework.pathways.services import close_pathway
from operators.casework.plans.models import Action, Objective, TargetOccupation
from operators.casework.plans.services import tick_action
from operators.casework.referrals.services import ReferralFacts, send_referral
from operators.casework.summaries.services import start_summary
from operators.moving.transfers import rules
from operators.moving.transfers.models import TransferItem
from operators.moving.transfers.services import receive_transfer
from tests.clock import present
from tests.factories.attachments import clean_attachment
from tests.factories.notes import NoteFactory
from tests.factories.operators import CounsellingSessionFactory, PathwayFactory
from tests.factories.plans import ActionFactory, TargetOccupationFactory
from tests.factories.referrals import ReferralDoorFactory
from tests.factories.situations import SituationFactory
from tests.factories.summaries import SummaryFactory
from tests.factories.transfers import consented, prepared, received, sent

pytestmark = pytest.mark.django_db
NOW = present()
CANARY = "canari-des-notes"
KINDS = ["SITUATION", "SESSIONS", "PLAN", "SUMMARY", "FILE", "NOTES"]


@pytest.fixture
def full(pathway):
    """A pathway with one of everything that can go."""
    CounsellingSessionFactory(pathway=pathway)
    SituationFactory(pathway=pathway, starts_on=date(2026, 3, 2), status="JOB_SEEKER", profession="54")
    target = TargetOccupationFactory(plan__pathway=pathway)
    action = ActionFactory(objective__plan=target.plan, position=1, title="Écrire un CV")
    tick_action(action=action, by=pathway.adviser.user, now=NOW)
    ActionFactory(objective=action.objective, position=2, title="Appeler la région")
    ActionFactory(objective=action.objective, position=3, title="Abandonnée", state="DROPPED")
    SummaryFactory(pathway=pathway, accepted=True)
    clean_attachment(pathway=pathway, content=b"%PDF-1.7 cv")
    NoteFactory(pathway=pathway, text=CANARY)
    return pathway


def chosen(pathway):
    return [attachment.pk for attachment in pathway.attachments.all()]


def test_inventory_lists_each_thing_with_its_digest(full):
    transfer = prepared(pathway=full, files=chosen(full), now=NOW)

    items = list(transfer.items.order_by("position"))
    assert [item.kind for item in items] == KINDS
    assert all(item.sha256 == rules.fingerprint(item.kind, item.title, item.content) for item in items)
    assert transfer.inventory_sha256 == rules.inventory_fingerprint(item.sha256 for item in items)


def test_only_chosen_files_are_proposed(full):
    assert not prepared(pathway=full, now=NOW).items.filter(kind="FILE").exists()


def test_no_word_of_a_note_is_in_the_inventory_nor_in_the_journal(full, receiver):
    received(pathway=full, adviser=receiver, files=chosen(full), now=NOW)

    assert CANARY not in str(list(TransferItem.objects.values()))
    assert CANARY not in str(list(AuditEvent.objects.values()))


def test_empty_pathway_has_an_empty_inventory(pathway):
    assert prepared(pathway=pathway, now=NOW).items.count() == 0


def test_everything_agreed_is_put_back(full, receiver):
    there = received(pathway=full, adviser=receiver, files=chosen(full), now=NOW).received_in

    assert list(
        Action.objects.filter(objective__plan__pathway=there)
        .order_by("position")
        .values_list("title", "state")
    ) == [("Écrire un CV", "DONE"), ("Appeler la région", "TO_DO")]
    assert TargetOccupation.objects.filter(plan__pathway=there).count() == 1
    assert [content_of(note).text for note in Note.objects.filter(pathway=there)] == [CANARY]
    assert sorted(there.attachments.values_list("file_name", "state")) == [
        ("cv.pdf", "HELD"),
        ("synthese.pdf", "HELD"),
    ]


def test_situation_goes_on_with_its_day_and_without_its_history(full, receiver):
    there = received(pathway=full, adviser=receiver, agreed=["SITUATION"], now=NOW).received_in

    situation = there.situations.get()
    assert (
        situation.starts_on,
        situation.ends_on,
        situation.status,
        situation.profession,
        situation.reasons,
    ) == (
        date(2026, 3, 2),
        None,
        "JOB_SEEKER",
        "54",
        ["CHANGE_JOB"],
    )
    assert (situation.recorded_at, situation.recorded_by) == (NOW, receiver.user)


def test_situation_known_there_already_stays(full, receiver):
    known = PathwayFactory(beneficiary=full.beneficiary, adviser=receiver)
    SituationFactory(pathway=known, status="IN_TRAINING")

    there = received(pathway=full, adviser=receiver, agreed=["SITUATION"], now=NOW).received_in

    assert there == known
    assert [situation.status for situation in there.situations.all()] == ["IN_TRAINING"]


def test_nothing_not_agreed_is_put_back(full, receiver):
    transfer = received(pathway=full, adviser=receiver, files=chosen(full), agreed=["SESSIONS"], now=NOW)

    there = transfer.received_in
    assert not Objective.objects.filter(plan__pathway=there).exists()
    assert not Note.objects.filter(pathway=there).exists()
    assert not there.attachments.exists()
    assert not there.summaries.exists()
    assert not there.sessions.exists()
    assert not there.situations.exists()


def test_file_is_a_copy_of_its_own(full, receiver):
    transfer = received(pathway=full, adviser=receiver, files=chosen(full), agreed=["FILE"], now=NOW)

    former, copy = full.attachments.get(), transfer.received_in.attachments.get()
    assert (copy.sha256, copy.added_by) == (former.sha256, former.added_by)
    assert copy.path != former.path
    assert storage.read(copy.path) == storage.read(former.path)


def test_file_taken_back_before_reception_does_not_go(full, receiver):
    waiting = sent(pathway=full, files=chosen(full), agreed=["FILE"], now=NOW)
    Attachment.objects.update(state="REMOVED", removed_at=NOW, path="")

    transfer = receive_transfer(transfer=waiting, adviser=receiver, by=receiver.user, now=NOW)

    assert not transfer.received_in.attachments.exists()


def test_note_keeps_its_author_and_is_sealed_under_its_own_row(full, receiver):
    there = received(pathway=full, adviser=receiver, agreed=["NOTES"], now=NOW).received_in

    former, copy = Note.objects.get(pathway=full), Note.objects.get(pathway=there)
    assert (copy.author, copy.written_at) == (former.author, former.written_at)
    assert bytes(copy.sealed) != bytes(former.sealed)


def test_what_is_written_after_the_consent_does_not_go(full, receiver):
    consented(pathway=full, agreed=["NOTES"], now=NOW)
    transfer = full.transfers.get()
    write_note(
        pathway=full,
        content=content_of(Note.objects.get()),
        author=full.adviser,
        now=NOW + timedelta(minutes=1),
    )

    assert len(transfer.items.get(kind="NOTES").content["facts"]["notes"]) == 1


def test_nothing_is_added_to_a_pathway_that_went_elsewhere(full, receiver):
    received(pathway=full, adviser=receiver, now=NOW)
    by, facts = full.adviser.user, {"pathway": full, "now": NOW}
    content = content_of(Note.objects.filter(pathway=full).get())
    action = Action.objects.filter(objective__plan__pathway=full, state="TO_DO").get()

    with pytest.raises(PathwayTransferred):
        write_note(content=content, author=full.adviser, **facts)
    with pytest.raises(PathwayTransferred):
        add_attachment(name="a.pdf", content=b"%PDF-1.7 new\n%%EOF", by=by, **facts)
    with pytest.raises(PathwayTransferred):
        start_summary(by=by, **facts)
    with pytest.raises(PathwayTransferred):
        tick_action(action=action, by=by, now=NOW)
    with pytest.raises(PathwayTransferred):
        send_referral(
            door=ReferralDoorFactory(),
            facts=ReferralFacts(reason="RIGHTS", note="", shares=(), shown=""),
            consented=True,
            by=by,
            **facts,
        )


def test_only_a_reception_closes_as_transferred(pathway):
    with pytest.raises(OutcomeNotChosen):
        close_pathway(pathway=pathway, outcome="TRANSFERRED", by=pathway.adviser.user, now=NOW)

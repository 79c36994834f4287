"""A person goes to another operator: agreed to item by item, received whole or not at all, counted once."""

from datetime import timedelta

import pytest

from cep_portal.accounts.models import AuditEvent
from cep_portal.messaging.models import Message
from operators.booking.agenda.enums import AppointmentState, CancelledBy
from operators.casework.pathways.enums import ClosingOutcome, PathwayState
from operators.casework.pathways.models import Pathway
from operators.moving.transfers.enums import ConsentWay, RefusalReason, TransferState, WithdrawnBy
from operators.moving.transfers.errors import (
    AdviserUnfit,
    AlreadyPrepared,
    ConsentMissing,
    InventoryChanged,
    NobodyThere,
    NotStartedYet,
    PathwayNotOpen,
    SameContract,
    TransferOver,
)
from operators.moving.transfers.models import Transfer
from operators.moving.transfers.services import (
    consent_to_transfer,
    expire_transfers,
    prepare_transfer,
    receive_transfer,
    refuse_transfer,
    send_transfer,
    withdraw_transfer,
)
from procurement.contracts.models import Contract
from tests.clock import moved_day, present
from tests.factories.operators import (
    MONDAY_NINE,
    AdviserFactory,
    AppointmentFactory,
    CounsellingSessionFactory,
    PathwayFactory,
)
from tests.factories.territories import CommuneFactory
from tests.factories.transfers import consented, prepared, received, sent
from tests.messages import composed

pytestmark = pytest.mark.django_db
NOW = present()
LATER = NOW + timedelta(hours=1)


def actions():
    return list(AuditEvent.objects.order_by("pk").values_list("action", flat=True))


def consent(transfer, **changes):
    return consent_to_transfer(
        **{
            "transfer": transfer,
            "shown": transfer.inventory_sha256,
            "agreed": set(),
            "kept": set(),
            "consented": True,
            "way": ConsentWay.LINK,
            "by": None,
            "now": LATER,
            **changes,
        }
    )


def test_preparing_goes_to_the_operator_of_the_place_and_asks_the_person(pathway, receiver):
    transfer = prepared(pathway=pathway, now=NOW)

    assert (transfer.state, transfer.contract) == (TransferState.PREPARED, receiver.site.contract)
    assert transfer.expires_at == NOW + timedelta(days=30)
    message = composed(Message.objects.get(channel="EMAIL"))
    assert (message.recipient, message.subject) == (
        "maelle@exemple.example",
        "Votre conseiller attend votre réponse",
    )
    assert receiver.site.contract.holder.name not in message.body
    assert "operators.transfer.prepared" in actions()


def test_preparing_refuses_a_place_that_is_already_ours(pathway):
    ours = CommuneFactory()

    with pytest.raises(SameContract):
        prepare_transfer(pathway=pathway, commune=ours, reason="MOVED", by=pathway.adviser.user, now=NOW)


def test_preparing_refuses_a_place_where_nobody_receives(pathway):
    with pytest.raises(NobodyThere):
        prepare_transfer(
            pathway=pathway,
            commune=CommuneFactory(reunion=True),
            reason="MOVED",
            by=pathway.adviser.user,
            now=NOW,
        )


def test_one_transfer_of_a_pathway_runs_at_a_time(pathway):
    prepared(pathway=pathway, now=NOW)

    with pytest.raises(AlreadyPrepared):
        prepared(pathway=pathway, now=LATER)


def test_closed_pathway_is_not_transferred(pathway):
    Pathway.objects.update(state=PathwayState.CLOSED, closed_at=NOW, outcome=ClosingOutcome.NEED_MET)

    with pytest.raises(PathwayNotOpen):
        prepared(pathway=pathway, now=NOW)


def test_consent_keeps_its_words_version_way_and_instant(pathway, receiver):
    transfer = consent(prepared(pathway=pathway, now=NOW))

    assert transfer.state == TransferState.CONSENTED
    assert receiver.site.contract.holder.name in transfer.consent_wording
    assert (transfer.consent_version, transfer.consent_way, transfer.consented_at) == (1, "LINK", LATER)


def test_consent_is_given_item_by_item(pathway):
    CounsellingSessionFactory(pathway=pathway)
    transfer = prepared(pathway=pathway, now=NOW)
    (item,) = transfer.items.all()

    consent(transfer, agreed={item.pk})

    item.refresh_from_db()
    assert item.is_agreed is True


def test_consent_of_another_inventory_or_without_the_tick_is_refused(pathway):
    transfer = prepared(pathway=pathway, now=NOW)

    with pytest.raises(InventoryChanged):
        consent(transfer, shown="0" * 64)
    with pytest.raises(ConsentMissing):
        consent(transfer, consented=False)
    transfer.refresh_from_db()
    assert transfer.state == TransferState.PREPARED


def test_nothing_is_sent_without_consent(pathway):
    with pytest.raises(TransferOver):
        send_transfer(transfer=prepared(pathway=pathway, now=NOW), by=pathway.adviser.user, now=LATER)


def test_nothing_is_received_before_it_is_sent(pathway, receiver):
    transfer = consented(pathway=pathway, now=NOW)

    with pytest.raises(TransferOver):
        receive_transfer(transfer=transfer, adviser=receiver, by=receiver.user, now=LATER)


def test_reception_goes_on_with_one_entry_and_closes_the_former(pathway, receiver):
    CounsellingSessionFactory(pathway=pathway)

    transfer = received(pathway=pathway, adviser=receiver, now=NOW)

    pathway.refresh_from_db()
    there = transfer.received_in
    assert (pathway.state, pathway.outcome) == (PathwayState.CLOSED, ClosingOutcome.TRANSFERRED)
    assert (there.continues, there.adviser, there.contract) == (pathway, receiver, receiver.site.contract)
    assert (there.beneficiary, there.region.code) == (pathway.beneficiary, "44")
    assert there.service_request is None
    assert [action for action in actions() if "pathway" in action or "transfer" in action] == [
        "operators.transfer.prepared",
        "operators.transfer.consented",
        "operators.transfer.sent",
        "operators.pathway.continued",
        "operators.pathway.closed",
        "operators.transfer.received",
    ]


def test_reception_is_told_to_the_person_with_who_follows(pathway, receiver):
    received(pathway=pathway, adviser=receiver, now=NOW)

    message = composed(Message.objects.get(key__startswith="transfer-received", channel="EMAIL"))
    assert message.subject == "Un changement d’interlocuteur"
    assert receiver.user.full_name in message.body


def test_person_already_followed_there_keeps_that_pathway(pathway, receiver):
    known = PathwayFactory(adviser=receiver, beneficiary=pathway.beneficiary)

    transfer = received(pathway=pathway, adviser=receiver, now=NOW)

    assert transfer.received_in == known
    assert Pathway.objects.filter(contract=known.contract).count() == 1


def test_reception_by_another_team_or_before_the_contract_is_refused(pathway, receiver):
    transfer = sent(pathway=pathway, now=NOW)

    with pytest.raises(AdviserUnfit):
        receive_transfer(transfer=transfer, adviser=AdviserFactory(), by=receiver.user, now=LATER)
    Contract.objects.filter(pk=transfer.contract_id).update(starts_on=moved_day("2027-01-01"))
    with pytest.raises(NotStartedYet):
        receive_transfer(transfer=transfer, adviser=receiver, by=receiver.user, now=LATER)


def test_pathway_closed_meanwhile_is_not_received(pathway, receiver):
    transfer = sent(pathway=pathway, now=NOW)
    Pathway.objects.update(state=PathwayState.CLOSED, closed_at=NOW, outcome=ClosingOutcome.STOPPED)

    with pytest.raises(PathwayNotOpen):
        receive_transfer(transfer=transfer, adviser=receiver, by=receiver.user, now=LATER)


def test_appointments_are_kept_or_cancelled_as_the_person_chose(pathway, receiver):
    kept, dropped = (
        AppointmentFactory(
            adviser=pathway.adviser,
            beneficiary=pathway.beneficiary,
            starts_at=MONDAY_NINE + timedelta(days=n),
        )
        for n in range(2)
    )

    received(pathway=pathway, adviser=receiver, kept=[kept], now=NOW)

    kept.refresh_from_db()
    dropped.refresh_from_db()
    assert kept.state == AppointmentState.BOOKED
    assert (dropped.state, dropped.cancelled_by) == (AppointmentState.CANCELLED, CancelledBy.PERSON)


def test_refusal_says_why_and_changes_nothing(pathway, receiver):
    transfer = refuse_transfer(
        transfer=sent(pathway=pathway, now=NOW),
        reason=RefusalReason.NOT_ENOUGH,
        by=receiver.user,
        now=LATER,
    )

    pathway.refresh_from_db()
    assert (transfer.state, transfer.refusal) == (TransferState.REFUSED, RefusalReason.NOT_ENOUGH)
    assert pathway.state == PathwayState.OPEN
    message = composed(Message.objects.get(key__startswith="transfer-ended", channel="EMAIL"))
    assert message.subject == "Votre interlocuteur reste le même"
    assert "operators.transfer.refused" in actions()


def test_who_stays_is_who_followed_the_person_at_the_act(pathway, receiver):
    follower, transfer = pathway.adviser, sent(pathway=pathway, now=NOW)
    refuse_transfer(transfer=transfer, reason=RefusalReason.NOT_ENOUGH, by=receiver.user, now=LATER)
    Pathway.objects.filter(pk=pathway.pk).update(adviser=AdviserFactory(site=follower.site))

    message = composed(Message.objects.get(key__startswith="transfer-ended", channel="EMAIL"))

    assert f"{follower.user.full_name} reste votre interlocuteur" in message.body


@pytest.mark.parametrize("state", [prepared, consented, sent])
def test_person_takes_the_consent_back_until_reception(pathway, state):
    transfer = withdraw_transfer(
        transfer=state(pathway=pathway, now=NOW), who=WithdrawnBy.PERSON, by=None, now=LATER
    )

    assert (transfer.state, transfer.withdrawn_by) == (TransferState.WITHDRAWN, WithdrawnBy.PERSON)
    assert prepared(pathway=pathway, now=LATER).state == TransferState.PREPARED


def test_nothing_is_taken_back_once_received(pathway, receiver):
    transfer = received(pathway=pathway, adviser=receiver, now=NOW)

    with pytest.raises(TransferOver):
        withdraw_transfer(transfer=transfer, who=WithdrawnBy.PERSON, by=None, now=LATER)


def test_delay_over_ends_it_and_nobody_receives(pathway, receiver):
    transfer = sent(pathway=pathway, now=NOW)
    over = NOW + timedelta(days=30)

    with pytest.raises(TransferOver):
        receive_transfer(transfer=transfer, adviser=receiver, by=receiver.user, now=over)
    assert (expire_transfers(now=over), expire_transfers(now=over)) == (1, 0)
    assert Transfer.objects.get().state == TransferState.EXPIRED

"""A consent taken back, a reception and a refusal at one instant: one of them is, the others are told."""

from collections import Counter
from datetime import timedelta

import pytest

from operators.casework.pathways.enums import PathwayState
from operators.casework.pathways.models import Pathway
from operators.moving.transfers.enums import RefusalReason, TransferState, WithdrawnBy
from operators.moving.transfers.models import Transfer
from operators.moving.transfers.services import (
    prepare_transfer,
    receive_transfer,
    refuse_transfer,
    withdraw_transfer,
)
from tests.clock import present
from tests.factories.operators import AppointmentFactory, PathwayFactory
from tests.factories.territories import CommuneFactory
from tests.factories.transfers import receiving_adviser, sent

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
NOW = present()
LATER = NOW + timedelta(hours=1)
ROUNDS = 8


def test_consent_taken_back_while_it_is_received_is_one_or_the_other(race):
    receiver = receiving_adviser()
    for _ in range(ROUNDS):
        pathway = PathwayFactory()
        AppointmentFactory(
            adviser=pathway.adviser,
            beneficiary=pathway.beneficiary,
            service_request=pathway.service_request,
        )
        transfer = sent(pathway=pathway, now=NOW)

        outcomes = race(
            lambda asked=transfer: receive_transfer(
                transfer=asked, adviser=receiver, by=receiver.user, now=LATER
            ),
            lambda asked=transfer: receive_transfer(
                transfer=asked, adviser=receiver, by=receiver.user, now=LATER
            ),
            lambda asked=transfer: withdraw_transfer(
                transfer=asked, who=WithdrawnBy.PERSON, by=None, now=LATER
            ),
            lambda asked=transfer: refuse_transfer(
                transfer=asked, reason=RefusalReason.NOT_HERE, by=receiver.user, now=LATER
            ),
        )

        assert outcomes == Counter(done=1, TransferOver=3)
        transfer.refresh_from_db()
        pathway.refresh_from_db()
        received = transfer.state == TransferState.RECEIVED
        assert (pathway.state == PathwayState.CLOSED) == received
        assert Pathway.objects.filter(continues=pathway).count() == int(received)


def test_two_tabs_prepare_one_transfer(race):
    receiving_adviser()
    place = CommuneFactory(strasbourg=True)
    for _ in range(ROUNDS):
        pathway = PathwayFactory()

        outcomes = race(
            *[
                lambda asked=pathway: prepare_transfer(
                    pathway=asked, commune=place, reason="MOVED", by=asked.adviser.user, now=NOW
                )
            ]
            * 4
        )

        assert outcomes == Counter(done=1, AlreadyPrepared=3)
    assert Transfer.objects.count() == ROUNDS

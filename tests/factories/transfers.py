"""Transfers between two operators, brought to each state by the services: no row skips a step."""

from datetime import datetime, timedelta

from django.utils import timezone

from operators.casework.pathways.models import Pathway
from operators.moving.transfers.enums import ConsentWay, TransferReason
from operators.moving.transfers.models import Transfer
from operators.moving.transfers.services import (
    consent_to_transfer,
    prepare_transfer,
    receive_transfer,
    send_transfer,
)
from operators.network.models import Adviser
from tests.factories.operators import AdviserFactory, PathwayFactory, SiteFactory
from tests.factories.procurement import ContractFactory
from tests.factories.territories import CommuneFactory, RegionFactory


def receiving_adviser() -> Adviser:
    """An adviser of the operator in charge of Strasbourg."""
    contract = ContractFactory(lot__regions=[RegionFactory(grand_est=True)])
    return AdviserFactory(site=SiteFactory(contract=contract, commune=CommuneFactory(strasbourg=True)))


def prepared(
    *, pathway: Pathway | None = None, now: datetime | None = None, files=(), commune=None
) -> Transfer:
    """From Rennes to Strasbourg, where somebody must receive: see receiving_adviser."""
    pathway = pathway or PathwayFactory()
    return prepare_transfer(
        pathway=pathway,
        commune=commune or CommuneFactory(strasbourg=True),
        reason=TransferReason.MOVED,
        files=files,
        by=pathway.adviser.user,
        now=now or timezone.now() - timedelta(hours=1),
    )


def consented(*, agreed=None, kept=(), now: datetime | None = None, **facts) -> Transfer:
    """Agreed to: every item, unless `agreed` gives the kinds."""
    transfer = prepared(now=now, **facts)
    items = transfer.items.all() if agreed is None else transfer.items.filter(kind__in=agreed)
    return consent_to_transfer(
        transfer=transfer,
        shown=transfer.inventory_sha256,
        agreed={item.pk for item in items},
        kept={row.pk for row in kept},
        consented=True,
        way=ConsentWay.SPACE,
        by=None,
        now=transfer.prepared_at,
    )


def sent(**facts) -> Transfer:
    transfer = consented(**facts)
    return send_transfer(transfer=transfer, by=transfer.pathway.adviser.user, now=transfer.prepared_at)


def received(*, adviser: Adviser, **facts) -> Transfer:
    transfer = sent(**facts)
    return receive_transfer(transfer=transfer, adviser=adviser, by=adviser.user, now=transfer.prepared_at)

"""People of the named adviser who go to another operator, and some who come, by the services of real ones."""

from collections.abc import Callable
from datetime import datetime, timedelta

from cep_portal.demo.dataset.accounts import acting
from operators.casework.pathways.enums import PathwayState
from operators.casework.pathways.models import Pathway
from operators.moving.transfers.enums import ConsentWay, ItemKind, TransferReason
from operators.moving.transfers.models import Transfer
from operators.moving.transfers.services import (
    consent_to_transfer,
    prepare_transfer,
    receive_transfer,
    send_transfer,
)
from operators.network.models import Adviser

DAY = timedelta(days=1)
STEPS = {"prepared": 0, "consented": 1, "sent": 2, "received": 3}
LEAVING = ("prepared", "consented", "sent", "received")
COMING = ("sent", "received")
TICKED = (ItemKind.SITUATION, ItemKind.SESSIONS, ItemKind.PLAN, ItemKind.SUMMARY)


def build_transfers(*, now: datetime, tell: Callable[[str], None] = lambda _: None) -> None:
    """Four who leave, one at each step; two who come, one still to be received."""
    user = acting("conseil@operateurs.example")
    adviser = Adviser.objects.select_related("user", "site__commune__department").get(user=user)
    adviser.user = user
    other = _elsewhere(adviser)
    if other is None:
        return
    for former, receiver, states in ((adviser, other, LEAVING), (other, adviser, COMING)):
        for pathway, state in zip(_followed(former, len(states)), states, strict=False):
            _lead(pathway, former, receiver, until=STEPS[state], now=now)
    tell("transferts")


def _elsewhere(adviser: Adviser) -> Adviser | None:
    """An adviser of the operator of another region."""
    others = Adviser.objects.filter(is_active=True).exclude(
        site__commune__department__region=adviser.site.commune.department.region_id
    )
    others = others.exclude(site__contract=adviser.site.contract_id)
    other = others.select_related("user", "site__commune__department").order_by("pk").first()
    return other if other and _followed(other, 1) else None


def _followed(adviser: Adviser, most: int) -> list[Pathway]:
    own = Pathway.objects.filter(adviser=adviser, state=PathwayState.OPEN, beneficiary__user=None)
    return list(own.select_related("beneficiary").order_by("-entered_on", "-pk")[:most])


def _lead(pathway: Pathway, former: Adviser, receiver: Adviser, *, until: int, now: datetime) -> None:
    transfer = prepare_transfer(
        pathway=pathway,
        commune=receiver.site.commune,
        reason=TransferReason.MOVED,
        by=former.user,
        now=now - 4 * DAY,
    )
    if until >= STEPS["consented"]:
        transfer = _agree(transfer, now=now - 3 * DAY)
    if until >= STEPS["sent"]:
        transfer = send_transfer(transfer=transfer, by=former.user, now=now - 2 * DAY)
    if until >= STEPS["received"]:
        receive_transfer(transfer=transfer, adviser=receiver, by=receiver.user, now=now)


def _agree(transfer: Transfer, *, now: datetime) -> Transfer:
    agreed = transfer.items.filter(kind__in=TICKED)
    return consent_to_transfer(
        transfer=transfer,
        shown=transfer.inventory_sha256,
        agreed={item.pk for item in agreed},
        kept=(),
        consented=True,
        way=ConsentWay.LINK,
        by=None,
        now=now,
    )

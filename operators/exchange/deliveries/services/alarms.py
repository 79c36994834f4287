"""The legal clock told to both sides, once at each term (R6111-5, II)."""

from datetime import datetime, timedelta

from django.db import transaction
from django.template.loader import render_to_string

from cep_portal.accounts.enums import Role
from cep_portal.accounts.models import Mandate
from cep_portal.accounts.services import record
from cep_portal.common.links import portal_link
from cep_portal.messaging.enums import MessageKind
from cep_portal.messaging.services import enqueue_message
from operators.exchange.deliveries import selectors
from operators.exchange.deliveries.models import SupplyAlarm


def raise_supply_alarms(*, now: datetime) -> int:
    """Tell operators silent for 30, 90 or 150 days, and who follows contracts; returns the new alarms.

    An alarm already given for the same silence is not given again; a term passed while nothing ran is given
    by the highest one only. Each operator is a transaction of its own.
    """
    return sum(_raise(supply, now=now) for supply in selectors.supplies(now=now))


@transaction.atomic
def _raise(supply: selectors.Supply, *, now: datetime) -> bool:
    days = supply.clock.alarm
    if days is None:
        return False
    alarm, is_new = SupplyAlarm.objects.get_or_create(
        organisation=supply.organisation,
        since_on=supply.clock.since_on,
        days=days,
        defaults={"raised_at": now},
    )
    if not is_new:
        return False
    record(action="operators.supply.alarm", target=supply.organisation, by=None, data={"days": days}, now=now)
    today = supply.clock.on
    managers = Mandate.objects.active(today).filter(
        role=Role.OPERATOR_MANAGER, organisation=supply.organisation, user__is_active=True
    )
    followers = Mandate.objects.active(today).filter(role=Role.CONTRACT_MANAGER, user__is_active=True)
    for page, mandates in (("delivery_list", managers), ("supply", followers)):
        for mandate in mandates.select_related("user").order_by("pk"):
            _tell(alarm, supply, mandate, page, now=now)
    return True


def _tell(
    alarm: SupplyAlarm, supply: selectors.Supply, mandate: Mandate, page: str, *, now: datetime
) -> None:
    body = render_to_string(
        "operators/exchange/deliveries/mail/alarm.txt",
        {"supply": supply, "clock": supply.clock, "link": portal_link(f"operators:{page}")},
    )
    enqueue_message(
        key=f"supply-{alarm.pk}-{mandate.user_id}",
        recipient=mandate.user.email,
        subject=f"{alarm.days} jours sans donnée",
        body=body,
        kind=MessageKind.STAFF,
        lifetime=timedelta(days=3),
        now=now,
    )

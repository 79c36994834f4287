from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.template.loader import render_to_string

from cep_portal.accounts.models import User
from cep_portal.common.links import portal_link
from cep_portal.messaging.enums import MessageKind
from cep_portal.messaging.services import enqueue_message
from operators.booking.agenda.models import OpeningRule
from operators.booking.agenda.services import open_hours
from operators.network.models import Adviser, Site
from operators.network.selectors import DAYS


@transaction.atomic
def open_for_adviser(
    *,
    adviser: Adviser,
    site: Site,
    weekday: int,
    opens: time,
    closes: time,
    every_weeks: int,
    first_on: date,
    last_on: date | None,
    levels: list[str],
    modes: list[str],
    slot_minutes: int,
    buffer_minutes: int,
    by: User,
    now: datetime,
) -> OpeningRule:
    """Open hours of a week day for somebody of the team, who is told at once and may end them.

    Raises OpeningInvalid as open_hours. A request for slots that they meet closes by itself.
    """
    opened = open_hours(
        adviser=adviser,
        site=site,
        weekday=weekday,
        opens=opens,
        closes=closes,
        every_weeks=every_weeks,
        first_on=first_on,
        last_on=last_on,
        levels=levels,
        modes=modes,
        slot_minutes=slot_minutes,
        buffer_minutes=buffer_minutes,
        by=by,
        now=now,
    )
    link = portal_link("operators:opening_list")
    enqueue_message(
        key=f"opened-for-{opened.pk}",
        recipient=adviser.user.email,
        subject="De nouvelles heures dans votre agenda",
        body=render_to_string(
            "operators/booking/supervision/mail/opened.txt",
            {"opened": opened, "day": DAYS[weekday - 1], "by": by, "link": link},
        ),
        kind=MessageKind.STAFF,
        lifetime=timedelta(days=3),
        now=now,
    )
    return opened

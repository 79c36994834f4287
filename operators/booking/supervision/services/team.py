from datetime import datetime, timedelta

from django.db import transaction
from django.template.loader import render_to_string

from cep_portal.accounts.models import User
from cep_portal.common.links import portal_link
from cep_portal.messaging.enums import MessageKind
from cep_portal.messaging.services import enqueue_message
from operators.booking.agenda.models import OpeningRule
from operators.booking.agenda.services import OpeningHours, open_hours
from operators.network.models import Adviser
from operators.network.selectors import DAYS


@transaction.atomic
def open_for_adviser(*, adviser: Adviser, hours: OpeningHours, by: User, now: datetime) -> OpeningRule:
    """Open hours of a week day for somebody of the team, who is told at once and may end them.

    Raises OpeningInvalid as open_hours. A request for slots that they meet closes by itself.
    """
    opened = open_hours(
        adviser=adviser,
        hours=OpeningHours(
            site=hours.site,
            weekday=hours.weekday,
            opens=hours.opens,
            closes=hours.closes,
            every_weeks=hours.every_weeks,
            first_on=hours.first_on,
            last_on=hours.last_on,
            levels=hours.levels,
            modes=hours.modes,
            slot_minutes=hours.slot_minutes,
            buffer_minutes=hours.buffer_minutes,
        ),
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
            {"opened": opened, "day": DAYS[hours.weekday - 1], "by": by, "link": link},
        ),
        kind=MessageKind.STAFF,
        lifetime=timedelta(days=3),
        now=now,
    )
    return opened

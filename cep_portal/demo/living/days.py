"""One day after another, up to today: each is lived once, whole or not at all."""

from datetime import date, timedelta

from django.conf import settings
from django.db import connection, transaction

from cep_portal.demo.dataset.accounts import ADVISER
from cep_portal.demo.dataset.clock import start_of
from cep_portal.demo.dataset.requests import last_day_lived, lay_requests
from cep_portal.demo.living.ahead import fill_ahead
from cep_portal.demo.living.fates import root
from cep_portal.demo.living.past import answer_surveys, play_past
from operators.network.models import Adviser

LIVING_LOCK = 20240105


def live_until(today: date) -> list[date]:
    """Live each day since the last one lived; the days lived. Nothing where there is no demonstration.

    The same days for the same data, whatever the hour and however many at once; a second call does nothing.
    """
    days = []
    while (day := _live_next(today)) is not None:
        days.append(day)
    return days


@transaction.atomic
def _live_next(today: date) -> date | None:
    """The day after the last one lived begins: the day before is played, the agenda moves on."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LIVING_LOCK])
    last = last_day_lived()
    if last is None or last >= today:
        return None
    day = last + timedelta(days=1)
    seed = root()
    named = Adviser.objects.select_related("site__contract", "site__commune").get(user__email=ADVISER)
    play_past(until=start_of(day), root=seed, learner=named if settings.PORTAL_TRAINING else None)
    answer_surveys(until=start_of(day), root=seed)
    fill_ahead(day=day, root=seed, named=named)
    lay_requests(site=named.site, day=day)
    return day

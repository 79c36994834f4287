from collections.abc import Callable
from datetime import date, timedelta

from cep_portal.accounts.models import User
from cep_portal.common.pasts import told_at
from cep_portal.demo.dataset.build import build
from cep_portal.demo.dataset.clock import start_of
from cep_portal.demo.dataset.deliveries import build_deliveries
from cep_portal.demo.dataset.dossier import build_dossiers
from cep_portal.demo.dataset.duplicates import build_duplicates
from cep_portal.demo.dataset.extracts import build_extracts
from cep_portal.demo.dataset.plans import build_plans
from cep_portal.demo.dataset.road import build_road
from cep_portal.demo.dataset.scale import Scale
from cep_portal.demo.dataset.situations import build_situations
from cep_portal.demo.dataset.software import build_software
from cep_portal.demo.dataset.steering import build_steering
from cep_portal.demo.dataset.team import build_team
from cep_portal.demo.dataset.transfers import build_transfers
from cep_portal.demo.dataset.webhooks import build_webhooks
from operators.booking.supervision.services import measure_delays

# After the history, before its figures; a new builder is one more line.
BUILDERS = (
    *(build_road, build_dossiers, build_situations, build_extracts, build_plans, build_team),
    build_deliveries,
    build_software,
    build_transfers,
    build_webhooks,
    build_duplicates,
)
# What people did by hand, they did at 19:00 at the latest: nobody works at midnight.
EVENING = timedelta(hours=5)


def build_whole(scale: Scale, *, day: date, tell: Callable[[str], None] = lambda _: None) -> dict[str, int]:
    """Every builder in its order, on the reference data in place; returns rows by table.

    The demonstration and the training place are both made here, each with its own scale. A day's own hours
    are still to come, whatever the hour of the build: what they hold is booked, then to be logged. Figures
    come last, so that the first night finds them as they are.
    """
    now = start_of(day)
    with told_at(now - EVENING):
        counts = build(scale, day=day, tell=tell)
        for build_more in BUILDERS:
            build_more(now=now - EVENING, tell=tell)
    tell("délais")
    measure_delays(now=now, whatever_the_hour=True)
    build_steering(scale=scale, now=now, tell=tell)
    User.objects.filter(joined_at__gt=now).update(joined_at=now)
    return counts

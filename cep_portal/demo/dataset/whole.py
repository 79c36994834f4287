from collections.abc import Callable
from datetime import datetime

from cep_portal.demo.dataset.build import build
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

# After the history and its figures; a new builder is one more line.
BUILDERS = (
    *(build_road, build_dossiers, build_situations, build_extracts, build_plans, build_team),
    build_deliveries,
    build_software,
    build_transfers,
    build_webhooks,
    build_duplicates,
)


def build_whole(
    scale: Scale, *, now: datetime, tell: Callable[[str], None] = lambda _: None
) -> dict[str, int]:
    """Every builder in its order, on the reference data in place; returns rows by table.

    The demonstration and the training place are both made here, each with its own scale.
    """
    counts = build(scale, now=now, tell=tell)
    build_steering(scale=scale, now=now, tell=tell)
    for build_more in BUILDERS:
        build_more(now=now, tell=tell)
    measure_delays(now=now, whatever_the_hour=True)
    return counts

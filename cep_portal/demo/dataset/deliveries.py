"""What the named operator's own software sent: a file taken whole, and a trial with lines to mend."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from itertools import count

from cep_portal.accounts.models import User
from cep_portal.demo.dataset.accounts import acting
from operators.casework.pathways.models import CounsellingSession
from operators.exchange.deliveries.rules.columns import NAMES
from operators.exchange.deliveries.services import send_delivery, take_delivery
from operators.network.models import Adviser

LINES = 40
WRONG = {
    6: {"niveau": "TROIS"},
    17: {"duree_minutes": "mille"},
    31: {"conseiller": "nul@exemple.example"},
}


def build_deliveries(*, now: datetime, tell: Callable[[str], None] = lambda _: None) -> None:
    """Sessions of the last weeks, sent last month and yesterday. Same content for a same day."""
    adviser = Adviser.objects.select_related("site__contract", "user").get(
        user__email="conseil@operateurs.example"
    )
    manager = acting("responsable@operateurs.example")
    sent = (now - timedelta(days=33), now - timedelta(days=1))
    _send(adviser, "seances-reprises.csv", {}, by=manager, now=sent[0], is_trial=False)
    _send(adviser, "essai-du-mois.csv", WRONG, by=manager, now=sent[1], is_trial=True)
    tell("remontées de fichiers")


def _send(
    adviser: Adviser, name: str, wrong: dict[int, dict], *, by: User, now: datetime, is_trial: bool
) -> None:
    hours = _free_hours(adviser, now - timedelta(days=14))
    lines = [
        {**_line(adviser, name, number, next(hours)), **wrong.get(number, {})} for number in range(LINES)
    ]
    table = [NAMES, *([line.get(column, "") for column in NAMES] for line in lines)]
    delivery, _ = send_delivery(
        organisation=adviser.site.contract.holder,
        file_name=name,
        pieces=["".join(";".join(row) + "\n" for row in table).encode()],
        is_trial=is_trial,
        by=by,
        now=now,
    )
    take_delivery(delivery_id=delivery.pk, now=now)


def _free_hours(adviser: Adviser, first: datetime) -> Iterator[datetime]:
    """The hours of ten a day that the adviser's own sessions leave free, one after another."""
    start = first.replace(hour=7, minute=0, second=0, microsecond=0)
    held = CounsellingSession.objects.filter(adviser=adviser, starts_at__gte=start - timedelta(hours=5))
    taken = [(session.starts_at, session.ends_at) for session in held]
    for number in count():
        hour = start + timedelta(days=number // 10, hours=number % 10)
        if not any(begins < hour + timedelta(hours=1) and hour < ends for begins, ends in taken):
            yield hour


def _line(adviser: Adviser, name: str, number: int, starts: datetime) -> dict[str, str]:
    """A session in somebody's own software; at most one an hour."""
    return {
        "nature": "SEANCE",
        "id": f"{name[:5]}-S-{number}",
        "personne": f"P-{number}",
        "parcours": f"A-{number}",
        "date_heure": starts.isoformat(timespec="minutes"),
        "duree_minutes": "45",
        "lieu": adviser.site.slug,
        "conseiller": str(adviser.uuid),
        "niveau": "ONE",
        "modalite": "PHONE",
        "themes": "PROJECT",
        "suite": "PERSON_ACTS",
    }

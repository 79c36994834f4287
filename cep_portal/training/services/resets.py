"""The place as on its first day: emptied and built again in one transaction, or left as it was."""

from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.core.cache import cache
from django.db import connection, transaction

from beneficiaries.request.models import Beneficiary
from cep_portal.accounts.models import Organisation, User
from cep_portal.accounts.services import record
from cep_portal.common.days import local_day
from cep_portal.common.later import later
from cep_portal.common.task_names import TaskName
from cep_portal.demo.dataset.whole import build_whole
from cep_portal.territories.services import load_territories
from cep_portal.training import rules, selectors
from cep_portal.training.errors import PlaceBusy, TrainingOnly
from cep_portal.training.gateways import clock, progress
from cep_portal.training.models import TrainingPlace
from cep_portal.training.services import region
from operators.casework.plans.services import load_plan_reference
from operators.casework.referrals.services import load_doors
from procurement.contracts.services import load_contracts
from procurement.tender.reference import RULE_SETS
from procurement.tender.services import load_markets

KEPT = {"django_migrations", "django_content_type", "auth_permission"}
MARK = "lieu-d-entrainement"  # in the folder of files: without it no file is ever removed
REBUILD_LOCK = 20240104
Tell = Callable[[str], None]


def ask_reset(*, by: User) -> None:
    """Have the place put back to its first day by a worker; everybody is signed out.

    Raises TrainingOnly outside a training place, PlaceBusy while its clock moves or it is being rebuilt.
    """
    refuse_elsewhere()
    place = selectors.place()
    if place is None or place.moving_to is not None or progress.rebuilding() is not None:
        raise PlaceBusy("L’horloge avance, ou le lieu se reconstruit : attendez un instant.")
    if not rules.can_lead_place(by):
        raise TrainingOnly("Seul un responsable ou un administrateur remet le lieu à son premier jour.")
    progress.begin()
    later(TaskName.RESET_PLACE)


def open_place(*, tell: Tell = lambda _: None) -> bool:
    """Make an empty database a training place; False when it is one already.

    Raises TrainingOnly outside the settings of the place, and on a database that holds anything.
    """
    if not settings.PORTAL_TRAINING:
        raise TrainingOnly("Les réglages ne sont pas ceux d’un lieu d’entraînement.")
    if selectors.place() is not None:
        return False
    if User.objects.exists() or Organisation.objects.exists() or Beneficiary.objects.exists():
        raise TrainingOnly("La base n’est pas vide : elle ne devient pas un lieu d’entraînement.")
    alone = not any(path.is_file() for path in Path(settings.MEDIA_ROOT).rglob("*"))
    _rebuild(tell)
    if alone:
        _mark_files()
    return True


def reset_place(*, tell: Tell = lambda _: None) -> None:
    """Empty the place and build its first day again, then remove the files of before.

    All or nothing: a failure leaves the place as it was. Raises TrainingOnly outside a training place.
    """
    refuse_elsewhere()
    progress.begin()
    try:
        before = _files()
        _rebuild(lambda text: (progress.tell(text), tell(text)))
        _remove(before)
        cache.clear()  # what pages kept of the place as it was
    finally:
        progress.end()


def refuse_elsewhere() -> None:
    """Two walls: the settings of the place, and the row that only a place has."""
    if not settings.PORTAL_TRAINING:
        raise TrainingOnly("Les réglages ne sont pas ceux d’un lieu d’entraînement : rien n’est effacé.")
    if selectors.place() is None:
        raise TrainingOnly("Cette base n’est pas un lieu d’entraînement : rien n’est effacé.")


@transaction.atomic
def _rebuild(tell: Tell) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [REBUILD_LOCK])
        if not cursor.fetchone()[0]:
            raise PlaceBusy("Le lieu se reconstruit déjà.")
    clock.follow(clock.STANDING)
    now = clock.real_now()
    _empty_tables()
    tell("Région, marché, opérateurs")
    market = region.market(now)
    load_territories(folder=region.DATA)
    load_markets(markets=(market,), rule_sets=RULE_SETS)
    load_contracts(markets=(market,))
    load_plan_reference()
    load_doors(now=now)
    tell("Personnes, agendas, trois mois de vie")
    build_whole(region.scale(now), day=local_day(now), tell=lambda text: tell(text.capitalize()))
    place = TrainingPlace.objects.create(opened_at=now)
    record(action="training.place.opened", target=place, by=None, now=now)


def _empty_tables() -> None:
    """Every table of the portal but those that migrations fill; triggers guard rows, not a whole table."""
    kept = set(connection.introspection.table_names()) & KEPT
    tables = sorted(set(connection.introspection.django_table_names(only_existing=True)) - kept)
    names = ", ".join(connection.ops.quote_name(table) for table in tables)
    with connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {names} RESTART IDENTITY")


def _files() -> list[Path]:
    folder = Path(settings.MEDIA_ROOT)
    if not (folder / MARK).exists():
        return []
    return [path for path in sorted(folder.rglob("*")) if path.is_file() and path.name != MARK]


def _mark_files() -> None:
    """A folder that held nothing before is the place's own; another one is never emptied."""
    folder = Path(settings.MEDIA_ROOT)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / MARK).touch()


def _remove(files: list[Path]) -> None:
    for path in files:
        path.unlink(missing_ok=True)

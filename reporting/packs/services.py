from datetime import date, datetime

from django.db import transaction
from django.utils.text import slugify

from cep_portal.accounts.models import User
from cep_portal.accounts.services import record
from cep_portal.common.days import local_day
from cep_portal.common.later import later
from cep_portal.common.task_names import TaskName
from cep_portal.documents.models import StoredDocument
from cep_portal.documents.services import issue_document, new_check_code, render_pdf
from cep_portal.territories.models import Region
from reporting.kpis.rules.periods import month_of
from reporting.kpis.selectors import latest_run
from reporting.packs.enums import PackState
from reporting.packs.errors import MonthNotClosed, NothingToPrint
from reporting.packs.models import RegionalPack
from reporting.packs.selectors import PackContent, pack_content, printed_figures

TEMPLATE = "reporting/packs/pdf/pack.html"


@transaction.atomic
def ask_pack(*, region: Region, month: date, by: User | None, now: datetime) -> RegionalPack:
    """Ask for the pack of a closed month from the latest figures; Celery builds it.

    A pack of the same month and computation, ready or under way, is given back instead of a second one.
    Raises MonthNotClosed, NothingToPrint before the first computation of the whole month.
    """
    pack, is_new = _pack_row(region=region, month=month, now=now)
    if is_new:
        record(action="reporting.pack.asked", target=pack, by=by, now=now)
        later(TaskName.BUILD_PACK, pack_id=pack.pk)
    return pack


def build_regional_pack(*, region: Region, month: date, now: datetime) -> RegionalPack:
    """Ask for a pack and build it at once (demonstration, commands). Raises as ask_pack."""
    with transaction.atomic():
        pack, _ = _pack_row(region=region, month=month, now=now)
    return build_pack(pack=pack, now=now)


def _pack_row(*, region: Region, month: date, now: datetime) -> tuple[RegionalPack, bool]:
    if not month_of(month).is_closed(local_day(now)):
        raise MonthNotClosed("Un dossier porte sur un mois terminé.")
    run = latest_run()
    if run is None:
        raise NothingToPrint("Aucun indicateur n’a encore été calculé.")
    if not month_of(month).is_closed(local_day(run.known_at)):
        raise NothingToPrint("Ce mois n’est pas encore calculé : il l’est dans la nuit, à 3 h 10.")
    # Two clicks are one pack: the second waits for the first.
    Region.objects.select_for_update(of=("self",)).get(pk=region.pk)
    same = RegionalPack.objects.filter(region=region, month=month, run=run).order_by("-pk").first()
    if same and same.state(now=now) != PackState.FAILED:
        return same, False
    return RegionalPack.objects.create(region=region, month=month, run=run, asked_at=now), True


def build_asked_pack(*, pack_id: int, now: datetime) -> RegionalPack:
    """The same by key, for the task."""
    return build_pack(pack=RegionalPack.objects.get(pk=pack_id), now=now)


def build_pack(*, pack: RegionalPack, now: datetime) -> RegionalPack:
    """Render and store the PDF; a pack already built is left alone. A failure is kept, and raised."""
    try:
        return _build(pack, now)
    except Exception:
        RegionalPack.objects.filter(pk=pack.pk).update(failed_at=now)
        raise


@transaction.atomic
def _build(pack: RegionalPack, now: datetime) -> RegionalPack:
    pack = RegionalPack.objects.select_for_update(of=("self",)).select_related("region").get(pk=pack.pk)
    if pack.document_id:
        return pack
    content = pack_content(region=pack.region, month=pack.month, on=local_day(now))
    if content is None:
        raise NothingToPrint("Aucun indicateur n’a encore été calculé.")
    pack.document = _issue(pack, content, now)
    pack.run, pack.failed_at = content.report.run, None
    pack.figures = printed_figures(content.report)
    pack.save(update_fields=["document", "run", "failed_at", "figures"])
    record(action="reporting.pack.built", target=pack, by=None, now=now)
    return pack


def _issue(pack: RegionalPack, content: PackContent, now: datetime) -> StoredDocument:
    check_code = new_check_code()
    month = month_of(pack.month)
    context = {
        "content": content,
        "check_code": check_code,
        "now": now,
    }
    earlier = RegionalPack.objects.filter(region=pack.region, month=pack.month, document__isnull=False)
    return issue_document(
        kind="regional_pack",
        title=f"Dossier régional {pack.region.name}, {month.label}",
        file_name=f"dossier-{slugify(pack.region.name)}-{month.code}.pdf",
        content=render_pdf(template=TEMPLATE, context=context),
        now=now,
        check_code=check_code,
        version=earlier.count() + 1,
    )

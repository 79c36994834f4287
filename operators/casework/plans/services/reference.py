import csv
from datetime import datetime
from pathlib import Path

from django.db import transaction

from cep_portal.accounts.models import Organisation, User
from cep_portal.accounts.services import record
from cep_portal.territories.rules import fold_name
from operators.casework.plans.models import Occupation, ReadyAction

DATA = Path(__file__).parents[1] / "data"


@transaction.atomic
def load_plan_reference() -> dict[str, int]:
    """Load or refresh the occupations of the ROME and the national ready-made actions from `data/`.

    Safe to run again; a code that left the file stays, since plans may point at it. Returns rows by file.
    """
    domains = {row["code"]: _typographic(row["label"]) for row in _rows("occupation_domains")}
    occupations = [
        Occupation(
            code=row["code"],
            label=_typographic(row["label"]),
            search_label=fold_name(row["label"]),
            domain=domains[row["code"][0]],
        )
        for row in _rows("occupations")
    ]
    Occupation.objects.bulk_create(
        occupations,
        batch_size=1000,
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=["label", "search_label", "domain"],
    )
    ready = [ReadyAction(**row) for row in _rows("ready_actions")]
    ReadyAction.objects.bulk_create(
        ready,
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=["theme", "title", "help_text", "actor", "days"],
    )
    return {"occupations": len(occupations), "ready_actions": len(ready)}


def _rows(name: str) -> list[dict[str, str]]:
    with (DATA / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _typographic(name: str) -> str:
    return name.replace("'", "’")


@transaction.atomic
def add_ready_action(
    *,
    organisation: Organisation,
    theme: str,
    title: str,
    actor: str,
    days: int,
    help_text: str = "",
    by: User,
    now: datetime,
) -> ReadyAction:
    """Add an action to the list of an operator's own advisers."""
    ready = ReadyAction.objects.create(
        organisation=organisation,
        theme=theme,
        title=title.strip(),
        actor=actor,
        days=days,
        help_text=help_text.strip(),
    )
    record(action="operators.plan.ready_action_added", target=ready, by=by, now=now)
    return ready


@transaction.atomic
def withdraw_ready_action(*, ready: ReadyAction, by: User, now: datetime) -> ReadyAction:
    """Offer an operator's own action no more; plans that hold it keep it. Safe to run twice."""
    locked = ReadyAction.objects.select_for_update(of=("self",)).get(pk=ready.pk)
    if locked.withdrawn_at is None:
        locked.withdrawn_at = now
        locked.save(update_fields=["withdrawn_at"])
        record(action="operators.plan.ready_action_withdrawn", target=locked, by=by, now=now)
    return locked

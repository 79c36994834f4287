import random
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from itertools import accumulate

from django.contrib.auth.hashers import make_password
from django.db import transaction

from cep_portal.demo.dataset import accounts
from cep_portal.demo.dataset.clock import day_number, start_of, to_minutes
from cep_portal.demo.dataset.history import History
from cep_portal.demo.dataset.network import (
    build_advisers,
    build_openings,
    build_sites,
    employment_shares,
    named_adviser,
    open_every_day,
)
from cep_portal.demo.dataset.rows import COLUMNS, Rows
from cep_portal.demo.dataset.scale import Scale
from cep_portal.demo.dataset.tables import constraints_aside, time_taken_at_once
from cep_portal.territories.models import Commune, PublicHoliday
from operators.booking.agenda.models import AdviserTime
from operators.network.models import Site

PASSWORD = "bienvenue-mon-cep"  # noqa: S105 -- shown on the sign-in page of the demonstration
SALT = "demonstration"  # a public password: the same row each time is worth more than a secret salt
CHUNK = 10  # advisers whose rows are written while the next ones are walked
SHOWN_BEFORE = timedelta(days=7)  # the named adviser works on each of these days, and on all that follow
NAMED_ENTRIES = 2.5  # times as many as a colleague: the desk to show is a busy one


def is_built() -> bool:
    return Site.objects.exists()


@transaction.atomic
def build(scale: Scale, *, day: date, tell: Callable[[str], None] = lambda _: None) -> dict[str, int]:
    """Build people, sites and history until a day begins, the agenda from it on; returns rows by table.

    The same rows for a scale (with its seed) and a day, whatever the hour; all or nothing. Indicators are
    computed by the caller.
    """
    now = start_of(day)
    rng = random.Random(scale.seed)
    password = make_password(PASSWORD, salt=SALT)
    sites = build_sites(scale, rng, day)
    team = build_advisers(scale, rng, sites, password)
    named = named_adviser(team, scale)
    build_openings(rng, team, scale.since)
    open_every_day(named, day - SHOWN_BEFORE)
    rows = Rows(scale.seed + 2, _communes(), to_minutes(now))
    history = History(scale, rows, _holidays(), to_minutes(now))
    habits = _habits(scale, team)
    per_adviser = _entries_per_adviser(scale, team)
    tables = [model._meta.db_table for model in (*COLUMNS, AdviserTime)]
    with constraints_aside(tables), time_taken_at_once(), rows.copier:
        for place, staffed in enumerate(team, start=1):
            entries = per_adviser[staffed.region] * (NAMED_ENTRIES if staffed is named else 1)
            history.walk(staffed, entries, habits[staffed.site.contract_id])
            if place % CHUNK == 0 or place == len(team):
                rows.copier.flush()
                tell(f"{place} conseillers sur {len(team)}")
        rows.copier.reset_sequences()
        tell("index et contraintes")
    accounts.build(named, scale, password=password, now=now)
    return {model._meta.db_table: count for model, count in rows.copier.counts.items()}


def with_shares(scale: Scale, *, level_two: float | None, no_show: float | None, seed: int | None) -> Scale:
    return replace(
        scale,
        level_two_share=scale.level_two_share if level_two is None else level_two,
        no_show_share=scale.no_show_share if no_show is None else no_show,
        seed=scale.seed if seed is None else seed,
    )


def _entries_per_adviser(scale: Scale, team) -> dict[str, float]:
    """A region's entries follow its employment, shared evenly by its advisers."""
    shares, advisers = employment_shares(), Counter(employed.region for employed in team)
    return {region: scale.entries_per_year * shares[region] / count for region, count in advisers.items()}


def _habits(scale: Scale, team) -> dict[int, dict[str, float]]:
    """Contracts differ, so that some meet their targets and some do not."""
    rng = random.Random(scale.seed + 3)
    shown = {employed.site.contract_id for employed in team if employed.region == scale.region}
    habits = {}
    for contract in sorted({employed.site.contract_id for employed in team}):
        missed, waiting = scale.no_show_share * rng.uniform(0.75, 1.25), rng.uniform(6, 11)
        habits[contract] = {
            "no_show_share": missed,
            "waiting_days": 13.5 if contract in shown else waiting,  # the named operator is late
        }
    return habits


def _communes() -> dict[str, tuple[list[str], list[int]]]:
    by_department: dict[str, tuple[list[str], list[int]]] = {}
    rows = Commune.objects.order_by("pk").values_list("department", "code", "population")
    for department, code, population in rows:
        codes, weights = by_department.setdefault(department, ([], []))
        codes.append(code)
        weights.append(population)
    return {key: (codes, list(accumulate(weights))) for key, (codes, weights) in by_department.items()}


def _holidays() -> dict[str, set[int]]:
    by_department: dict[str, set[int]] = {}
    for department, day in PublicHoliday.objects.values_list("department", "day"):
        by_department.setdefault(department, set()).add(day_number(day))
    return by_department

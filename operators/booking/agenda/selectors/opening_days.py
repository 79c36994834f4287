"""The openings of an adviser day by day, as their page shows them: what is ordinary, changed, off."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, time
from itertools import combinations
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q

from cep_portal.territories.models import PublicHoliday
from operators.booking.agenda.models import OpeningException, OpeningRule
from operators.booking.agenda.rules.recurrence import days, ever_together
from operators.network.models import Adviser, Site, SiteClosure


@dataclass(frozen=True)
class OpeningDay:
    """One day of an opening; without hours when nobody is received, `why` says it in a word."""

    rule: OpeningRule
    day: date
    opens: time | None
    closes: time | None
    exception: OpeningException | None
    why: str = ""

    @property
    def query(self) -> str:
        """What names this day in the address of its page."""
        return urlencode({"plage": self.rule.pk, "jour": self.day.isoformat()})


def opening_days(*, advisers: Collection[Adviser], first_on: date, last_on: date) -> list[OpeningDay]:
    """What advisers open between two days, both included, by day and hour; four queries."""
    theirs = Q(adviser__in=advisers) | Q(second_adviser__in=advisers)
    rules = list(
        OpeningRule.objects.filter(theirs, first_on__lte=last_on)
        .filter(Q(last_on__isnull=True) | Q(last_on__gte=first_on))
        .select_related("site__commune", "adviser__user", "adviser__site", "second_adviser__user")
        .order_by("pk")
    )
    changed = {
        (exception.rule_id, exception.day): exception
        for exception in OpeningException.objects.filter(rule__in=rules, day__range=(first_on, last_on))
    }
    off = _days_off(rules, first_on, last_on)
    found = [
        _opening_day(rule, day, changed.get((rule.pk, day)), off)
        for rule in rules
        for day in days(rule, first_on, last_on)
    ]
    return sorted(found, key=lambda day: (day.day, day.opens or day.rule.opens, day.rule.pk))


def _days_off(rules: list[OpeningRule], first_on: date, last_on: date) -> Any:
    """By site and day, why nobody is received."""
    sites = {rule.site_id: rule.site for rule in rules}
    holidays: dict[str, set[date]] = defaultdict(set)
    legal = PublicHoliday.objects.filter(
        department__in={site.commune.department_id for site in sites.values()},
        day__range=(first_on, last_on),
        is_legal=True,
    )
    for department, day in legal.order_by("pk").values_list("department", "day"):
        holidays[department].add(day)
    closures: dict[int, list[SiteClosure]] = defaultdict(list)
    closed = SiteClosure.objects.filter(site__in=sites, first_on__lte=last_on, last_on__gte=first_on)
    for closure in closed.order_by("pk"):
        closures[closure.site_id].append(closure)

    def why(site: Site, day: date) -> str:
        if day in holidays[site.commune.department_id]:
            return "jour férié"
        if any(closure.first_on <= day <= closure.last_on for closure in closures[site.pk]):
            return "lieu fermé"
        return ""

    return why


def _opening_day(rule: OpeningRule, day: date, exception: OpeningException | None, off: Any) -> OpeningDay:
    if why := off(rule.site, day):
        return OpeningDay(rule, day, None, None, exception, why)
    if exception is None:
        return OpeningDay(rule, day, rule.opens, rule.closes, None)
    return OpeningDay(
        rule,
        day,
        exception.opens,
        exception.closes,
        exception,
        "fermée" if exception.is_closed else "changée",
    )


def overlapping(rules: list[OpeningRule]) -> set[int]:
    """The keys of the openings that share an hour with another of the list: its slots come twice."""
    return {
        opening.pk
        for pair in combinations(rules, 2)
        if pair[0].opens < pair[1].closes and pair[1].opens < pair[0].closes and ever_together(*pair)
        for opening in pair
    }

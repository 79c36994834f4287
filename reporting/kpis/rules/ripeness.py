"""When a figure may be compared, ranked, drawn, judged: once the lag of its definition is over (ADR 0066)."""

from datetime import date, timedelta

from cep_portal.common.days import months_later
from reporting.kpis.rules.definitions import SERIES_STARTS_ON, KpiDefinition
from reporting.kpis.rules.periods import Period, last_closed_month, month_of, rolling_to


def ripe_on(definition: KpiDefinition, period: Period) -> date:
    """The first day on which the figure of a period is ripe: its end, then the lag of the definition."""
    return period.next_starts_on + timedelta(days=definition.lag_days)


def is_ripe(definition: KpiDefinition, period: Period, *, on: date) -> bool:
    """Whether nothing of the period may still change what the figure means; never while it runs."""
    return ripe_on(definition, period) <= on


def last_ripe_month(definition: KpiDefinition, *, on: date) -> Period:
    """The latest month whose figure may be judged on a day."""
    month = last_closed_month(on)
    while not is_ripe(definition, month, on=on):
        month = month_of(months_later(month.starts_on, -1))
    return month


def over_a_year(definition: KpiDefinition, period: Period, *, on: date) -> Period | None:
    """The twelve ripe months on which places are compared by a rate; None for a count, or too early.

    They end with the period, or with the last ripe month before it: a month of a small place says little.
    """
    last = min(period.last_month, last_ripe_month(definition, on=on).starts_on)
    window = rolling_to(last)
    return window if definition.factor and window.starts_on >= SERIES_STARTS_ON else None

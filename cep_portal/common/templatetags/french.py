"""The formatters of `cep_portal.common.wording`, as filters of the templates."""

from datetime import datetime

from django import template
from django.utils import timezone

from cep_portal.common import phones
from cep_portal.common.days import local_day
from cep_portal.common.retention import DELAYS
from cep_portal.common.wording import dates, names, numbers

register = template.Library()

for formatter in (
    names.of,
    numbers.number,
    numbers.plural,
    numbers.percent,
    numbers.euros,
    numbers.in_groups,
    phones.phone,
    phones.no_sms,
    dates.hour,
    dates.long_day,
    dates.short_day,
    dates.dated_day,
    dates.long_month,
    dates.short_month,
    dates.long_instant,
    dates.zone_label,
    dates.zone_note,
    dates.dated_instant,
    dates.dated_start,
    dates.dated_end,
):
    register.filter(formatter.__name__, formatter)


@register.filter
def short_instant(value: datetime | None, zone: str | None = None) -> str:
    """As `wording.dates.short_instant`, with the year when it is not the present one."""
    return dates.short_instant(value, zone, on=local_day(timezone.now()))


@register.simple_tag
def delay(name: str, *, in_words: bool = False) -> str:
    """How long something is kept (common/retention.py): « 24 mois », or « douze mois » in words."""
    kept = DELAYS[name]
    return kept.in_words if in_words else str(kept)

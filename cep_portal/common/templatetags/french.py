"""The formatters of `cep_portal.common.wording`, as filters of the templates."""

from django import template

from cep_portal.common import phones
from cep_portal.common.retention import DELAYS
from cep_portal.common.wording import dates, numbers

register = template.Library()

for formatter in (
    numbers.number,
    numbers.plural,
    numbers.percent,
    numbers.euros,
    phones.phone,
    phones.no_sms,
    dates.hour,
    dates.long_day,
    dates.short_day,
    dates.dated_day,
    dates.long_month,
    dates.short_month,
    dates.long_instant,
    dates.short_instant,
    dates.zone_label,
    dates.dated_instant,
    dates.dated_start,
    dates.dated_end,
):
    register.filter(formatter.__name__, formatter)


@register.simple_tag
def delay(name: str, *, in_words: bool = False) -> str:
    """How long something is kept (common/retention.py): « 24 mois », or « douze mois » in words."""
    kept = DELAYS[name]
    return kept.in_words if in_words else str(kept)

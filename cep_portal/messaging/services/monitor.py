"""Each morning: what was due, what left, what arrived; an alarm the same morning when something is wrong.

In 2022 another public service had its workers stuck for three days: no reminder left, and nobody knew
(PEC, post-mortem 20220523). The check counts what was owed, not only what was written.
"""

from datetime import date, datetime, timedelta

from django.db import transaction

from cep_portal.common.links import portal_link
from cep_portal.messaging import hooks, rules, selectors
from cep_portal.messaging.enums import MessageKind
from cep_portal.messaging.models import DeliveryDay
from cep_portal.messaging.services.outbox import enqueue_message

ALARM_LIFETIME = timedelta(days=1)
SUBJECT = "Messages : à vérifier ce matin"
BODY = """Bonjour,

Le contrôle de ce matin a trouvé :

{problems}

Le détail :
{link}
"""


@transaction.atomic
def check_morning(*, now: datetime) -> list[str]:
    """Write the lines of this morning, once, and tell the administrators when something is wrong.

    Run again the same day, it changes no line and writes to nobody twice. Returns what is wrong.
    """
    day, starts, ends = rules.checked_window(now)
    DeliveryDay.objects.bulk_create(_lines(day, starts, ends), ignore_conflicts=True)
    lines = selectors.delivery_days(since=day).filter(day=day)
    problems = rules.problems(lines)
    if problems:
        _alarm(day, problems, now=now)
    return problems


def _lines(day: date, starts: datetime, ends: datetime) -> list[DeliveryDay]:
    facts = {
        (count.pop("kind"), count.pop("channel")): count
        for count in selectors.day_counts(starts=starts, ends=ends)
    }
    missing = hooks.never_written(starts=starts, ends=ends)
    return [
        DeliveryDay(
            day=day,
            kind=kind,
            channel=channel,
            missing=missing[kind, channel],
            **facts.get((kind, channel), {}),
        )
        for kind, channel in sorted(facts.keys() | missing.keys())
    ]


def _alarm(day: date, found: list[str], *, now: datetime) -> None:
    link = portal_link("messaging:delivery_days")
    body = BODY.format(problems="\n".join(f"- {sentence}" for sentence in found), link=link)
    for user in selectors.administrators(on=day):
        enqueue_message(
            key=f"messaging.alarm:{day}:{user.uuid}",
            recipient=user.email,
            subject=SUBJECT,
            body=body,
            kind=MessageKind.STAFF,
            lifetime=ALARM_LIFETIME,
            now=now,
        )

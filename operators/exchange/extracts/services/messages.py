"""Who is told what: a link to the page, no figure and nobody's name."""

from datetime import datetime, timedelta

from django.template.loader import render_to_string

from cep_portal.accounts.models import User
from cep_portal.common.links import portal_link
from cep_portal.messaging.enums import MessageKind
from cep_portal.messaging.services import enqueue_message
from operators.exchange.extracts.models import Extract
from operators.exchange.extracts.rules import KEPT_FOR
from operators.exchange.extracts.selectors import judges_of


def tell_judges(extract: Extract, *, now: datetime) -> None:
    for judge in judges_of(extract=extract, now=now):
        _tell(extract, judge, "asked", "Une extraction à décider", now=now)


def tell_refused(extract: Extract, *, now: datetime) -> None:
    _tell(extract, extract.asked_by, "refused", "Votre demande d’extraction", now=now)


def tell_ready(extract: Extract, *, now: datetime) -> None:
    _tell(extract, extract.asked_by, "ready", "Votre extraction est prête", lifetime=KEPT_FOR, now=now)


def tell_failed(extract: Extract, *, now: datetime) -> None:
    _tell(extract, extract.asked_by, "failed", "Votre demande d’extraction", now=now)


def _tell(
    extract: Extract,
    user: User,
    what: str,
    subject: str,
    *,
    now: datetime,
    lifetime: timedelta = timedelta(days=3),
) -> None:
    link = portal_link("operators:extract_detail", extract.uuid)
    enqueue_message(
        key=f"extract-{what}-{extract.uuid}-{user.pk}",
        recipient=user.email,
        subject=subject,
        body=render_to_string(
            f"operators/exchange/extracts/mail/{what}.txt", {"extract": extract, "link": link}
        ),
        kind=MessageKind.STAFF,
        lifetime=lifetime,
        now=now,
    )

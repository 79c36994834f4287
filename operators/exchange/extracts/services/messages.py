"""Who is told what: a link to the page, no figure and nobody's name."""

from datetime import datetime, timedelta
from functools import partial

from django.template.loader import render_to_string

from cep_portal.accounts.models import User
from cep_portal.common.links import portal_link
from cep_portal.messaging.enums import MessageKind
from cep_portal.messaging.hooks import Composer
from cep_portal.messaging.services import Letter, News, Words, enqueue_news
from operators.exchange.extracts.models import Extract
from operators.exchange.extracts.rules import KEPT_FOR
from operators.exchange.extracts.selectors import judges_of

SUBJECTS = {
    "asked": "Une extraction à décider",
    "refused": "Votre demande d’extraction",
    "ready": "Votre extraction est prête",
    "failed": "Votre demande d’extraction",
}


def tell_judges(extract: Extract, *, now: datetime) -> None:
    for judge in judges_of(extract=extract, now=now):
        _tell(extract, judge, "asked", now=now)


def tell_refused(extract: Extract, *, now: datetime) -> None:
    _tell(extract, extract.asked_by, "refused", now=now)


def tell_ready(extract: Extract, *, now: datetime) -> None:
    _tell(extract, extract.asked_by, "ready", lifetime=KEPT_FOR, now=now)


def tell_failed(extract: Extract, *, now: datetime) -> None:
    _tell(extract, extract.asked_by, "failed", now=now)


def _tell(
    extract: Extract, user: User, what: str, *, now: datetime, lifetime: timedelta = timedelta(days=3)
) -> None:
    enqueue_news(
        key=f"extract-{what}-{extract.uuid}-{user.pk}",
        recipient=user.email,
        news=News(f"extract.{what}", extract.uuid),
        kind=MessageKind.STAFF,
        lifetime=lifetime,
        now=now,
    )


def _words(letter: Letter, *, what: str) -> Words | None:
    told = Extract.objects.select_related("asked_by", "organisation")
    extract = told.filter(uuid=letter.news.uuid).first()
    if extract is None:
        return None
    context = {"extract": extract, "link": portal_link("operators:extract_detail", extract.uuid)}
    return Words(render_to_string(f"operators/exchange/extracts/mail/{what}.txt", context), SUBJECTS[what])


COMPOSERS = tuple(Composer(f"extract.{what}", partial(_words, what=what)) for what in SUBJECTS)

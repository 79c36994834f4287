"""Each kind of news has words, and none when what it speaks of is gone (ADR 0048)."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest

from beneficiaries.rights import notices as rights
from cep_portal.messaging.enums import MessageChannel
from cep_portal.messaging.hooks import COMPOSERS
from cep_portal.messaging.services import Letter, News

pytestmark = pytest.mark.django_db
FACTS = {
    "is_kept": True,
    "slots": [],
    "given": [],
    "is_replaced": False,
    "adviser": str(uuid4()),
    "days": 2,
}
ALWAYS = {rights.EMAIL}  # speaks of nothing but the address it is sent to


@pytest.mark.parametrize("channel", list(MessageChannel))
@pytest.mark.parametrize("composer", list(COMPOSERS), ids=lambda composer: composer.news)
def test_thing_that_is_gone_leaves_nothing_to_say(composer, channel):
    letter = Letter(
        news=News(composer.news, uuid4(), FACTS),
        version=0,
        channel=channel,
        recipient="camille@exemple.example",
        written_at=datetime(2026, 11, 23, 17, tzinfo=UTC),
        now=datetime(2026, 11, 23, 17, tzinfo=UTC),
    )

    assert (composer.write(letter) is None) == (composer.news not in ALWAYS)


def test_news_of_every_subject_that_tells_people_are_written():
    assert {composer.news.partition(".")[0] for composer in COMPOSERS} == {
        "appointment",
        "call_back",
        "closing",
        "complaint",
        "export",
        "extract",
        "group_place",
        "handover",
        "merge",
        "notes",
        "penalty",
        "person",
        "referral",
        "situation",
        "slot_offer",
        "summary",
        "survey",
        "transfer",
        "waiting",
    }

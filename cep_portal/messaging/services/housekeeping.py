from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Q

from cep_portal.messaging.enums import MessageKind, MessageState
from cep_portal.messaging.models import Message

BATCH = 1000
CODE_TEXT_KEPT = timedelta(days=1)


def forget_texts(*, now: datetime) -> int:
    """Empty what was said: codes a day after they expire, the rest after PORTAL_TEXT_DAYS; how many.

    Texts hold names, hours and signed links. A message older than PORTAL_MESSAGE_DAYS is deleted: the
    series of morning checks keeps the counts.
    """
    over = ~Q(state=MessageState.DUE) & (~Q(body="") | ~Q(facts={}))
    codes = Q(kind=MessageKind.CODE, expires_at__lte=now - CODE_TEXT_KEPT)
    old = Q(created_at__lte=now - timedelta(days=settings.PORTAL_TEXT_DAYS))
    emptied = {"body": "", "attachment": "", "attachment_name": "", "attachment_type": "", "facts": {}}
    count = 0
    while some := Message.objects.filter(
        pk__in=Message.objects.filter(over & (codes | old)).order_by("pk").values("pk")[:BATCH]
    ).update(**emptied):
        count += some
    Message.objects.exclude(state=MessageState.DUE).filter(
        created_at__lte=now - timedelta(days=settings.PORTAL_MESSAGE_DAYS)
    ).delete()
    return count

"""A form that creates is answered once: sent twice, the second leads where the first led (ADR 0059)."""

import hashlib
import json
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.messages import get_messages
from django.contrib.messages.storage.base import BaseStorage
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from cep_portal.common.models import SentForm

FIELD = "form_key"
NOT_TYPED = {FIELD, "csrfmiddlewaretoken"}
KEPT_FOR = timedelta(days=1)


def sent_once(view: Callable[..., Any]) -> Callable[..., Any]:
    """The innermost decorator of a view that creates: once for a form, however often it is sent.

    Each form carries a key (`{% csrf_token %}` writes it). The same key with the same words waits for the
    first, then leads to its page and says the same; other words are another act. A form that is refused, by
    a page or by an error said, leaves its key free. The view and the key are one transaction.
    """

    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        key = request.POST.get(FIELD, "") if request.method == "POST" else ""
        if not key:
            return view(request, *args, **kwargs)
        with transaction.atomic():
            sent, is_first = SentForm.objects.get_or_create(
                digest=_digest(request, key), defaults={"sent_at": timezone.now()}
            )
            if not is_first:
                return _as_the_first(request, sent)
            earlier = len(get_messages(request))
            response = view(request, *args, **kwargs)
            _keep(sent, response, _said(request, earlier))
            return response

    return answered


def _digest(request: HttpRequest, key: str) -> str:
    """The form, who sends it, where, and every word and file of it."""
    typed = sorted((name, request.POST.getlist(name)) for name in request.POST if name not in NOT_TYPED)
    files = sorted((name, file.name, file.size) for name, sent in request.FILES.lists() for file in sent)
    facts = [key, request.get_full_path(), str(request.user.pk or ""), typed, files]
    return hashlib.sha256(json.dumps(facts).encode()).hexdigest()


def _said(request: HttpRequest, earlier: int) -> list[tuple[int, str]]:
    """The messages of this request, left to be shown."""
    storage = get_messages(request)
    said = [(message.level, str(message.message)) for message in storage][earlier:]
    if isinstance(storage, BaseStorage):
        storage.used = False
    return said


def _keep(sent: SentForm, response: HttpResponse, said: list[tuple[int, str]]) -> None:
    is_refused = any(level >= messages.ERROR for level, _ in said)
    if not 300 <= response.status_code < 400 or is_refused:
        sent.delete()
        return
    sent.location, sent.said = response.headers["Location"], said
    sent.save(update_fields=["location", "said"])


def _as_the_first(request: HttpRequest, sent: SentForm) -> HttpResponse:
    for level, words in sent.said:
        messages.add_message(request, level, words)
    return redirect(sent.location)


def forget_sent_forms(*, now: datetime) -> int:
    """Delete what was kept of forms sent a day ago; returns how many. Safe to run twice."""
    deleted, _ = SentForm.objects.filter(sent_at__lt=now - KEPT_FOR).delete()
    return deleted

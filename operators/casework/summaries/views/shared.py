from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from cep_portal.common.access import public
from cep_portal.common.throttle import throttled
from cep_portal.documents.services import file_exists, file_response
from operators.casework.summaries import selectors, services


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@throttled("shared_summary", limit=30, seconds=600)
def shared_summary(request: HttpRequest, token: str) -> HttpResponse:
    """Somebody gave me a document: is it still open to me? Taking it is told to the person.

    The page says nothing of the person: a mail program that looks at links takes nothing, counts nothing.
    """
    now = timezone.now()
    share = selectors.share_by_token(token, now=now)
    document = share.summary.document if share else None
    if share is None or document is None or not file_exists(document):
        state = selectors.share_state(token, now=now)
        return render(request, "operators/casework/summaries/shared_over.html", {"state": state}, status=404)
    if request.method == "POST" and services.read_shared(token=token, now=now) is not None:
        return file_response(document)
    return render(request, "operators/casework/summaries/shared.html", {"share": share, "document": document})

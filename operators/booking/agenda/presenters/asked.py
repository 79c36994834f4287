"""The request that a page of the road is about, from its address."""

from django.http import Http404, HttpRequest
from django.utils import timezone

from beneficiaries.request.models import ServiceRequest
from beneficiaries.request.selectors import asked_to_act_on


def asked_or_404(request: HttpRequest, reference: str) -> ServiceRequest:
    """Written, or under way in this session.

    Raises AnswersGone when that session is over, FileRestricted for a closed file, else Http404.
    """
    asked = asked_to_act_on(
        reference=reference, session=request.session, user=request.user, now=timezone.now()
    )
    if asked is None:
        raise Http404
    return asked

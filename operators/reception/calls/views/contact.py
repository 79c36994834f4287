from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from beneficiaries.request.services.callers import prove_contact
from cep_portal.common.access import public
from cep_portal.common.throttle import throttled
from operators.booking.agenda.links import unsign
from operators.reception.calls import selectors


@public
@never_cache
@require_POST
@throttled("change", limit=30, seconds=600)
def contact_confirm(request: HttpRequest, signed: str) -> HttpResponse:
    """Who opened the link that was sent says « c’est bien moi »."""
    uuid = unsign(signed)
    person = selectors.person_of_link(appointment=uuid) if uuid else None
    if person is None:
        raise Http404
    prove_contact(beneficiary=person, now=timezone.now())
    messages.success(request, "Merci, vos coordonnées sont confirmées.")
    return redirect("operators:appointment", signed)

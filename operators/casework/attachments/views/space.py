from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from beneficiaries.request.models import Beneficiary
from cep_portal.accounts.models import SignedRequest
from cep_portal.common.access import require
from cep_portal.common.throttle import throttled
from operators.casework.attachments import rules, selectors
from operators.casework.attachments.models import Attachment
from operators.casework.attachments.views import common

MANAGE = "operators:own_attachments"


@require(rules.can_use_own_attachments)
@require_http_methods(["GET", "HEAD", "POST"])
@throttled("attachments", limit=30, seconds=600)
def own_attachments(request: SignedRequest) -> HttpResponse:
    """Which files does my adviser have? Add one, open one, take one back."""
    person = get_object_or_404(Beneficiary, user=request.user)
    pathway = selectors.present_pathway(beneficiary=person)
    form = common.upload_form(request)
    if request.method == "POST" and pathway and form.is_valid() and common.add(request, pathway, form):
        return redirect(MANAGE)
    rows = [
        {
            "file": attachment,
            "removable": rules.may_remove(request.user, is_from_person=attachment.is_from_person),
        }
        for attachment in selectors.own_attachments(beneficiary=person)
    ]
    context = {"pathway": pathway, "rows": rows, "form": form}
    return render(request, "operators/casework/attachments/own_attachments.html", context)


@require(rules.can_use_own_attachments)
@require_safe
def own_attachment(request: SignedRequest, uuid: UUID) -> HttpResponse:
    """My file, or one that my adviser added for me."""
    return common.give(request, _found(request, uuid), back=redirect(MANAGE))


@require(rules.can_use_own_attachments)
@require_POST
def own_attachment_remove(request: SignedRequest, uuid: UUID) -> HttpResponse:
    """Take back a file that I added."""
    return common.remove(request, _found(request, uuid), back=MANAGE)


def _found(request: SignedRequest, uuid: UUID) -> Attachment:
    attachment = selectors.attachment_of(user=request.user, uuid=uuid)
    if attachment is None:
        raise Http404
    return attachment

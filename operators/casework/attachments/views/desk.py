from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cep_portal.accounts.models import SignedRequest
from cep_portal.accounts.services import record_opening
from cep_portal.common.access import require
from operators.casework.attachments import rules, selectors
from operators.casework.attachments.models import Attachment
from operators.casework.attachments.views import common
from operators.casework.pathways.gates import pass_gate

LIST = "operators:attachment_list"


@require(rules.can_use_attachments)
@require_http_methods(["GET", "HEAD", "POST"])
def attachment_list(request: SignedRequest, uuid: UUID) -> HttpResponse:
    """Which files go with this pathway? Add one, open one, take one back."""
    pathway = selectors.pathway_of(user=request.user, uuid=uuid)
    if pathway is None:
        raise Http404
    pass_gate(request, pathway)
    form = common.upload_form(request)
    if request.method == "POST" and form.is_valid() and common.add(request, pathway, form):
        return redirect(LIST, uuid)
    attachments = list(selectors.attachments_of(pathway=pathway, user=request.user))
    rows = [
        {"file": added, "removable": rules.may_remove(request.user, is_from_person=added.is_from_person)}
        for added in attachments
    ]
    context = {"pathway": pathway, "rows": rows, "form": form}
    return render(request, "operators/casework/attachments/attachment_list.html", context)


@require(rules.can_use_attachments)
@require_safe
def attachment(request: SignedRequest, uuid: UUID) -> HttpResponse:
    """The file itself, once clean; each opening is noted."""
    kept, given = _found(request, uuid)
    if kept.is_open:
        record_opening(target=kept, by=request.user, now=timezone.now(), data=given)
    return common.give(request, kept, back=redirect(LIST, kept.pathway.uuid))


@require(rules.can_use_attachments)
@require_POST
def attachment_remove(request: SignedRequest, uuid: UUID) -> HttpResponse:
    """Take back a file that advisers added."""
    kept, _ = _found(request, uuid)
    return common.remove(request, kept, back=LIST, uuid=kept.pathway.uuid)


def _found(request: SignedRequest, uuid: UUID) -> tuple[Attachment, dict]:
    kept = selectors.attachment_of(user=request.user, uuid=uuid)
    if kept is None:
        raise Http404
    return kept, pass_gate(request, kept.pathway)

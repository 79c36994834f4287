from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods

from cep_portal.accounts.models import SignedRequest
from cep_portal.common.access import require
from cep_portal.common.errors import DomainError
from cep_portal.common.sent_once import sent_once
from operators.casework.desk import services
from operators.casework.desk.forms import FileReasonForm
from operators.casework.pathways.gates import NEXT
from operators.casework.pathways.rules import can_read_pathways
from operators.casework.pathways.selectors import pathway_file


@require(can_read_pathways)
@require_http_methods(["GET", "HEAD", "POST"])
@sent_once
def file_reason(request: SignedRequest, uuid: UUID) -> HttpResponse:
    """Why do I open the file of somebody I do not follow? Asked once a day, read by the person."""
    pathway = pathway_file(user=request.user, uuid=uuid)
    if pathway is None:
        raise Http404
    back = request.GET.get(NEXT, "")
    form = FileReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.give_reason(pathway=pathway, by=request.user, now=timezone.now(), **form.cleaned_data)
        except DomainError as refusal:
            form.add_error("text", str(refusal))
        else:
            is_ours = back.startswith("/") and url_has_allowed_host_and_scheme(back, allowed_hosts=None)
            return redirect(back) if is_ours else redirect("operators:pathway_detail", pathway.uuid)
    return render(request, "operators/casework/desk/file_reason.html", {"pathway": pathway, "form": form})

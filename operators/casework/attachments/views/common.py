"""What the desk and the personal space share: adding, giving, taking back."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from cep_portal.accounts.models import SignedRequest
from cep_portal.common.errors import DomainError
from cep_portal.documents.services import download
from operators.casework.attachments import services
from operators.casework.attachments.forms import AttachmentForm
from operators.casework.attachments.models import Attachment
from operators.casework.pathways.models import Pathway


def upload_form(request: HttpRequest) -> AttachmentForm:
    sent = request.method == "POST"
    return AttachmentForm(
        request.POST if sent else None,
        request.FILES if sent else None,
        max_bytes=settings.PORTAL_UPLOAD_MAX_BYTES,
    )


def add(request: SignedRequest, pathway: Pathway, form: AttachmentForm) -> bool:
    """Keep the file of a valid form; a refusal is written on its question."""
    sent = form.cleaned_data["file"]
    try:
        services.add_attachment(
            pathway=pathway, name=sent.name, content=sent.read(), by=request.user, now=timezone.now()
        )
    except DomainError as refusal:
        form.add_error("file", str(refusal))
        return False
    messages.success(request, "Fichier ajouté. Il s’ouvre dès que l’antivirus l’a vérifié.")
    return True


def give(request: HttpRequest, attachment: Attachment, *, back: HttpResponse) -> HttpResponse:
    """The bytes of a clean file; for the others, why not."""
    if attachment.is_open:
        return download(
            services.content_of(attachment), name=attachment.file_name, media_type=attachment.media_type
        )
    messages.info(request, f"Ce fichier est {attachment.get_state_display()} : il ne s’ouvre pas.")
    return back


def remove(request: SignedRequest, attachment: Attachment, *, back: str, **kwargs: Any) -> HttpResponse:
    try:
        services.remove_attachment(attachment=attachment, by=request.user, now=timezone.now())
    except DomainError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, "Fichier retiré.")
    return redirect(back, **kwargs)

"""The one gate of a file: every page of a pathway passes it, whatever the subject of the page."""

from typing import cast
from urllib.parse import urlencode

from django.http import HttpRequest
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from cep_portal.accounts.models import User
from cep_portal.common.access import Detour
from operators.casework.pathways import hooks
from operators.casework.pathways.models import Pathway

NEXT = "suite"


def pass_gate(request: HttpRequest, pathway: Pathway) -> dict:
    """What the journal keeps beside the opening; else a Detour to the page to pass, which comes back here.

    A form sent without passing is not sent again: it comes back to the file.
    """
    user = cast("User", request.user)  # `require` let them in
    gate = hooks.gate(hooks.OpenFile(pathway, user, timezone.now()))
    if not gate.url_name:
        return gate.data
    url = reverse(gate.url_name, args=[pathway.uuid])
    back = urlencode({NEXT: request.get_full_path()}) if request.method in {"GET", "HEAD"} else ""
    raise Detour(redirect(f"{url}?{back}" if back else url))

"""What somebody reads of a file frozen or erased: that nothing is written there, and no act (ADR 0053)."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.deprecation import MiddlewareMixin

from beneficiaries.request.errors import FileMerged, FileRestricted
from beneficiaries.request.selectors import has_frozen_file
from cep_portal.accounts.enums import Role
from cep_portal.common.access import PUBLIC

OWN = ("beneficiaries.", "cep_portal.")  # the rights over the own file, the complaint, the sign-in


class ClosedFile(MiddlewareMixin):
    """A frozen file keeps only its rights; a refusal that no page caught is a page, never an error."""

    def process_view(self, request: Any, view: Callable, _args: tuple, _kwargs: dict) -> HttpResponse | None:
        is_upper = not view.__module__.startswith(OWN) and getattr(view, "access", PUBLIC) != PUBLIC
        is_person = getattr(request.user, "role", None) == Role.BENEFICIARY
        if is_upper and is_person and has_frozen_file(user=request.user):
            return redirect("beneficiaries:space")
        return None

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, FileRestricted | FileMerged):
            return None
        return render(request, "beneficiaries/file_closed.html", {"words": str(exception)}, status=410)

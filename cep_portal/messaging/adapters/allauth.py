from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.stagekit import clear_login
from django.conf import settings
from django.contrib import messages
from django.contrib.sites.shortcuts import get_current_site
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.crypto import get_random_string

from cep_portal.accounts.models import User
from cep_portal.messaging.enums import MessageKind
from cep_portal.messaging.selectors import is_agent
from cep_portal.messaging.services import DEFAULT_LIFETIME, enqueue_message


class OutboxAccountAdapter(DefaultAccountAdapter):
    """Sign-in messages go through the outbox like all others; nobody signs up by themselves.

    Agents never enter by a code alone: their password is asked (ASVS 6.3.3). People enter by the code of
    their space (beneficiaries.signin); allauth's own page of codes is not offered.
    """

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002 -- allauth's signature
        return False

    def send_mail(self, template_prefix: Any, email: Any, context: Any) -> None:
        now = timezone.now()
        message = self.render_mail(template_prefix, email, self._facts(email) | context)
        enqueue_message(
            key=f"account:{get_random_string(24)}",
            recipient=email,
            subject=message.subject,
            body=message.body,
            lifetime=DEFAULT_LIFETIME,
            kind=MessageKind.CODE,
            now=now,
        )

    def _facts(self, email: str) -> dict:
        return {
            "email": email,
            "request": self.request,
            "current_site": get_current_site(self.request),
            "base_url": settings.PORTAL_BASE_URL,
        }

    def pre_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse | None:
        if _by_code(request) and is_agent(user=user, on=timezone.localdate()):
            return self._refuse_code(request)
        return super().pre_login(request, user, **kwargs)

    def _refuse_code(self, request: HttpRequest) -> HttpResponse:
        clear_login(request)
        messages.error(
            request, "Votre compte professionnel se connecte avec un mot de passe, pas avec un code."
        )
        return redirect("account_login")


def _by_code(request: HttpRequest) -> bool:
    """Whether the last thing proved in this session is the code sent by e-mail."""
    proofs = request.session.get("account_authentication_methods", [])
    return bool(proofs) and proofs[-1].get("method") == "code"

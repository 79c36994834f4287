from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.stagekit import clear_login
from allauth.mfa.adapter import DefaultMFAAdapter
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

WRONG_CODE = "« Code » : ce n’est pas le bon, ou il a déjà servi. Prenez celui qui s’affiche maintenant."
WRONG_ENTRY = "Adresse ou mot de passe inexacts. Vérifiez les deux, ou demandez un nouveau mot de passe."
OLD_LINK = "Ce lien a déjà servi, ou il est trop ancien. Demandez-en un autre."
SLOWLY = "Trop d’essais à la suite. Attendez quelques minutes, puis recommencez."


class OutboxAccountAdapter(DefaultAccountAdapter):
    """Sign-in messages go through the outbox like all others; nobody signs up by themselves.

    Agents never enter by a code alone: their password is asked (ASVS 6.3.3). People enter by the code of
    their space (beneficiaries.signin); allauth's own page of codes is not offered.
    """

    error_messages: dict[str, Any] = {
        **DefaultAccountAdapter.error_messages,
        "account_inactive": "Ce compte est désactivé.",
        "email_password_mismatch": WRONG_ENTRY,
        "username_password_mismatch": WRONG_ENTRY,
        "invalid_login": WRONG_ENTRY,
        "enter_current_password": "« Mot de passe actuel » : ce n’est pas le bon.",
        "incorrect_password": "« Mot de passe » : ce n’est pas le bon.",
        "incorrect_code": WRONG_CODE,
        "invalid_or_expired_key": OLD_LINK,
        "invalid_password_reset": OLD_LINK,
        "unknown_email": "« Adresse électronique » : aucun compte n’a cette adresse.",
        "same_as_current": "« Nouveau mot de passe » : choisissez-en un autre que l’actuel.",
        "too_many_login_attempts": SLOWLY,
        "rate_limited": SLOWLY,
    }

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


class SecondFactorAdapter(DefaultMFAAdapter):
    """The words of the second factor."""

    error_messages: dict[str, Any] = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": WRONG_CODE,
        "cannot_delete_authenticator": "Le second facteur ne peut pas être retiré.",
        "cannot_generate_recovery_codes": "Installez d’abord un second facteur.",
        "unverified_email": "Confirmez d’abord votre adresse électronique.",
        "add_email_blocked": "L’adresse de ce compte ne se change pas ici.",
    }


def _by_code(request: HttpRequest) -> bool:
    """Whether the last thing proved in this session is the code sent by e-mail."""
    proofs = request.session.get("account_authentication_methods", [])
    return bool(proofs) and proofs[-1].get("method") == "code"

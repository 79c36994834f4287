from datetime import timedelta

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.utils import timezone
from django.utils.crypto import get_random_string

from cep_portal.accounts.enums import Role
from cep_portal.messaging.services import enqueue_message

CODE_LIFETIME = timedelta(minutes=10)


class OutboxAccountAdapter(DefaultAccountAdapter):
    """Sign-in messages go through the outbox like all others; nobody signs up by themselves."""

    def is_open_for_signup(self, request) -> bool:
        return False

    def send_mail(self, template_prefix, email, context) -> None:
        message = self.render_mail(
            template_prefix, email, {"base_url": settings.PORTAL_BASE_URL, **context}
        )
        enqueue_message(
            key=f"account:{get_random_string(24)}",
            recipient=email,
            subject=message.subject,
            body=message.body,
            lifetime=CODE_LIFETIME,
            now=timezone.now(),
        )

    def is_login_by_code_required(self, login) -> bool:
        return False

    def pre_login(self, request, user, **kwargs):
        """Agents never enter by e-mail code alone: their password is asked (trust.md, D39)."""
        methods = request.session.get("account_authentication_methods", [])
        by_code = any(record.get("method") == "code" for record in methods[-1:])
        if (
            by_code
            and user.mandates.active(timezone.localdate())
            .filter(role__in=Role.agents)
            .exists()
        ):
            return self.respond_agent_by_code(request)
        return super().pre_login(request, user, **kwargs)

    def respond_agent_by_code(self, request):
        from django.contrib import messages
        from django.shortcuts import redirect

        messages.error(
            request,
            "Votre compte professionnel se connecte avec un mot de passe, pas avec un code.",
        )
        return redirect("account_login")

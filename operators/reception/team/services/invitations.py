"""An adviser is let in by a link that serves once; nobody chooses a password for somebody else."""

from collections.abc import Collection
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string

from cep_portal.accounts.enums import Role
from cep_portal.accounts.links import password_link
from cep_portal.accounts.models import Mandate, Organisation, User
from cep_portal.accounts.services import MandateScope, grant_mandate, open_account, record
from cep_portal.common.days import local_day
from cep_portal.common.links import portal_link
from cep_portal.messaging.enums import MessageKind
from cep_portal.messaging.services import enqueue_message
from operators.network.models import Adviser, Site
from operators.network.services import locked_advisers, locked_sites
from operators.reception.team import rules
from operators.reception.team.errors import InvitationRefused

ELSEWHERE = "Cette adresse ne peut pas être invitée : donnez une adresse professionnelle de votre organisme."


@transaction.atomic
def invite_adviser(
    *,
    site: Site,
    email: str,
    first_name: str,
    last_name: str,
    max_per_day: int | None,
    skills: Collection[str],
    by: User,
    now: datetime,
) -> Adviser:
    """Let somebody receive at a site: an account without a password, a mandate, a link that serves once.

    An account that already acts for the operator is kept as it is, and told. Raises InvitationRefused when
    the site is closed, when the person is an adviser already, or when the account is not the operator's.
    """
    site = locked_sites(site.pk)[site.pk]
    if not site.is_open:
        raise InvitationRefused("Ce lieu est fermé.")
    holder = site.contract.holder
    known = User.objects.filter(email__iexact=email).first()
    user = known or open_account(email=email, first_name=first_name, last_name=last_name, by=by, now=now)
    if known is not None:
        _check_known(known, holder)
    today = local_day(now)
    held = user.mandates.active(today).filter(role=Role.ADVISER, organisation=holder)
    if not held.exists():
        grant_mandate(
            user=user,
            role=Role.ADVISER,
            scope=MandateScope(organisation=holder),
            starts_on=today,
            by=by,
            now=now,
        )
    adviser = Adviser.objects.create(user=user, site=site, max_per_day=max_per_day, skills=sorted(skills))
    record(action="operators.adviser.invited", target=adviser, by=by, now=now)
    _tell(adviser, holder, now=now)
    return adviser


def _check_known(user: User, holder: Organisation) -> None:
    card = Adviser.objects.filter(user=user).select_related("site__contract").first()
    if card is not None and card.site.contract.holder_id == holder.pk:
        raise InvitationRefused("Cette personne est déjà dans votre équipe.")
    mandates = Mandate.objects.filter(user=user)
    acts_here = mandates.filter(organisation=holder).exists()
    acts_elsewhere = mandates.exclude(organisation=holder).exists()
    if card is not None or not acts_here or acts_elsewhere or not user.is_active:
        raise InvitationRefused(ELSEWHERE)


@transaction.atomic
def renew_invitation(*, adviser: Adviser, by: User, now: datetime) -> Adviser:
    """Send another link, the former one being lost or over.

    Raises InvitationRefused once the person chose a password, or while suspended.
    """
    adviser = locked_advisers(adviser.pk)[adviser.pk]
    if not rules.awaits_password(adviser):
        raise InvitationRefused("Cette personne a déjà choisi son mot de passe, ou est suspendue.")
    record(action="operators.adviser.invited_again", target=adviser, by=by, now=now)
    _tell(adviser, adviser.site.contract.holder, now=now)
    return adviser


def _tell(adviser: Adviser, holder: Organisation, *, now: datetime) -> None:
    user = adviser.user
    opened = user.has_usable_password()
    context = {
        "user": user,
        "holder": holder,
        "site": adviser.site,
        "days": settings.PASSWORD_RESET_TIMEOUT // 86_400,
        "link": portal_link("account_login") if opened else password_link(user),
        "is_opened": opened,
    }
    enqueue_message(
        # Pressed twice in a minute, sent once.
        key=f"adviser-invited:{adviser.uuid}:{now:%Y%m%d%H%M}",
        recipient=user.email,
        subject=f"{holder.name} vous ouvre un accès",
        body=render_to_string("operators/reception/team/mail/invitation.txt", context),
        kind=MessageKind.CODE,
        lifetime=timedelta(seconds=settings.PASSWORD_RESET_TIMEOUT),
        now=now,
    )

"""An adviser enters by a link that serves once; the manager never chooses a password."""

import re

import pytest
from django.urls import reverse
from django.utils import timezone

from cep_portal.accounts.enums import Role
from cep_portal.accounts.models import AuditEvent, User
from cep_portal.messaging.models import Message
from operators.network.models import Adviser
from operators.reception.team.errors import InvitationRefused
from operators.reception.team.services import invite_adviser, renew_invitation, suspend_adviser
from tests.factories.accounts import MandateFactory, UserFactory
from tests.factories.operators import AdviserFactory, SiteFactory
from tests.operators.booking.agenda.clock import NOW

pytestmark = pytest.mark.django_db
ADDRESS = "nora.perrin@operateur.example"
PASSWORD = "une phrase assez longue"


def invite(site, manager, *, email=ADDRESS, now=NOW):
    return invite_adviser(
        site=site,
        email=email,
        first_name="Nora",
        last_name="Perrin",
        max_per_day=5,
        skills=["SIGN_LANGUAGE"],
        by=manager,
        now=now,
    )


def link_of(message) -> str:
    return re.search(r"/compte/password/reset/key/\S+", message.body).group()


def test_invited_adviser_has_an_account_a_mandate_and_no_password(adviser, manager):
    invited = invite(adviser.site, manager)

    mandate = invited.user.mandates.get()
    assert (invited.site, invited.max_per_day, invited.skills) == (adviser.site, 5, ["SIGN_LANGUAGE"])
    assert (mandate.role, mandate.organisation) == (Role.ADVISER, adviser.site.contract.holder)
    assert not invited.user.has_usable_password()
    actions = AuditEvent.objects.order_by("pk").values_list("action", flat=True)
    assert list(actions) == [
        "accounts.user.created",
        "accounts.mandate.granted",
        "operators.adviser.invited",
    ]


def test_the_link_serves_once(client, adviser, manager):
    invited = invite(adviser.site, manager, now=timezone.now())
    link = link_of(Message.objects.get(recipient=ADDRESS))

    form = client.get(link, follow=True)
    client.post(form.redirect_chain[-1][0], {"password1": PASSWORD, "password2": PASSWORD})

    invited.user.refresh_from_db()
    assert invited.user.check_password(PASSWORD)
    again = client.get(link, follow=True)
    assert "password1" not in again.text


def test_who_acts_for_the_operator_already_keeps_the_account(adviser, manager):
    officer = UserFactory(role=Role.INTAKE_OFFICER, role__organisation=adviser.site.contract.holder)
    officer.set_password(PASSWORD)
    officer.save()

    invited = invite(adviser.site, manager, email=officer.email.upper())

    message = Message.objects.get(recipient=officer.email)
    assert (invited.user, User.objects.filter(email=officer.email).count()) == (officer, 1)
    assert "/compte/login/" in message.body
    assert "password" not in message.body


@pytest.mark.parametrize("role", [Role.BENEFICIARY, Role.ANALYST, Role.OPERATOR_MANAGER])
def test_an_account_of_somebody_else_is_never_taken(adviser, manager, role):
    stranger = UserFactory(role=role)

    with pytest.raises(InvitationRefused, match="ne peut pas être invitée"):
        invite(adviser.site, manager, email=stranger.email)

    assert Adviser.objects.count() == 1


def test_an_adviser_of_another_operator_is_refused_in_the_same_words(adviser, manager):
    other = AdviserFactory()
    MandateFactory(user=other.user, role=Role.INTAKE_OFFICER, organisation=adviser.site.contract.holder)

    with pytest.raises(InvitationRefused, match="ne peut pas être invitée"):
        invite(adviser.site, manager, email=other.user.email)


def test_an_adviser_is_invited_once(adviser, manager):
    invite(adviser.site, manager)

    with pytest.raises(InvitationRefused, match="déjà dans votre équipe"):
        invite(adviser.site, manager)


def test_nobody_is_invited_to_a_closed_place(adviser, manager):
    with pytest.raises(InvitationRefused, match="fermé"):
        invite(SiteFactory(contract=adviser.site.contract, is_open=False), manager)

    assert not User.objects.filter(email=ADDRESS).exists()


def test_another_link_is_sent_until_a_password_is_chosen(adviser, manager):
    invited = invite(adviser.site, manager)
    later = NOW.replace(hour=18)

    renew_invitation(adviser=invited, by=manager, now=later)
    renew_invitation(adviser=invited, by=manager, now=later)
    invited.user.set_password(PASSWORD)
    invited.user.save()

    assert Message.objects.filter(recipient=ADDRESS).count() == 2
    with pytest.raises(InvitationRefused, match="déjà choisi"):
        renew_invitation(adviser=invited, by=manager, now=later)


def test_a_suspended_adviser_is_sent_no_link(adviser, manager):
    suspend_adviser(adviser=adviser, by=manager, now=NOW)

    with pytest.raises(InvitationRefused, match="suspendue"):
        renew_invitation(adviser=adviser, by=manager, now=NOW)


def test_manager_invites_from_the_page(client, adviser, manager):
    client.force_login(manager)
    fields = {"email": ADDRESS, "first_name": "Nora", "last_name": "Perrin", "site": adviser.site.slug}

    done = client.post(reverse("operators:adviser_invite"), fields)
    again = client.post(reverse("operators:adviser_invite"), fields)

    assert done.url == reverse("operators:team")
    assert again.context["form"].errors == {"email": ["Cette personne est déjà dans votre équipe."]}


def test_a_place_of_another_operator_is_no_choice(client, adviser, manager):
    client.force_login(manager)
    foreign = SiteFactory()

    page = client.post(
        reverse("operators:adviser_invite"),
        {"email": ADDRESS, "first_name": "N", "last_name": "P", "site": foreign.slug},
    )

    assert list(page.context["form"].errors) == ["site"]


def test_another_link_is_asked_from_the_adviser_s_page(client, adviser, manager):
    client.force_login(manager)
    page = client.get(reverse("operators:adviser_capacity", args=[adviser.uuid]))

    client.post(reverse("operators:adviser_invite_again", args=[adviser.uuid]))

    assert "Envoyer un nouveau lien" in page.text
    assert Message.objects.get().recipient == adviser.user.email

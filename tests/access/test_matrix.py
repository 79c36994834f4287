"""Every URL as every role, as the matrix says; what is another’s does not exist; a name opens a file."""

import re

import pytest
from django.conf import settings
from django.db import transaction
from django.test import Client
from django.urls import reverse

from beneficiaries.request.models import Beneficiary
from cep_portal.accounts.enums import Role
from cep_portal.common.access import PUBLIC, SIGNED_IN, TOKEN
from tests.access.matrix import MATRIX
from tests.access.world import build_both

pytestmark = [pytest.mark.slow, pytest.mark.django_db]

# Objects of an operator or a region, with the roles for which the other side's must not exist.
OPERATORS = [
    *(Role.ADVISER, Role.INTAKE_OFFICER, Role.OPERATOR_MANAGER),
    *(Role.COMMITTEE_MEMBER, Role.BENEFICIARY),
]
FOREIGN = [
    *("reporting:own_closing", "reporting:own_figure"),
    "operators:opening_request_close",
    *("operators:referral_choose", "operators:referral_add", "operators:referral_detail"),
    *("operators:referral_take_back", "operators:referral_withdraw", "operators:door_change"),
    *("operators:transfer_prepare", "operators:transfer_detail", "operators:transfer_send"),
    *("operators:transfer_withdraw", "operators:transfer_receive", "operators:transfer_refuse"),
    *("operators:own_transfer", "operators:own_transfer_withdraw"),
    *("operators:group_detail", "operators:group_cancel", "operators:group_reached"),
    *("operators:attachment_list", "operators:attachment", "operators:attachment_remove"),
    *("operators:own_attachment", "operators:own_attachment_remove"),
    *("operators:note_list", "operators:note_add", "operators:note_correct", "operators:note_release"),
    *("operators:situation_list", "operators:situation_change", "operators:situation_correct"),
    *("operators:situation_withdraw", "operators:rectification_answer"),
    *("operators:unplanned_session", "operators:pathway_hand_over", "operators:pathway_take_back"),
    *("operators:pair_compare", "operators:pair_apart", "operators:merge_detail", "operators:merge_undo"),
    *("operators:portfolio_hand_over", "operators:file_reason", "operators:delivery_detail"),
    *("operators:delivery_refused", "operators:delivery_status"),
    *("operators:extract_detail", "operators:extract_status"),
    *("operators:extract_cancel", "operators:extract_download"),
    *("operators:session_log", "operators:no_show", "operators:no_show_undo"),
    *("operators:pathway_detail", "operators:pathway_close"),
    *("operators:plan", "operators:plan_targets", "operators:plan_target_remove"),
    *("operators:plan_objective", "operators:plan_objective_shift", "operators:plan_objective_remove"),
    *("operators:plan_action", "operators:plan_action_state", "operators:plan_action_shift"),
    *("operators:ready_action_withdraw", "operators:own_action", "operators:own_action_state"),
    *("operators:summary", "operators:summary_start", "operators:summary_propose"),
    *("operators:summary_withdraw", "operators:summary_file", "operators:own_summary"),
    *("operators:own_summary_accept", "operators:own_summary_file", "operators:own_summary_share"),
    "operators:own_share_revoke",
    *("operators:call_slots", "operators:call_book", "operators:call_booked", "operators:caller_detail"),
    *("operators:caller_move", "operators:caller_cancel", "operators:next_appointment"),
    "operators:appointment_level",
    *("operators:integration_revoke", "operators:adviser_capacity", "operators:call_back_note"),
    *("operators:call_back_follow", "operators:request_follow"),
    *("operators:webhook_detail", "operators:webhook_change", "operators:webhook_secret"),
    *("operators:webhook_test", "operators:webhook_suspend", "operators:webhook_resume"),
    *("operators:webhook_end", "operators:webhook_replay_all", "operators:webhook_replay"),
    *("operators:closure_list", "operators:closure_remove", "operators:replacement_settle"),
    *("operators:adviser_suspend", "operators:adviser_resume", "operators:adviser_move"),
    *("operators:adviser_invite_again", "operators:site_change", "operators:site_close"),
    *("operators:opening_day_restore", "operators:recurring_absence_remove"),
    *("operators:absence_remove", "procurement:own_penalty", "procurement:own_penalty_letter"),
    *("reporting:region", "reporting:region_csv", "reporting:region_packs", "reporting:pack_ask"),
    *("reporting:pack", "reporting:pack_status", "reporting:pack_download"),
    *("beneficiaries:email_code", "beneficiaries:erase_code", "beneficiaries:export"),
    *("beneficiaries:export_status", "beneficiaries:export_download", "beneficiaries:complaint_detail"),
    *("operators:session_correct", "operators:correction_undo", "operators:delivery_send"),
    *("beneficiaries:complaint_told", "beneficiaries:complaint_contest", "beneficiaries:complaint_letter"),
]
# Named by their address, and nobody's: pages of one's own space, definitions, the demonstration's outbox.
NOBODYS = {"beneficiaries:space_page", "reporting:indicator"}
NOBODYS |= {"messaging:message_detail"}
# Public by its link, but only for the session that asked: for everybody else it does not exist.
HOLDERS_ONLY = {"beneficiaries:attestation"}
# A partner's, but only in the browser that began the request with the person.
STARTED_HERE = {"operators:partner_slots", "operators:partner_contact", "operators:partner_code"}


SIGNED = {}  # the session of each user, by key: signed in once, not at each of seven thousand visits


@pytest.fixture(scope="module")
def sides(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic():
        both = build_both()
        SIGNED.update({user.pk: signed_in(user) for side in both for user in side.people.values()})
        yield both
        SIGNED.clear()
        transaction.set_rollback(True)


def signed_in(user) -> str:
    client = Client()
    client.force_login(user)
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def visit(user, path: str, method: str = "get") -> int:
    client = Client()
    if user is not None and user.pk in SIGNED:
        client.cookies[settings.SESSION_COOKIE_NAME] = SIGNED[user.pk]
    elif user is not None:
        client.force_login(user)
    response = getattr(client, method)(path)
    if response.status_code == 302 and response["Location"].startswith("/compte/login/"):
        return 401
    return response.status_code


def expected(name: str, role) -> set[int]:
    """200 or a redirection or "wrong method" when allowed; sign in, or 403, when not."""
    allowed, welcome = MATRIX[name], {404} if name in STARTED_HERE else {200, 302, 405}
    if allowed == PUBLIC:
        return welcome
    if allowed == TOKEN:
        return {401, 405}  # 405: the other method, which says nothing
    if role is None:
        return {401}
    if allowed == SIGNED_IN or role in allowed:
        return welcome
    return {403}


@pytest.mark.parametrize("name", sorted(MATRIX))
def test_url_opens_for_the_roles_of_the_matrix_only(sides, name):
    here, _ = sides
    path = path_of(here, name)
    people = {None: None, **here.people}
    strangers = {404} if name in HOLDERS_ONLY else set()

    wrong = {
        role: status
        for role, user in people.items()
        if (status := visit(user, path)) not in (strangers or expected(name, role))
    }

    assert wrong == {}


@pytest.mark.parametrize(
    "name", [name for name in sorted(MATRIX) if MATRIX[name] not in (PUBLIC, SIGNED_IN, TOKEN)]
)
def test_post_is_refused_like_get(sides, name):
    here, _ = sides
    path = path_of(here, name)
    outsiders = {role: user for role, user in here.people.items() if role not in MATRIX[name]}

    assert {role: visit(user, path, "post") for role, user in outsiders.items()} == dict.fromkeys(
        outsiders, 403
    )


def test_every_url_of_somebody_s_object_is_tried_from_the_other_side(sides):
    """RDV-SP PR 3888: people of one town hall seen by another."""
    here, _ = sides
    named = {name for name in MATRIX if here.kwargs.get(name) and MATRIX[name] not in (PUBLIC, TOKEN)}
    opened = {
        name for name in named if MATRIX[name] == SIGNED_IN or set(MATRIX[name]).intersection(OPERATORS)
    }

    assert opened - set(FOREIGN) == NOBODYS


@pytest.mark.parametrize("name", FOREIGN)
def test_what_is_of_another_operator_or_region_does_not_exist(sides, name):
    """RDV-SP PR 3888: people of one town hall seen by another."""
    here, there = sides
    path = path_of(there, name)
    roles = [role for role in OPERATORS if role in MATRIX[name]]
    method = "post" if visit(there.people[roles[0]], path) == 405 else "get"

    assert {role: visit(here.people[role], path, method) for role in roles} == dict.fromkeys(roles, 404)


def path_of(side, name: str) -> str:
    return reverse(name, kwargs=side.kwargs.get(name, {}))


def test_unsigned_in_message_never_says_more_than_sign_in(sides):
    here, _ = sides

    assert visit(None, path_of(here, "operators:pathway_detail")) == 401
    assert visit(None, path_of(here, "reporting:national")) == 401


CELL = re.compile(r"<(t[hd]|li)\b[^>]*>(.*?)</\1>", re.DOTALL)
OPENS = re.compile(
    r"<(a|button|summary|label|h1)\b.*?</\1>|<span class=\"visually-hidden\">.*?</span>", re.DOTALL
)
CROWDED = ["operators:today", "operators:agenda", "operators:group_detail", "operators:pair_compare"]


@pytest.mark.parametrize(("role", "least"), [(Role.ADVISER, 6), (Role.INTAKE_OFFICER, 3)])
def test_a_name_always_opens_the_file_on_the_lists_of_the_desks(sides, role, least):
    """In a cell or a line of a list; a name that a form asks about, or a menu, is not one."""
    here, _ = sides
    names = {person.full_name for person in Beneficiary.objects.all() if person.first_name}
    lists = [name for name in MATRIX if name.endswith("_list") or name in CROWDED]
    pages = {name: page_text(here, name, role) for name in lists if can_open(name, role)}

    shut = {
        name: told
        for name, page in pages.items()
        if (told := [who for _, cell in CELL.findall(page) for who in names if who in OPENS.sub("", cell)])
    }

    assert len([page for page in pages.values() if any(who in page for who in names)]) >= least
    assert shut == {}


def can_open(name: str, role: Role) -> bool:
    return not isinstance(MATRIX[name], str) and role in MATRIX[name]


def page_text(side, name: str, role: Role) -> str:
    client = Client()
    client.cookies[settings.SESSION_COOKIE_NAME] = SIGNED[side.people[role].pk]
    return client.get(path_of(side, name)).text

"""Each act of the desks that needs one press says how it is taken back; a new one must declare itself.

An act with a page of its own (a form, or what it will change) is asked twice by nature: it is not here.
"""

import ast
import re

import pytest

from tests.house.figures import ROOT
from tests.house.test_sent_once import functions, reaching

UNDONE = "ten minutes to take it back (cep_portal/common/undo.py)"
BOTH_WAYS = "the opposite act is a button of the same place"
SHOWN_FIRST = "it cuts somebody off, tells somebody or destroys: a dialog says what will change"
ASKED = "it is sent with a choice or words of its own, on a page that shows what it is about"
ADDS = "it adds, sends or begins something; nothing is lost by it"
UNDOES = "it takes an act back"

ACTS = {
    # hours
    "absence_remove": UNDONE,
    "recurring_absence_remove": UNDONE,
    "closure_remove": UNDONE,
    "opening_day_restore": UNDONE,
    "opening_end": UNDONE,
    "replacement_settle": ADDS,
    # the day and the file
    "no_show": UNDONE,
    "no_show_undo": UNDOES,
    "appointment_level": BOTH_WAYS,
    "pathway_close": ASKED,
    "correction_undo": UNDOES,
    "attachment_remove": SHOWN_FIRST,
    "situation_withdraw": SHOWN_FIRST,
    "rectification_answer": ASKED,
    "objective_remove": UNDONE,
    "objective_shift": BOTH_WAYS,
    "target_remove": UNDONE,
    "action_state": BOTH_WAYS,
    "action_shift": BOTH_WAYS,
    "ready_withdraw": UNDONE,
    "summary_start": ADDS,
    "summary_propose": BOTH_WAYS,
    "summary_withdraw": BOTH_WAYS,
    "referral_take_back": SHOWN_FIRST,
    # queues
    "request_follow": UNDONE,
    "call_back_follow": UNDONE,
    "call_back_note": ADDS,
    "group_reached": ADDS,
    "complaint_told": ADDS,
    "complaint_contest": ASKED,
    # files that change hands
    "pathway_take_back": SHOWN_FIRST,
    "pair_apart": ASKED,
    "merge_undo": UNDOES,
    "transfer_send": ADDS,
    "transfer_withdraw": SHOWN_FIRST,
    # the team, its software, its files
    "adviser_invite_again": ADDS,
    "adviser_resume": SHOWN_FIRST,
    "integration_revoke": SHOWN_FIRST,
    "webhook_secret": SHOWN_FIRST,
    "webhook_end": SHOWN_FIRST,
    "webhook_suspend": BOTH_WAYS,
    "webhook_resume": BOTH_WAYS,
    "webhook_test": ADDS,
    "webhook_replay": ADDS,
    "webhook_replay_all": ADDS,
    "delivery_send": ASKED,
    "extract_cancel": SHOWN_FIRST,
    # steering
    "mandate_end": SHOWN_FIRST,
    "penalty_notify": SHOWN_FIRST,
    "penalty_drop": SHOWN_FIRST,
    "closing_freeze": SHOWN_FIRST,
    "closings_freeze": SHOWN_FIRST,
    "reopening_ask": ASKED,
    "reopening_decide": ASKED,
    "neutralisation_propose": ASKED,
    "neutralisation_decide": ASKED,
    "dispute_answer": ASKED,
    "restatement_decide": ASKED,
    "figure_compare": ADDS,
    "figure_evidence": ASKED,
    "pack_ask": ADDS,
}
NOT_DESKS = {  # public pages, the person's own space, machines
    *(
        "contact_confirm",
        "partner_share",
        "partner_withdraw",
        "transfer_take_back",
        "hold_release",
        "give_up",
    ),
    *("own_transfer_withdraw", "own_action_state", "own_attachment_remove", "referral_withdraw"),
    *("own_summary_accept", "own_summary_share", "own_share_revoke", "export_ask"),
    *("appointment_restore", "appointment_mode", "clock_move", "sms_delivery", "email_delivery"),
}
DIALOG = re.compile(r"{% ui_dialog .*?{% endui_dialog %}", re.DOTALL)


def one_press() -> dict[str, ast.FunctionDef]:
    """Every view that only answers a POST, by name."""
    return {
        view.name: view
        for _, view in functions("views")
        if any(ast.unparse(decorator) == "require_POST" for decorator in view.decorator_list)
    }


@pytest.fixture(scope="module")
def dialogs() -> str:
    pages = (path.read_text() for path in (ROOT / "templates").rglob("*.html"))
    return "\n".join(dialog for page in pages for dialog in DIALOG.findall(page))


def test_every_act_of_one_press_says_how_it_is_taken_back():
    views = set(one_press()) - NOT_DESKS

    assert sorted(views - set(ACTS)) == []
    assert sorted(set(ACTS) - views) == []


def test_what_is_undone_offers_it_and_nothing_else_does():
    views = list(functions("views"))
    offering = set()
    for file in {path for path, _ in views}:
        nearby = [(path, view) for path, view in views if path == file]
        offering |= reaching({"offer_undo"}, nearby) & set(one_press())

    assert sorted(offering) == sorted(name for name, how in ACTS.items() if how == UNDONE)


@pytest.mark.parametrize("name", [name for name, how in ACTS.items() if how == SHOWN_FIRST])
def test_what_cannot_be_undone_is_shown_first(dialogs, name):
    """The route has the name of the view, or of its group: « remove_name » of the rows of attachments."""
    route = "remove_name" if name == "attachment_remove" else f':{name}"'

    assert route in dialogs.replace("'", '"')

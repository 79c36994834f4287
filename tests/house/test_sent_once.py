"""A view that creates answers a form once (ADR 0059): found from what its services write, not from a list."""

import ast
from collections.abc import Iterator

from tests.house.figures import APPS, ROOT, trees

CREATES = {"create", "bulk_create", "get_or_create", "update_or_create"}
TRAIL = {"record", "later", "enqueue_message"}  # what every act leaves behind
CODE = "a code is typed once, and counted whatever becomes of the act"
KEY = "it comes with an idempotency key of its own, down to the row"
STARTS = "it starts a road in the session, and writes nothing of a person"
MOVED = "the row is locked: a second press finds it moved or restored already, and says so"
READS = "it reads, and shares a word with what writes"
ANSWERED_OTHERWISE = {
    "appointment_restore": MOVED,
    "appointment_move": MOVED,
    "caller_move": MOVED,
    "replacement_list": READS,
    "request_detail": READS,
    "booking": KEY,
    "booking_code": KEY,
    "slot_list": KEY,
    "group_join": KEY,
    "group_code": KEY,
    "attestation": KEY,
    "offer": KEY,
    "waiting_contact": CODE,
    "waiting_code": CODE,
    "transfer_link": CODE,
    "partner_contact": CODE,
    "partner_code": CODE,
    "contact": CODE,
    "code": CODE,
    "prove": CODE,
    "email_change": CODE,
    "erase": CODE,
    "erase_code": CODE,
    "sign_in": CODE,
    "sign_in_code": CODE,
    "sign_in_who": CODE,
    "check": STARTS,
    "call_start": STARTS,
    "partner_start": STARTS,
    "shared_summary": "each reading is written, as it is read",
    "feed_manage": "the last secret shown is the one that serves",
    "delivery_list": "a file is known again by its content",
    "delivery_trial": "a file is known again by its content",
}


def functions(role: str) -> Iterator[tuple[str, ast.FunctionDef]]:
    """Each top function of the files of a role, with the path of its file."""
    for path, tree in trees(*APPS).items():
        parts = path.relative_to(ROOT).parts
        if (path.stem == role or role in parts) and "demo" not in parts:
            yield from ((str(path), node) for node in tree.body if isinstance(node, ast.FunctionDef))


def used(function: ast.FunctionDef) -> set[str]:
    names = {node.id for node in ast.walk(function) if isinstance(node, ast.Name)}
    return names | {node.attr for node in ast.walk(function) if isinstance(node, ast.Attribute)}


def inserts(function: ast.FunctionDef) -> bool:
    calls = [
        node
        for node in ast.walk(function)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
    ]
    return any(
        (call.func.attr in CREATES and "objects" in ast.unparse(call.func))
        or (call.func.attr == "save" and (not call.keywords or call.keywords[0].arg == "force_insert"))
        for call in calls
    )


def reaching(wanted: set[str], within: list[tuple[str, ast.FunctionDef]]) -> set[str]:
    """The names of the functions that use one of these, directly or through one another."""
    reached = set(wanted)
    while more := {by.name for _, by in within if by.name not in reached | TRAIL and used(by) & reached}:
        reached |= more
    return reached


def creating_views() -> dict[str, ast.FunctionDef]:
    services = list(functions("services"))
    creating = reaching({service.name for _, service in services if inserts(service)} - TRAIL, services)
    views = list(functions("views"))
    entrances = {}
    for file in {path for path, _ in views}:
        nearby = [(path, view) for path, view in views if path == file]
        own = {view.name for _, view in nearby}
        direct = {view.name for _, view in nearby if (used(view) & creating) - own}
        reached = reaching(direct, nearby) & own
        entrances |= {view.name: view for _, view in nearby if view.decorator_list and view.name in reached}
    return entrances


def test_every_view_that_creates_answers_a_form_once():
    views = creating_views()
    innermost = {name: ast.unparse(view.decorator_list[-1]) for name, view in views.items()}

    assert len(views) > 60
    assert [n for n, last in innermost.items() if last != "sent_once" and n not in ANSWERED_OTHERWISE] == []


def test_views_answered_otherwise_are_still_there():
    views = creating_views()

    assert sorted(name for name in ANSWERED_OTHERWISE if name not in views) == []
    assert [n for n in ANSWERED_OTHERWISE if "sent_once" in ast.unparse(views[n].decorator_list[-1])] == []

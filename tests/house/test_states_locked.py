"""A state is read after its lock (ADR 0059): an act takes anew each row it is given, then looks."""

import ast

from django.apps import apps

from tests.house.figures import APPS, ROOT, trees

STATES = {
    "state",
    "is_active",
    "is_open",
    "ended_at",
    "withdrawn_at",
    "answered_at",
    "cancelled_at",
    "expires_at",
}
READ_SAFELY = {
    # Read anew under the advisory lock of the appointment, line before.
    ("cancel_by_software", "appointment"),
    # The last state there is, and the file is looked for again when it is sent.
    ("send_checked", "trial"),
}


def states_taken_as_given(tree: ast.Module) -> list[str]:
    """`act: row.state` for each act (a public service in a transaction) that trusts the row it was given."""
    models = {model.__name__ for model in apps.get_models()}
    faults = []
    for act in tree.body:
        if not isinstance(act, ast.FunctionDef) or act.name.startswith("_") or not _is_an_act(act):
            continue
        rows = {
            arg.arg
            for arg in (*act.args.args, *act.args.kwonlyargs)
            if arg.annotation is not None
            and models & {n.id for n in ast.walk(arg.annotation) if isinstance(n, ast.Name)}
        }
        anew = {}
        for node in ast.walk(act):
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                anew[node.id] = min(node.lineno, anew.get(node.id, node.lineno))
        faults += [
            f"{act.name}: {ast.unparse(node)}"
            for node in ast.walk(act)
            if isinstance(node, ast.Attribute)
            and node.attr in STATES
            and isinstance(node.value, ast.Name)
            and node.value.id in rows
            and node.lineno <= anew.get(node.value.id, node.lineno)
            and (act.name, node.value.id) not in READ_SAFELY
        ]
    return faults


def _is_an_act(function: ast.FunctionDef) -> bool:
    return any("atomic" in ast.unparse(decorator) for decorator in function.decorator_list)


def test_no_act_trusts_the_state_of_a_row_it_was_given():
    faults = [
        f"{path.relative_to(ROOT)} {fault}"
        for path, tree in trees(*APPS).items()
        if path.stem == "services" or "services" in path.parts
        for fault in states_taken_as_given(tree)
    ]

    assert faults == []


def test_a_state_read_before_the_lock_is_seen():
    act = """
@transaction.atomic
def invite(*, site: Site, by: User) -> None:
    if not site.is_open:
        raise Closed
    site = locked_sites(site.pk)[site.pk]
"""
    assert states_taken_as_given(ast.parse(act)) == ["invite: site.is_open"]


def test_a_state_read_after_the_lock_is_fine():
    act = """
@transaction.atomic
def invite(*, site: Site, by: User) -> None:
    site = locked_sites(site.pk)[site.pk]
    if not site.is_open:
        raise Closed
"""
    assert states_taken_as_given(ast.parse(act)) == []

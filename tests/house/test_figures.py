"""What the house promises of itself and keeps (docs/architecture.md): no import cycle, at any depth."""

import re
import tomllib

from tests.house import figures


def test_no_file_imports_itself_by_a_detour():
    """Imports inside functions count: a cycle that only waits is one."""
    assert figures.cycles(figures.imports()) == []


def test_no_subject_imports_itself_by_a_detour():
    assert figures.cycles(figures.subject_graph()) == []


def test_cycles_are_seen():
    graph = {"a": {"b"}, "b": {"c"}, "c": {"a", "d"}, "d": set(), "e": {"f"}, "f": {"e"}}

    assert figures.cycles(graph) == [["a", "b", "c"], ["e", "f"]]


def test_imports_are_read_by_their_module():
    """`from a import b` reads the module a.b where there is one, else a."""
    imported = figures.imports()["operators.exchange.webhooks.services.sending"]

    assert {"cep_portal.common.later", "operators.exchange.webhooks.rules"} <= imported


def test_figures_are_measured():
    """A figure of nothing would meet every goal."""
    assert len(figures.file_lines()) > 700
    assert len(figures.subject_graph()) > 35
    assert sum(map(len, figures.imports().values())) > 3_000


def contracts() -> list[dict]:
    return tomllib.loads((figures.ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]


def test_every_file_has_a_role():
    """The contract of import-linter says it too; this names the files (docs/adr/0044)."""
    assert figures.files_outside_the_order() == []


def test_every_subject_keeps_the_order():
    """A subject that the contract does not name is not judged."""
    subjects = {
        f"{container}.{layer}"
        for contract in contracts()
        if contract["name"].startswith("Subjects of")
        for container in contract["containers"]
        for layer in contract["layers"]
    }
    alone = {"operators.network"} | {
        f"cep_portal.{app}" for app in ("accounts", "documents", "messaging", "territories", "training")
    }

    assert set(figures.order()["containers"]) == subjects | alone


def test_roles_are_those_of_the_record():
    table = (figures.ROOT / "docs/adr/0044-a-role-for-every-file.md").read_text()
    rows = [line.split("|")[1] for line in table.splitlines() if line.startswith("| `")]

    told = {name for row in rows for name in re.findall(r"`(\w+)`", row)}

    assert told == figures.roles() - {"migrations"}


def test_few_imports_wait_and_few_rules_are_silenced():
    assert len(figures.deferred_imports()) < 20
    assert len(figures.silenced()) < 60


def test_names_that_say_nothing_never_rise():
    """A ratchet: whoever takes some out lowers it here; docs/glossary.md has the word."""
    assert figures.names_that_say_nothing() <= 691

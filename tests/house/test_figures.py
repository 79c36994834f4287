"""What the house promises of itself and keeps (docs/architecture.md): no import cycle, at any depth."""

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

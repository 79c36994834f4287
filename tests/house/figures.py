"""The figures of the house beside their goals: `python -m tests.house.figures`, or imported by a ratchet.

Product code is every Python file of the five apps, migrations apart.
"""

import ast
import re
import statistics
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
APPS = ("beneficiaries", "cep_portal", "operators", "procurement", "reporting")
ORDER = "Order inside a subject"
PAPERS = ("LICENSE", "CONTRIBUTING.md", "SECURITY.md", ".github/workflows/ci.yml")
SAY_NOTHING = {"one", "found"}
PERCENTILE = 90


@dataclass(frozen=True)
class Figure:
    label: str
    value: str
    goal: str
    is_met: bool


@cache
def sources(*folders: str) -> dict[Path, str]:
    """The Python files under folders of the repository and their texts, migrations apart."""
    return {
        path: path.read_text()
        for folder in folders
        for path in sorted((ROOT / folder).rglob("*.py"))
        if path.parent.name != "migrations"
    }


@cache
def trees(*folders: str) -> dict[Path, ast.Module]:
    return {path: ast.parse(text) for path, text in sources(*folders).items()}


def nodes(*folders: str) -> Iterator[ast.AST]:
    for tree in trees(*folders).values():
        yield from ast.walk(tree)


def spread(values: Iterable[int]) -> tuple[int, int, int]:
    """Median, 90th percentile and maximum."""
    ordered = sorted(values)
    return int(statistics.median(ordered)), ordered[len(ordered) * PERCENTILE // 100], ordered[-1]


def file_lines() -> list[int]:
    return [text.count("\n") for text in sources(*APPS).values() if text]


def function_lines() -> list[int]:
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    return [node.end_lineno - node.lineno + 1 for node in nodes(*APPS) if isinstance(node, kinds)]


def template_lines() -> list[int]:
    texts = (path.read_text() for path in (ROOT / "templates").rglob("*.html"))
    return [len(line) for text in texts for line in text.splitlines() if line.strip()]


def deferred_imports() -> list[str]:
    """Imports made when a function runs, as « path:line »."""
    return [
        f"{path.relative_to(ROOT)}:{inner.lineno}"
        for path, tree in trees(*APPS).items()
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef)
        for inner in ast.walk(node)
        if isinstance(inner, ast.Import | ast.ImportFrom)
    ]


def silenced() -> list[str]:
    """Lines of product code that silence a rule of ruff, as « path:line »."""
    return [
        f"{path.relative_to(ROOT)}:{number}"
        for path, text in sources(*APPS).items()
        for number, line in enumerate(text.splitlines(), 1)
        if "# noqa" in line
    ]


def names_that_say_nothing() -> int:
    """How often `one` or `found` names something: variables, arguments, attributes, keywords."""
    fields = {ast.Name: "id", ast.arg: "arg", ast.Attribute: "attr", ast.keyword: "arg"}
    return sum(
        getattr(node, fields.get(type(node), ""), None) in SAY_NOTHING for node in nodes(*APPS, "tests")
    )


def order() -> dict:
    """The contract that says which roles a file may have, and in which subjects."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    return next(contract for contract in contracts if contract["name"] == ORDER)


def roles() -> set[str]:
    names = {name for row in order()["layers"] for name in re.findall(r"\w+", row)}
    return names | set(order().get("exhaustive_ignores", ()))


def files_outside_the_order() -> list[str]:
    """Files whose first name under their subject is no role, and subjects that the contract forgets."""
    subjects = [ROOT / name.replace(".", "/") for name in order()["containers"]]
    outside = []
    for path in sources(*APPS):
        subject = next((folder for folder in subjects if path.is_relative_to(folder)), None)
        if subject is not None:
            role = path.relative_to(subject).parts[0].removesuffix(".py")
            if role not in roles() | {"__init__"}:
                outside.append(str(path.relative_to(ROOT)))
    return outside


def module_name(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


@cache
def imports() -> dict[str, set[str]]:
    """What each module of the product imports of it, when it loads or later."""
    modules = {module_name(path) for path in sources(*APPS)}
    graph: dict[str, set[str]] = {}
    for path, tree in trees(*APPS).items():
        name = module_name(path)
        targets = {target for node in ast.walk(tree) for target in _targets(node)}
        graph[name] = {_nearest(target, modules) for target in targets} - {name, ""}
    return graph


def _targets(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom) and node.module:
        return [f"{node.module}.{alias.name}" for alias in node.names]
    return []


def _nearest(target: str, modules: set[str]) -> str:
    """The module that an import reads: `a.b.c` may be the name c of the module a.b."""
    while target and target not in modules:
        target = target.rpartition(".")[0]
    return target


def subject_of(module: str) -> str:
    """The subject a module belongs to, else its folder."""
    names = [name for name in order()["containers"] if module == name or module.startswith(f"{name}.")]
    return names[0] if names else ".".join(module.split(".")[:2])


def subject_graph() -> dict[str, set[str]]:
    """Imports between subjects; the gathering files of an app (models, tasks, urls) are not subjects."""
    subjects = set(order()["containers"])
    graph: dict[str, set[str]] = {name: set() for name in subjects}
    for module, targets in imports().items():
        own = subject_of(module)
        if own in subjects:
            graph[own] |= {subject_of(target) for target in targets} & subjects - {own}
    return graph


def cycles(graph: dict[str, set[str]]) -> list[list[str]]:
    """Groups of nodes that reach each other (Tarjan's strongly connected components of two or more)."""
    index: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    groups = []

    def visit(node: str) -> None:
        index[node] = low[node] = len(index)
        stack.append(node)
        for target in graph.get(node, ()):
            if target not in index:
                visit(target)
                low[node] = min(low[node], low[target])
            elif target in stack:
                low[node] = min(low[node], index[target])
        if low[node] == index[node]:
            group = stack[stack.index(node) :]
            del stack[-len(group) :]
            if len(group) > 1:
                groups.append(sorted(group))

    for node in graph:
        if node not in index:
            visit(node)
    return groups


def papers() -> list[str]:
    return [name for name in PAPERS if (ROOT / name).exists()]


def _sizes(label: str, values: list[int], goals: tuple[int, int, int]) -> Figure:
    measured = spread(values)
    is_met = all(value <= goal for value, goal in zip(measured, goals, strict=True))
    return Figure(label, " / ".join(map(str, measured)), " / ".join(f"≤ {goal}" for goal in goals), is_met)


def _count(label: str, value: int, most: int) -> Figure:
    return Figure(label, str(value), f"≤ {most}" if most else "0", value <= most)


def figures() -> list[Figure]:
    characters = spread(template_lines())[1:]
    return [
        _sizes("file: median / p90 / longest, lines", file_lines(), (90, 200, 400)),
        _sizes("function: median / p90 / longest, lines", function_lines(), (7, 20, 50)),
        _count("cycles between subjects", len(cycles(subject_graph())), 0),
        _count("cycles between files", len(cycles(imports())), 0),
        _count("imports inside functions", len(deferred_imports()), 19),
        _count("lines that silence a rule", len(silenced()), 59),
        _count("files outside the order of their subject", len(files_outside_the_order()), 0),
        Figure(
            "template line: p90 / longest, characters",
            f"{characters[0]} / {characters[1]}",
            "≤ 100 / ≤ 160",
            characters[0] <= 100 and characters[1] <= 160,
        ),
        _count("names `one` and `found`", names_that_say_nothing(), 149),
        Figure(
            "licence, contributing, security, CI", ", ".join(papers()), "all", len(papers()) == len(PAPERS)
        ),
    ]


def main() -> None:
    for figure in figures():
        print(f"{'✓' if figure.is_met else '·'} {figure.label:<42} {figure.value:<24} goal {figure.goal}")


if __name__ == "__main__":
    main()

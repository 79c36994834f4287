"""A view that counts on a signed-in person is never open to the public."""

import ast
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
APPS = ("beneficiaries", "cep_portal", "operators", "procurement", "reporting")


def views() -> list[tuple[str, ast.FunctionDef]]:
    files = [path for app in APPS for path in (ROOT / app).rglob("*.py")]
    return [
        (f"{path.relative_to(ROOT)}: {node.name}", node)
        for path in files
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef) and node.decorator_list
    ]


def counts_on_somebody(view: ast.FunctionDef) -> bool:
    annotations = [argument.annotation for argument in view.args.args if argument.annotation is not None]
    return "SignedRequest" in {ast.unparse(annotation) for annotation in annotations}


def is_public(view: ast.FunctionDef) -> bool:
    return "public" in {ast.unparse(decorator) for decorator in view.decorator_list}


def test_public_view_takes_any_request():
    found = views()

    assert sum(counts_on_somebody(view) for _, view in found) > 150
    assert sum(is_public(view) for _, view in found) > 30
    assert [name for name, view in found if is_public(view) and counts_on_somebody(view)] == []

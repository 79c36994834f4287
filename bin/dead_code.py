"""Names of the product that nothing uses: vulture on the code, with what only templates and settings name.

A column, a choice, a form's field and a serializer's field are used by who stores or reads them, not by their
name: they are not judged. What remains and stays is in `.ci/unused-allowed.txt`, each name with its reason.
"""

import ast
import re
import sys
from fnmatch import fnmatchcase
from pathlib import Path

from vulture import Vulture

ROOT = Path(__file__).resolve().parent.parent
PRODUCT = ("beneficiaries", "cep_portal", "operators", "procurement", "reporting")
READERS = ("bin",)  # what they use is used; they are not judged
ALLOWED = ROOT / ".ci" / "unused-allowed.txt"
IN_TEMPLATES = re.compile(r"\{[{%].*?[%}]\}", re.DOTALL)
WORD = re.compile(r"[A-Za-z_]\w*")
DOTTED = re.compile(r"\w+(?:\.\w+)+")
STORED = ("Model", "Choices", "Form", "Serializer", "Query", "Settings")  # ends of the names of base classes


def allowed(path: Path = ALLOWED) -> list[str]:
    """The patterns of the list; each line is a name and, after a #, why it stays."""
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if line and line[0] != "#"]
    reasonless = [line for line in lines if not line.partition("#")[2].strip()]
    if reasonless:
        raise SystemExit(f"{path.name}: no reason given: {', '.join(reasonless)}")
    return [line.partition("#")[0].strip() for line in lines]


def named_in_templates(folder: Path) -> set[str]:
    pages = (path for path in folder.rglob("*") if path.suffix in {".html", ".txt", ".svg", ".ics"})
    return {
        word
        for page in pages
        for tag in IN_TEMPLATES.findall(page.read_text(encoding="utf-8"))
        for word in WORD.findall(tag)
    }


def named_by_path(tree: ast.AST) -> set[str]:
    """The last name of every dotted path: middleware, adapters and handlers that settings name."""
    texts = (node.value for node in ast.walk(tree) if isinstance(node, ast.Constant))
    return {text.rpartition(".")[2] for text in texts if isinstance(text, str) and DOTTED.fullmatch(text)}


def _stored_names(tree: ast.AST, stored: set[str]) -> set[str]:
    """The fields of classes that derive from a stored one; the classes found are added to `stored`."""
    names = set()
    for node in ast.walk(tree):
        if not isinstance(node, ast.ClassDef):
            continue
        bases = {ast.unparse(base).rpartition(".")[2] for base in node.bases}
        if not any(base in stored or base.endswith(STORED) for base in bases):
            continue
        stored.add(node.name)
        for statement in node.body:
            targets = (
                statement.targets
                if isinstance(statement, ast.Assign)
                else [getattr(statement, "target", None)]
            )
            names |= {target.id for target in targets if isinstance(target, ast.Name)}
    return names


def sources(root: Path) -> list[Path]:
    files = (path for folder in PRODUCT + READERS for path in (root / folder).rglob("*.py"))
    return sorted(path for path in files if path.parent.name != "migrations")


def _is_settings_or_reader(path: Path) -> bool:
    return "settings" in path.parts or path.parts[0] in READERS


def unused(root: Path, patterns: list[str]) -> list[str]:
    """« path:line: unused function 'name' », one line each, then the patterns that allow nothing any more."""
    files = sources(root)
    trees = [ast.parse(path.read_text(encoding="utf-8")) for path in files]
    stored: set[str] = set()
    names = {name for _ in range(2) for tree in trees for name in _stored_names(tree, stored)}
    judge = Vulture()
    judge.scavenge(files)
    used = names | named_in_templates(root / "templates")
    for tree in trees:
        used |= named_by_path(tree)
    items = [
        item
        for item in judge.get_unused_code(min_confidence=60)
        if item.name not in used and not _is_settings_or_reader(Path(item.filename).relative_to(root))
    ]
    stale = [pattern for pattern in patterns if not any(fnmatchcase(item.name, pattern) for item in items)]
    return [
        f"{Path(item.filename).relative_to(root)}:{item.first_lineno}: {item.message}"
        for item in items
        if not any(fnmatchcase(item.name, pattern) for pattern in patterns)
    ] + [f".ci/unused-allowed.txt: nothing is called {pattern} any more" for pattern in stale]


def main() -> None:
    lines = unused(ROOT, allowed())
    if lines:
        sys.exit("\n".join([*lines, "Remove each, or say in .ci/unused-allowed.txt why it stays."]))


if __name__ == "__main__":
    main()

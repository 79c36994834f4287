"""bin/new-subject writes a subject that the house accepts, and touches few files of others."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TOOLS = Path(sys.executable).parent
TOUCHED = {
    "docs/glossary.md",
    "operators/models.py",
    "operators/subjects.py",
    "pyproject.toml",
    "tests/access/matrix.py",
}  # and, by makemigrations, operators/migrations/max_migration.txt: six


def files_of(folder: Path) -> dict[str, bytes]:
    """What is in git, as the folder holds it."""
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True)
    names = listed.stdout.splitlines()
    return {name: (folder / name).read_bytes() for name in names if (folder / name).is_file()}


@pytest.fixture
def house(tmp_path):
    """A copy of what is in git, with the tools of this environment."""
    for name, content in files_of(ROOT).items():
        target = tmp_path / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
        shutil.copymode(ROOT / name, target)
    (tmp_path / ".venv").symlink_to(TOOLS.parent)
    return tmp_path


def new_subject(
    house: Path, place: str = "casework/loans", entity: str = "Loan"
) -> subprocess.CompletedProcess:
    command = [sys.executable, "bin/new-subject", place, entity, "Prêts"]
    return subprocess.run(command, cwd=house, capture_output=True, text=True, check=False)


def tool(house: Path, *command: str) -> str:
    done = subprocess.run(
        [str(TOOLS / command[0]), *command[1:]], cwd=house, capture_output=True, text=True, check=False
    )
    return "" if done.returncode == 0 else done.stdout + done.stderr


@pytest.mark.slow
def test_new_subject_passes_the_checks_and_touches_five_files(house):
    before = files_of(house)

    done = new_subject(house)

    assert done.returncode == 0, done.stderr
    assert {name for name, content in files_of(house).items() if before[name] != content} == TOUCHED
    assert len(list((house / "operators/casework/loans").glob("*.py"))) == 10
    assert tool(house, "ruff", "check", "--quiet", ".") == ""
    assert tool(house, "ruff", "format", "--check", "--quiet", ".") == ""
    assert tool(house, "lint-imports") == ""


def test_taken_name_writes_nothing(house):
    before = files_of(house)

    done = new_subject(house, place="casework/notes", entity="Note")

    assert (done.returncode, done.stderr) == (1, "operators/casework/notes/__init__.py exists already.\n")
    assert files_of(house) == before


def test_unknown_storey_is_refused(house):
    assert new_subject(house, place="attic/loans").returncode == 2

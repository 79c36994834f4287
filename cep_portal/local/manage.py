"""bin/manage: manage.py with the environment of the running demonstration."""

import os
import sys
from pathlib import Path

from cep_portal.local import folder
from cep_portal.local.supervisor import DEFAULT_DATA, ROOT, TRAINING_DATA


def is_running(data: Path) -> bool:
    if not data.exists():
        return False
    try:
        folder.lock(data).close()
    except folder.FolderInUse:
        return True
    return False


def main() -> None:
    arguments = sys.argv[1:]
    data = DEFAULT_DATA
    if arguments[:1] == ["--training"]:
        data, arguments = TRAINING_DATA, arguments[1:]
    if arguments[:1] == ["--data-dir"]:
        data, arguments = Path(arguments[1]).resolve(), arguments[2:]
    if not is_running(data):
        sys.exit(f"No demonstration is running on {data}. Start bin/demo first, in another terminal.")
    environment = os.environ | folder.read_environment(data)
    os.execve(sys.executable, [sys.executable, str(ROOT / "manage.py"), *arguments], environment)  # noqa: S606 -- becomes manage.py


if __name__ == "__main__":
    main()

"""Copies of the project in which mutants are put: a developer's own files are never touched."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.mutants.catalogue import Mutant


@dataclass(frozen=True)
class Tree:
    """A copy of the project."""

    root: Path

    @contextmanager
    def holding(self, mutant: Mutant) -> Iterator[None]:
        """Put a mutant in its file, and take it out; the old date tells Python to compile the file anew."""
        path = self.root / mutant.file
        source, date = path.read_bytes(), path.stat()
        path.write_text(mutant.apply(source.decode()), encoding="utf-8")
        try:
            yield
        finally:
            path.write_bytes(source)
            os.utime(path, ns=(date.st_atime_ns, date.st_mtime_ns))


def copy_tree(root: Path, place: Path) -> Tree:
    """Copy what git follows, or would: today's files, and nothing built."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=root,
        check=True,
        capture_output=True,
        text=True,
    )
    for name in filter(None, listed.stdout.split("\0")):
        if (root / name).is_file():  # not one that is deleted and not committed yet
            (place / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(root / name, place / name)
    return Tree(place)

"""The order of rows that nobody asked for is drawn from a seed, and a seed gives its order again."""

import json
import os
import subprocess
import sys

import pytest
from django.contrib.auth.models import Group

from tests import shuffle
from tests.template import ROOT

SMALL_SUITE = """
import json, os, pathlib
import pytest
from django.contrib.auth.models import Group
from tests.database import django_db_setup

@pytest.mark.django_db
@pytest.mark.parametrize("number", range(4))
def test_order(number):
    Group.objects.bulk_create(Group(name=f"{n}") for n in range(10))
    order = [group.name for group in Group.objects.order_by()]
    place = pathlib.Path(os.environ["ORDERS"], f"{number}.json")
    place.write_text(json.dumps(order))
"""


@pytest.fixture
def orders(db):
    Group.objects.bulk_create(Group(name=f"group {number}") for number in range(10))

    def read(seed, test):
        shuffle.begin(seed, test)
        return [[group.name for group in Group.objects.order_by()] for _ in range(3)]

    return read


def run_small_suite(folder, *arguments, **environment):
    """Run pytest apart, on the server of this run; return its output and the order each test has seen."""
    folder.mkdir()
    (folder / "test_order.py").write_text(SMALL_SUITE)
    inherited = {key: value for key, value in os.environ.items() if "XDIST" not in key}
    inherited.pop(shuffle.SEED)
    command = [sys.executable, "-m", "pytest", "-c", str(ROOT / "pyproject.toml"), "-p", "no:cacheprovider"]
    command += [f"--rootdir={folder}", f"--confcutdir={folder}", *arguments, str(folder)]
    done = subprocess.run(
        command,
        cwd=ROOT,
        env=inherited | environment | {"ORDERS": str(folder)},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout, [json.loads((folder / f"{number}.json").read_text()) for number in range(4)]


def test_same_seed_gives_the_same_order(orders):
    assert orders("7", "a test") == orders("7", "a test")


def test_another_seed_gives_another_order(orders):
    assert orders("7", "a test") != orders("8", "a test")


def test_each_test_draws_its_own_order(orders):
    assert orders("7", "a test") != orders("7", "another test")


def test_an_order_that_was_asked_for_is_kept(orders):
    orders("7", "a test")

    names = [group.name for group in Group.objects.order_by("name")]

    assert names == sorted(names)


@pytest.mark.slow
def test_seed_of_a_run_replays_it_alone_and_in_workers(tmp_path):
    said, alone = run_small_suite(tmp_path / "alone", "-n", "0", PORTAL_TEST_SEED="7")
    _, in_workers = run_small_suite(tmp_path / "workers", "-n", "2", "--seed", "7")

    assert "PORTAL_TEST_SEED=7 replays this run" in said
    assert alone == in_workers

"""Same seed, same day, same rows: two processes at two hours of one day, then the first night's figures."""

import json
import os
import subprocess
import sys

import psycopg
import pytest
from django.db import connection

from tests import template

pytestmark = [pytest.mark.slow, pytest.mark.full]

# The hour of the build and the order of sets: nothing else differs between the two.
BUILDS = {"morning": ("2026-11-30T07:05+01:00", "1"), "night": ("2026-11-30T23:28+01:00", "2")}
NIGHTS = ("2026-11-30T03:10+01:00", "2026-12-01T03:10+01:00")


def program(*arguments: str, database: str, hash_seed: str = "0") -> subprocess.Popen:
    url = os.environ["PORTAL_TEST_SERVER"].replace("/postgres?", f"/{database}?")
    return subprocess.Popen(
        [sys.executable, "-m", "tests.demo.canonical", *arguments],
        env=os.environ | {"PORTAL_DATABASE_URL": url, "PYTHONHASHSEED": hash_seed},
        stdout=subprocess.PIPE,
        text=True,
    )


def said(process: subprocess.Popen) -> dict:
    text, _ = process.communicate(timeout=400)
    assert process.returncode == 0
    return json.loads(text)


@pytest.fixture(scope="module")
def server(django_db_setup):
    with psycopg.connect(os.environ["PORTAL_TEST_SERVER"], autocommit=True) as server:
        yield server


@pytest.fixture(scope="module")
def copies(server):
    """A fresh database with the reference data, once for each build; gone at the end."""
    own = connection.settings_dict["NAME"]
    names = {build: f"{own}_{build}" for build in ("reference", *BUILDS)}
    # Nobody reads the template; a thread of an earlier race may still be in this worker's own database.
    address = os.environ["PORTAL_TEST_SERVER"]
    template.clone(address, template=template.ensure_template(address), name=names["reference"])
    try:
        said(program("reference", database=names["reference"]))
        for build in BUILDS:
            server.execute(f"CREATE DATABASE {names[build]} TEMPLATE {names['reference']}")
        yield names
    finally:
        for name in names.values():
            server.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


@pytest.fixture(scope="module")
def digests(copies):
    """What both builds hold, table by table; they run side by side."""
    running = {
        build: program("build", instant, database=copies[build], hash_seed=hash_seed)
        for build, (instant, hash_seed) in BUILDS.items()
    }
    return {build: said(process) for build, process in running.items()}


def test_two_hours_of_one_day_build_the_same_rows(digests):
    morning, night = digests.values()

    assert len(morning) > 80
    assert {table for table in morning if morning[table] != night[table]} == set()


def test_the_first_night_changes_no_figure(digests, copies):
    changes = said(program("nights", *NIGHTS, database=copies["morning"]))

    assert changes == {"again": [], NIGHTS[0]: [], NIGHTS[1]: []}

"""Hooks and subjects: who answers what is written down, and each subject is named once."""

import ast
import inspect
import tomllib
from importlib import import_module
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db.models import Model

from cep_portal.common.management.commands.hooks import every_hook, markdown
from cep_portal.common.subjects import modules

ROOT = Path(__file__).parents[2]
APPS = ["procurement", "beneficiaries", "operators", "reporting"]
HOOKS = dict(every_hook())
BEGIN, END = "<!-- hooks:begin -->\n", "<!-- hooks:end -->"


def contracts() -> list[dict]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]


def layers_of(container: str) -> list[str]:
    """The layers of a package as the linter knows them, from low to high, by full name."""
    (layers,) = (contract["layers"] for contract in contracts() if contract.get("containers") == [container])
    return [f"{container}.{name}" for name in reversed(layers)]


def subjects_of(app: str) -> list[str]:
    names = layers_of(app)
    return [subject for name in names for subject in (layers_of(name) if is_storey(name) else [name])]


def is_storey(name: str) -> bool:
    return any(contract.get("containers") == [name] for contract in contracts())


@pytest.mark.parametrize("app", APPS)
def test_subjects_are_those_of_the_layers_from_low_to_high(app):
    assert list(import_module(f"{app}.subjects").SUBJECTS) == subjects_of(app)


@pytest.mark.parametrize("app", APPS)
def test_models_gathered_are_those_of_the_subjects(app):
    listed = {
        (member.__name__)
        for module in modules("models", *subjects_of(app))
        for _, member in inspect.getmembers(module, inspect.isclass)
        if issubclass(member, Model)
        and not member._meta.abstract
        and member.__module__.startswith(module.__name__)
    }

    assert sorted(listed) == sorted(import_module(f"{app}.models").__all__)
    assert listed == {model.__name__ for model in apps.get_app_config(app).get_models()}


def test_table_of_the_map_is_what_the_command_prints(capsys):
    call_command("hooks", markdown=True)

    text = (ROOT / "docs" / "architecture.md").read_text()
    assert text.partition(BEGIN)[2].partition(END)[0] == capsys.readouterr().out


def test_command_prints_a_hook_its_contribution_and_who_answers(capsys):
    call_command("hooks")

    assert (
        "casework.pathways.hooks.PREPARATIONS  (Ahead) → dict[int, list[str]]\n"
        "    what an appointment needs before: casework.plans, casework.referrals\n"
    ) in capsys.readouterr().out


def test_every_hook_is_in_the_table():
    written = sum(
        path.read_text().count(" = Hook[")
        for app in (*APPS, "cep_portal")
        for path in (ROOT / app).rglob("*.py")
    )

    assert len(HOOKS) == markdown().count("\n") - 2 == written


@pytest.mark.parametrize("name", HOOKS)
def test_no_subject_answers_its_own_hook(name):
    owner = name.rsplit(".", 2)[0]

    assert owner not in {answer.subject for answer in HOOKS[name].answers}


@pytest.mark.parametrize("name", sorted({name.rpartition(".")[0] for name in HOOKS}))
def test_hooks_need_no_model_when_they_run(name):
    """Models may answer a hook's question (a commitment reads its indicator): the other way is for types."""
    body = ast.parse(Path(inspect.getfile(import_module(name))).read_text()).body
    imported = [part.module for part in body if isinstance(part, ast.ImportFrom)]

    assert [module for module in imported if module.endswith(".models")] == ["django.db.models"] * (
        "django.db.models" in imported
    )

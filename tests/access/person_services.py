"""Every service that is given something of a person, found from the signatures, and a world to call it in.

A service is a public function of a `services` module that takes, by keyword, a model that leads to a person.
"""

import inspect
import typing
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

from django.apps import apps
from django.db.models import ForeignKey, Model

from beneficiaries.request.models import Beneficiary

PLACES = ("beneficiaries", "operators", "reporting")


def paths_to_person() -> dict[type[Model], str]:
    """Each model that leads to a person by foreign keys, with the shortest path: « pathway__beneficiary »."""
    paths: dict[type[Model], str] = {Beneficiary: ""}
    wave = [Beneficiary]
    while wave:
        reached = []
        for model in apps.get_models():
            for column in model._meta.concrete_fields:
                target = getattr(column, "related_model", None)
                if isinstance(column, ForeignKey) and target in wave and model not in paths:
                    paths[model] = f"{column.name}__{paths[target]}".removesuffix("__")
                    reached.append(model)
        wave = reached
    return paths


@dataclass(frozen=True)
class PersonService:
    """A service, and its arguments that lead to a person."""

    name: str
    call: Callable
    person_arguments: dict[str, type[Model]]

    def parameters(self) -> Iterator[tuple[inspect.Parameter, typing.Any]]:
        hints = typing.get_type_hints(inspect.unwrap(self.call))
        for parameter in inspect.signature(inspect.unwrap(self.call)).parameters.values():
            yield parameter, hints[parameter.name]


def person_services() -> list[PersonService]:
    known = paths_to_person()
    return [service for function in _functions() if (service := _service(function, known))]


def _functions() -> Iterator[Callable]:
    for place in PLACES:
        for file in sorted(Path(place).rglob("*.py")):
            parts = file.with_suffix("").parts
            if "services" not in parts:
                continue
            module = import_module(".".join(parts).removesuffix(".__init__"))
            for name, function in inspect.getmembers(module, inspect.isfunction):
                if inspect.unwrap(function).__module__ == module.__name__ and not name.startswith("_"):
                    yield function


def _service(function: Callable, known: dict[type[Model], str]) -> PersonService | None:
    raw = inspect.unwrap(function)
    hints = typing.get_type_hints(raw)
    given = {}
    for parameter in inspect.signature(raw).parameters.values():
        model = next((model for model in models_in(hints.get(parameter.name)) if model in known), None)
        if model is not None and parameter.kind is parameter.KEYWORD_ONLY:
            given[parameter.name] = model
    if not given:
        return None
    name = f"{raw.__module__.split('.services')[0].removeprefix('operators.')}.{raw.__name__}"
    return PersonService(name, function, given)


def models_in(hint: typing.Any) -> Iterator[type[Model]]:
    """The models that an annotation names: itself, in a union, in a collection; not in a callable."""
    if isinstance(hint, type) and issubclass(hint, Model):
        yield hint
    elif typing.get_origin(hint) is not Callable:
        for part in typing.get_args(hint):
            yield from models_in(part)

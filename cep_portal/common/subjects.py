"""The subjects of an app are named once, in its `subjects.py`; what each holds is found from there."""

from importlib import import_module
from types import ModuleType

from django.apps import AppConfig
from django.utils.module_loading import module_has_submodule

from cep_portal.common import personal_data


def modules(name: str, *subjects: str) -> list[ModuleType]:
    """The modules of a name, in the order of the subjects; a subject may have none."""
    return [
        import_module(f"{subject}.{name}")
        for subject in subjects
        if module_has_submodule(import_module(subject), name)
    ]


def urls(*subjects: str) -> list:
    """The addresses of each subject."""
    return [pattern for module in modules("urls", *subjects) for pattern in module.urlpatterns]


class PortalConfig(AppConfig):
    """An app of ours: itself, or the subjects it is made of, from low to high."""

    subjects: tuple[str, ...] = ()

    def ready(self) -> None:
        """Let each subject declare its personal data, then answer the hooks below it."""
        for module in modules("personal_data", self.name, *self.subjects):
            personal_data.register(*getattr(module, "MANIFESTS", ()))
            personal_data.register_impersonal(*getattr(module, "IMPERSONAL", ()))
        for module in modules("contributions", self.name, *self.subjects):
            module.contribute()

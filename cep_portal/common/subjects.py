"""The subjects of an app are named once, in its `subjects.py`; what each holds is found from there."""

from importlib import import_module

from django.utils.module_loading import module_has_submodule


def contribute(*subjects: str) -> None:
    """Let each subject answer the hooks of those below it, from AppConfig.ready(): models are loaded."""
    for subject in subjects:
        if module_has_submodule(import_module(subject), "contributions"):
            import_module(f"{subject}.contributions").contribute()

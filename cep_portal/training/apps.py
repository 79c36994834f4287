from django.apps import AppConfig

from cep_portal.common.subjects import contribute


class TrainingConfig(AppConfig):
    """Installed by settings/training.py, and by the tests for its tables; a real portal does not have it."""

    name = "cep_portal.training"
    label = "training"
    verbose_name = "lieu d’entraînement"

    def ready(self) -> None:
        contribute(self.name)

from django.apps import AppConfig
from django.conf import settings


class TrainingConfig(AppConfig):
    """Installed by settings/training.py, and by the tests for its tables; a real portal does not have it."""

    name = "cep_portal.training"
    label = "training"
    verbose_name = "lieu d’entraînement"

    def ready(self) -> None:
        from cep_portal.training import personal_data  # noqa: PLC0415 -- models load later

        personal_data.declare()
        if settings.PORTAL_TRAINING:
            from cep_portal.training import clock  # noqa: PLC0415 -- reads the models

            clock.install()

from cep_portal.common import subjects


class TrainingConfig(subjects.PortalConfig):
    """Installed by settings/training.py, and by the tests for its tables; a real portal does not have it."""

    name = "cep_portal.training"
    label = "training"
    verbose_name = "lieu d’entraînement"

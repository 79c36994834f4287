from django.db import models


class Scope(models.TextChoices):
    """What a software may do for its operator; nothing is given that was not ticked."""

    SLOTS_READ = "SLOTS_READ", "lire les lieux et les créneaux libres"
    APPOINTMENTS_READ = "APPOINTMENTS_READ", "lire les rendez-vous"
    APPOINTMENTS_WRITE = "APPOINTMENTS_WRITE", "prendre, déplacer et annuler des rendez-vous"
    DELIVERIES_READ = "DELIVERIES_READ", "lire les remontées et leurs lignes refusées"
    DELIVERIES_WRITE = "DELIVERIES_WRITE", "envoyer des remontées"

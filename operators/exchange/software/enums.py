from django.db import models


class Scope(models.TextChoices):
    """What a software may do for its operator; nothing is given that was not ticked."""

    SLOTS_READ = "SLOTS_READ", "lire les lieux et les créneaux libres"
    APPOINTMENTS_READ = "APPOINTMENTS_READ", "lire les rendez-vous"
    APPOINTMENTS_WRITE = "APPOINTMENTS_WRITE", "prendre, déplacer et annuler des rendez-vous"
    REQUESTS_READ = "REQUESTS_READ", "lire les demandes, sans nom ni contact"
    PATHWAYS_READ = (
        "PATHWAYS_READ",
        "lire les parcours et les séances : dates, niveaux, issues, rien de ce qui s’y dit",
    )
    SESSIONS_WRITE = "SESSIONS_WRITE", "saisir ce que sont devenus les rendez-vous"
    DELIVERIES_READ = "DELIVERIES_READ", "lire les remontées et leurs lignes refusées"
    DELIVERIES_WRITE = "DELIVERIES_WRITE", "envoyer des remontées"
    INDICATORS_READ = "INDICATORS_READ", "lire les indicateurs de votre contrat"

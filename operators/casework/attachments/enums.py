from django.db import models


class AttachmentState(models.TextChoices):
    HELD = "HELD", "en attente de l’antivirus"
    CLEAN = "CLEAN", "disponible"
    INFECTED = "INFECTED", "refusé : virus"
    REMOVED = "REMOVED", "retiré"


ATTACHMENT_TRANSITIONS = {
    AttachmentState.HELD: {AttachmentState.CLEAN, AttachmentState.INFECTED, AttachmentState.REMOVED},
    AttachmentState.CLEAN: {AttachmentState.REMOVED},
    AttachmentState.INFECTED: {AttachmentState.REMOVED},
    AttachmentState.REMOVED: set(),
}
KEPT_STATES = ("HELD", "CLEAN")  # the bytes are on disk

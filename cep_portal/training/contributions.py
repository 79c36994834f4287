from django.conf import settings

from cep_portal.training.gateways import clock


def contribute() -> None:
    if settings.PORTAL_TRAINING:
        clock.install()

from cep_portal.common import subjects


class MessagingConfig(subjects.PortalConfig):
    name = "cep_portal.messaging"
    label = "messaging"
    verbose_name = "messages"

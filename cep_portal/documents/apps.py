from cep_portal.common import subjects


class DocumentsConfig(subjects.PortalConfig):
    name = "cep_portal.documents"
    label = "documents"
    verbose_name = "documents"

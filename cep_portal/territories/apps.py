from cep_portal.common import subjects


class TerritoriesConfig(subjects.PortalConfig):
    name = "cep_portal.territories"
    label = "territories"
    verbose_name = "territoires"

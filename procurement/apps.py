from cep_portal.common import subjects
from procurement.subjects import SUBJECTS


class ProcurementConfig(subjects.PortalConfig):
    name = "procurement"
    verbose_name = "achat"
    subjects = SUBJECTS

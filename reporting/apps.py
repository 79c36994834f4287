from cep_portal.common import subjects
from reporting.subjects import SUBJECTS


class ReportingConfig(subjects.PortalConfig):
    name = "reporting"
    verbose_name = "pilotage"
    subjects = SUBJECTS

from cep_portal.common import subjects
from operators.subjects import SUBJECTS


class OperatorsConfig(subjects.PortalConfig):
    name = "operators"
    verbose_name = "opérateurs"
    subjects = SUBJECTS

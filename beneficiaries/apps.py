from beneficiaries.subjects import SUBJECTS
from cep_portal.common import subjects


class BeneficiariesConfig(subjects.PortalConfig):
    name = "beneficiaries"
    verbose_name = "bénéficiaires"
    subjects = SUBJECTS

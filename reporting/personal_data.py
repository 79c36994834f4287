"""What this app keeps about people, column by column (cep_portal.common.personal_data)."""

from cep_portal.common import retention
from cep_portal.common.personal_data import KEPT, PersonalData, register, register_impersonal
from reporting.assessment.models import AssessmentRun
from reporting.kpis.models import KpiRun, KpiValue
from reporting.packs.models import RegionalPack
from reporting.surveys.models import Survey


def declare() -> None:
    register(
        PersonalData(
            model=Survey,
            title="Vos réponses aux enquêtes",
            purpose="Mesurer si l’accompagnement sert (code du travail, D6111-7).",
            retention=retention.WITHOUT_IDENTITY,
            order=60,
            rows=lambda subject: Survey.objects.filter(pathway__beneficiary=subject.beneficiary_id),
            personal=dict.fromkeys(
                ("kind", "level", "sent_at", "answered_at", "answered_on", "satisfaction"), KEPT
            ),
            technical=("id", "uuid", "pathway"),
        )
    )
    register_impersonal(AssessmentRun, KpiRun, KpiValue, RegionalPack)

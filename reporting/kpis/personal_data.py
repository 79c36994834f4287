"""No column about a person (cep_portal.common.personal_data)."""

from reporting.kpis.models import KpiRun, KpiValue

IMPERSONAL = (KpiRun, KpiValue)

"""No column about a person (cep_portal.common.personal_data)."""

from reporting.closings.models import (
    Closing,
    DataDispute,
    FrozenValue,
    Neutralisation,
    Reopening,
    Restatement,
)

IMPERSONAL = (Closing, DataDispute, FrozenValue, Neutralisation, Reopening, Restatement)

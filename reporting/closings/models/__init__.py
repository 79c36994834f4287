from reporting.closings.models.acts import DataDispute, Neutralisation, Reopening, Restatement
from reporting.closings.models.closings import Closing, FrozenValue

__all__ = ["Closing", "DataDispute", "FrozenValue", "Neutralisation", "Reopening", "Restatement"]

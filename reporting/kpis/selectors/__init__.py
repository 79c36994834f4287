from reporting.kpis.selectors.figures import (
    FRANCE,
    Counts,
    Figures,
    Period,
    contract_figures,
    counts_known_at,
    france_figures,
    latest_run,
    national_figures,
    region_figures,
)

__all__ = [
    "FRANCE",
    "Counts",
    "Figures",
    "Period",
    "contract_figures",
    "counts_known_at",
    "france_figures",
    "latest_run",
    "national_figures",
    "region_figures",
]

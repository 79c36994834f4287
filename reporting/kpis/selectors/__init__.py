from reporting.kpis.selectors.figures import (
    FRANCE,
    TRUNCATIONS,
    Counts,
    Figures,
    Period,
    contract_figures,
    counts_known_at,
    latest_run,
    lots_figures,
    national_figures,
    region_figures,
)

__all__ = [
    "FRANCE",
    "TRUNCATIONS",
    "Counts",
    "Figures",
    "Period",
    "contract_figures",
    "counts_known_at",
    "latest_run",
    "lots_figures",
    "national_figures",
    "region_figures",
]

"""The subjects of procurement, from low to high."""

SUBJECTS = (
    "procurement.tender",
    "procurement.contracts",
    "procurement.commitments",
    "procurement.followup",
)

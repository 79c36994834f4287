"""The subjects of beneficiaries, from low to high."""

SUBJECTS = (
    "beneficiaries.request",
    "beneficiaries.triage",
    "beneficiaries.doors",
    "beneficiaries.complaints",
    "beneficiaries.rights",
    "beneficiaries.signin",
    "beneficiaries.space",
)

"""The words under which subjects group their entries of the menu."""

CONTRACT = "Contrat"
EXECUTION = "Suivi"

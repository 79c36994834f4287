"""The days after the build: a demonstration left running lives on, day after day (docs/adr/0045)."""

"""The same penalty seen from two desks: France compétences (pilotage) and the holder (bureau)."""

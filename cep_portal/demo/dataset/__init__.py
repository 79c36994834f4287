"""The deterministic builder of the demonstration's people and history: same seed, same day, same rows."""

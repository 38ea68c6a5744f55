"""The mitigations: every variant with its effort, standing and effect."""

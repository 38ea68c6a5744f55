"""Model and moderation endpoints: the only room that reaches across a network, and only when a person said so."""

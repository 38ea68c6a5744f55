"""Decide which safety work comes first before a model launch, and prove it."""

__version__ = "0.1.0"

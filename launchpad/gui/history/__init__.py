"""The history: every edit, what it changed, and how to take one back."""

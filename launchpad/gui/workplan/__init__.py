"""The workplan: what is done, by whom, when, and what was left out and why."""

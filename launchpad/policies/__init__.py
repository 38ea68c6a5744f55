"""What is made of a policy: checks, prompts, guidelines, briefs, redlines and packs; plain functions of records."""

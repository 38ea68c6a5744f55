"""The evidence: results of evaluations, what they are evidence for, and how sure they are."""

"""The trade-offs screen: what is worth doing, how sure that is, and what would change it."""

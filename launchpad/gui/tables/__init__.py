"""Every table of the project as it is: teams, capacity, gates, effects, coefficients and the rest."""

"""Formulas over arrays: from evidence and estimates to technical and reputational risk.

`model.build` is the one door: it turns the rows of a project into arrays; everything else here
is a plain function of numbers.
"""

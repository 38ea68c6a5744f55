"""Several criteria at once: worth between anchors, weights, rank acceptability, value of information.

Plain functions of arrays that know nothing of a project. Axes: A options, C criteria, D draws.
"""

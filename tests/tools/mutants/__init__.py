"""Mutants: small faults put into our code, each of which some test must notice.

`gate` runs mutmut, `own` the faults that mutmut cannot make; both are judged in `verdict`.
"""

"""Rerun and explain: does a quarter come out as its manifest says, and what changed between two quarters.

In: a manifest, the raw data, the code at hand. Out: a certificate that explains every difference down to the figure.
"""

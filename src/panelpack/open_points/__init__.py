"""All that has to be done before a pack may be approved, and what the office answered when it was asked.

Queries of the data are found by `panelpack.plausibility`; here they are only held to the answers of
params/<quarter>.yml, by name.
"""

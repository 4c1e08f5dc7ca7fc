"""Other forces: their official counts and residents, and how an office's force compares with them.

Nothing here knows the figures of a pack: office and others come from the same table, of the same periods.
"""

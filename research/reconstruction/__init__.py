"""The suppliers' files of two quarters, which were never published, reconstructed from what was.

`python -m research.reconstruction 2015Q1` makes data/raw/2015Q1 from the printed totals, the official counts beside
this file and seeded draws between them; 2014Q4 is derived from the files of 2015Q1. README.md says which figure comes
from where.
"""

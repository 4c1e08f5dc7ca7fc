"""What suppliers sent: their files, corrected where the office decided so, and what they restated.

In: data/raw/<quarter> and the configuration. Out: the cells of each table as text, with corrections applied; the
figures that differ from the drop before.
"""

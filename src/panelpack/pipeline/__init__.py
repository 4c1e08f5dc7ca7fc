"""Run the notebooks of a quarter, and remember what each was made from.

In: the steps of a quarter (a notebook and its parameters each). Out: executed notebooks, their pages, the tables
that they write below data/processed, and a record of what each step read and wrote.
"""

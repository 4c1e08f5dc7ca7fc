"""The verdict rules, one a module: from two totals to a verdict, with its evidence and its words.

In: the totals of the two periods that an indicator compares, and what the plan says of it. Out: a `Verdict`. The plan's
schema and checks, the dashboard's key, the methods page and the documentation read the registry `RULES`.
"""

# In the order of the key and of the methods page; a module registers its rule when it is imported.
from panelpack.rules import significance, printed_precision, projection, target, bands, grade, assessment, none  # noqa: F401, I001

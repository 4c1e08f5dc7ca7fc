"""May it be true: what of the suppliers' files must be asked, because their own past or parts speak against it.

In: the tables as received, and those of the quarter before. Out: queries, each a sentence that the office answers.
"""

"""May the data be used: files against sources.yml, tables against their Great Expectations suites.

In: the cells of the tables, the suites of expectations/, the periods that figures compare. Out: a check an expectation,
and every violation in one plain sentence.
"""

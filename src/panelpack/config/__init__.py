"""What the office declares: the plan, a quarter's parameters, commentary, corrections and sources.

In: the files under params/ and each drop's sources.yml. Out: one frozen `Configuration`, read once and handed to what
needs it, or an error that lists every mistake by file and line.
"""

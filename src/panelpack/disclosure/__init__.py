"""From the suppliers' tables to what may be shown of them: the one way for whatever is published.

`publication` reads a table for publication: its exact series (`points`, `areas`, `period_totals`), made as coarse as
`thresholds` and `grains` ask, and without what would give hidden numbers away (`cells`, `attack`, `secondary`).
`restated` and `quoting` say which single cells may be shown or quoted elsewhere.
"""

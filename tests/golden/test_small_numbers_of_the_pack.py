"""No small cell of the victims' survey can be worked out from all that the pack of this checkout shows of it."""

from made_tables import months, ranges
from panelpack.config.configuration import Configuration
from panelpack.disclosure.figure_periods import figure_periods
from panelpack.disclosure.publication import last_months, publish, read_exact
from panelpack.indicators.quarter_data import data_of_series
from panelpack.periods import Quarter

COLUMNS = ["respondents", "satisfied"]
POSSIBLE = 4  # whole numbers that must stay possible, with a threshold of 5 people


def test_nobody_can_work_back_to_an_answer_of_a_few(real_project):
    office = Configuration.read(real_project, Quarter.parse("2015Q1"))
    exact = read_exact(office, "victim_survey")
    prepared = publish(exact, office)
    data = data_of_series(office, prepared)
    rows = [
        (name, months(key), value, base)
        for name, key, value, base in prepared.points["victim_survey"][["series", "period", "value", "base"]].to_numpy()
    ]
    for name, period in figure_periods(office, last_months(exact, office)):
        if (total := data.total(name, period)) and total.base >= office.plan.disclosure.reported.fewest:
            rows.append((name, data.period(name, period).months, total.successes, total.base))
    frame = exact.frame.rename(columns={"month": "when"})
    small = [(row, column) for row, asked in enumerate(frame["respondents"]) if asked < 30 for column in (0, 1)]
    assert len(small) > 60
    found = ranges(frame.reset_index(drop=True), office, rows, COLUMNS, only=small)
    assert all(high - low >= POSSIBLE - 1 for low, high in found.values())

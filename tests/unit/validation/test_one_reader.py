"""Whatever form of a period validation accepts, the figures find the point in; whatever they cannot find it refuses."""

import csv
from dataclasses import dataclass, field
from io import StringIO
from pathlib import Path

import pytest

from panelpack.config.configuration import Configuration
from panelpack.config.layout_checks import FORMS_OF
from panelpack.config.parameters import Parameters
from panelpack.config.plan import Compare, Measure, Plan, Priority
from panelpack.config.series import Series
from panelpack.config.supplied_table import SupplierFile
from panelpack.disclosure.period_totals import period_total
from panelpack.disclosure.points import extract
from panelpack.intake.layouts import lay_out
from panelpack.intake.period_forms import OWN_FORMS
from panelpack.intake.typed import typed
from panelpack.named_periods import resolve_period
from panelpack.pages.request.examples import period
from panelpack.periods import MONTHS_IN, Quarter, last_month_of, latest_keys, months_of
from panelpack.project import Project
from panelpack.validation.coverage import coverage
from panelpack.validation.messages import every_violation
from panelpack.validation.table_checks import Expected, validate_tables

QUARTER = Quarter.parse("2022Q3")
LATEST = {kind: latest_keys(QUARTER, kind)[-1] for kind in MONTHS_IN}
EVERY_FORM = [(kind, form) for kind, forms in FORMS_OF.items() for form in (None, *forms)]


@dataclass
class Grid:
    cells: list[list[str]]
    sheet: str = ""
    remarks: list[str] = field(default_factory=list)


def tried(folder, kind, form, texts, latest, baseline=None, **more):
    """Return the violations of a column of periods as supplied, and the totals of both sides that the figures find."""
    spec = SupplierFile(
        file="t.csv",
        columns={"when": kind, "n": "count"},
        key=["when"],
        layout={"forms": {"when": form}} if form else {},
        **more,
    )
    figure = Measure(id="A1.a", title="a", series="s", compare=Compare(latest=latest, baseline=baseline))
    plan = Plan.model_construct(
        baseline_year="2019/20",
        tables={"t": spec},
        series={"s": Series(title="a", table="t", value="n")},
        priorities=[Priority.model_construct(indicators=[figure], measures=[])],
    )
    office = Configuration(Project(Path()), QUARTER, plan, Parameters.model_construct(lists={}))
    cells = "when,n\n" + "".join(f"{text},{number}\n" for number, text in enumerate(texts, start=1))
    received = lay_out("t", spec, [("t.csv", Grid(list(csv.reader(StringIO(cells)))))], QUARTER)
    asked = coverage(office, {"t": received})
    expected = Expected(QUARTER, {"t": spec.columns}, {"t": "t.csv"}, asked, {"t"})
    checks, mistakes = validate_tables({"t": received}, expected, folder)
    points = extract(typed(received), "s", office)
    end = last_month_of(points["period"], kind, spec.lag_months, QUARTER)
    totals = [
        period_total(points, resolve_period(name, end, 2019), kind, end)
        for name in (baseline, latest)
        if name is not None
    ]
    return every_violation(checks) + mistakes, [total and total.value for total in totals]


@pytest.mark.parametrize(("kind", "form"), EVERY_FORM)
def test_a_form_that_is_declared_is_read_alike_by_validation_and_by_the_figures(tmp_path, kind, form):
    latest = "position" if kind == "date" else LATEST[kind]
    month = QUARTER.months[-1] if kind == "date" else months_of(latest)[-1]
    assert tried(tmp_path, kind, form, [period(kind, form, month)], latest) == ([], [1.0])


@pytest.mark.parametrize(
    ("kind", "form"), [(kind, form) for kind, form in EVERY_FORM if form not in (None, OWN_FORMS[kind])]
)
def test_a_form_that_is_not_declared_is_refused_by_its_line(tmp_path, kind, form):
    latest = "position" if kind == "date" else LATEST[kind]
    text = period(kind, form, QUARTER.months[-1] if kind == "date" else months_of(latest)[-1])
    found, totals = tried(tmp_path, kind, None, [text], latest)
    assert totals == [None] or kind == "date"
    assert found[0].startswith(f"t.csv, column 'when', row 2: '{text}' is not ")
    assert f"`forms: {{when: {form}" in found[0].replace("'", "")


def test_a_month_written_as_a_day_never_passes_and_is_then_not_found(tmp_path):
    months = ["2022-10-01", "2022-11-01", "2022-12-01"]
    found, _ = tried(tmp_path, "month", None, months, "quarter")
    assert found[0].startswith("t.csv, column 'when': 3 cells are not a month such as 2022-04: row 2: '2022-10-01'; ")
    assert "`forms: {when: '2022-04-01'}` (which makes it October 2022)" in found[0]
    assert tried(tmp_path, "month", "2022-04-01", months, "quarter") == ([], [6.0])


def test_a_year_is_never_the_first_of_january(tmp_path):
    found, _ = tried(tmp_path, "date", None, ["2022"], "position")
    assert found == [
        "t.csv, column 'when', row 2: '2022' is not a date such as 2022-04-01. If the supplier writes dates so, say "
        "`forms: {when: 2022 (31 March)}` (which makes it 31 March 2022), or `forms: {when: 2022 (30 June)}` (which "
        "makes it 30 June 2022), or `forms: {when: 2022 (30 September)}` (which makes it 30 September 2022), or "
        "`forms: {when: 2022 (31 December)}` (which makes it 31 December 2022) in the table's layout. If the column "
        "holds calendar years, say `when: calendar_year` in params/plan.yml; if financial years, ask the supplier for "
        "both years, such as 2022/23; else ask the supplier for a date such as 2022-04-01."
    ]


@pytest.mark.parametrize(
    ("kind", "text", "advice"),
    [
        ("month", "2022", "If the column holds calendar years, say `when: calendar_year` in params/plan.yml; if "),
        ("month", "2022Q3", "If the column holds quarters, say `when: quarter` in params/plan.yml; else ask the "),
        ("quarter", "2021/22", "If the column holds financial years, say `when: financial_year` in params/plan.yml; "),
        ("calendar_year", "2021-22", "If the column holds financial years, say `when: financial_year` in params/"),
        ("financial_year", "2022", "If the column holds calendar years, say `when: calendar_year` in params/plan.yml;"),
        ("half_year", "2022-09-30", "If the column holds dates, say `when: date` in params/plan.yml; else ask the "),
        ("date", "2022-09", "If the column holds months, say `when: month` in params/plan.yml; else ask the supplier "),
    ],
)
def test_a_period_of_another_kind_is_told_with_that_kind(tmp_path, kind, text, advice):
    found, _ = tried(tmp_path, kind, None, [text], "position" if kind == "date" else LATEST[kind])
    assert advice in found[0]


SLOW = [
    ("half_year", ["2021H1", "2021H2", "2022H1"], "half_year", "half_year-2", [1.0, 3.0]),
    ("half_year", ["2020H2", "2021H1", "2021H2", "2022H1"], "rolling_12_months", "rolling_12_months-12", [3.0, 7.0]),
    ("financial_year", ["2019/20", "2020/21", "2021/22"], "rolling_12_months", "baseline_year", [1.0, 3.0]),
    ("financial_year", ["2017/18", "2018/19", "2019/20", "2020/21", "2021/22"], "2021/22", "2018/19", [2.0, 5.0]),
    ("calendar_year", ["2019", "2020", "2021", "2022"], "calendar_year", "2019", [1.0, 4.0]),
    ("calendar_year", ["2019", "2020", "2021", "2022"], "calendar_year", "calendar_year-2", [2.0, 4.0]),
]


@pytest.mark.parametrize(("kind", "texts", "latest", "baseline", "totals"), SLOW)
def test_halves_and_years_are_compared(tmp_path, kind, texts, latest, baseline, totals):
    assert tried(tmp_path, kind, None, texts, latest, baseline) == ([], totals)


@pytest.mark.parametrize(
    ("texts", "baseline"),
    [
        (["2021-09-30", "2022-03-31", "2022-09-30"], "position-12"),
        (["2019-09-30", "2022-09-30"], "on 2019-09-30"),
        (["2019-09-28", "2022-09-30"], "on 2019-09-30"),
    ],
)
def test_a_position_may_be_compared_with_an_earlier_one(tmp_path, texts, baseline):
    assert tried(tmp_path, "date", None, texts, "position", baseline)[0] == []


MISSING = [
    ("half_year", ["2021H1", "2022H1"], "half_year", "2021H2", "when '2021H2' is missing (series 's');"),
    ("financial_year", ["2020/21"], "2020/21", "baseline_year", "'2019/20' is missing (series 's'); 1 financial year"),
    ("calendar_year", ["2021"], "calendar_year", "2019", "'2019' is missing (series 's'); 2 calendar years are"),
    ("month", ["2022-12"], "month", "2022-03", "when '2022-03' is missing (series 's'); 1 month is missing in all"),
    ("date", ["2020-03-31", "2022-09-30"], "position", "on 2019-09-30",
     "no when up to 2019-09-30 (series 's'), which the period 'on 2019-09-30' needs. Ask the supplier for a complete"),
    ("financial_year", ["2021/22"], "financial_year", None,
     "'2022/23', which a figure of series 's' needs, is not over by the quarter's end. Compare a period in params/"),
    ("financial_year", ["2021/22", "2022/23"], "2021/22", None,
     "1 row is dated after the quarter, by whose end the last financial year was 2021/22: in row 3: when '2022/23'. "),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "texts", "latest", "baseline", "said"), MISSING)
def test_what_is_not_there_is_asked_for(tmp_path, kind, texts, latest, baseline, said):
    found, _ = tried(tmp_path, kind, None, texts, latest, baseline)
    assert [line for line in found if said in line] == found


LAGGING = [
    ("month", 3, ["2022-07", "2022-08", "2022-09"], "month-2", []),
    (
        "month",
        3,
        ["2022-06", "2022-07", "2022-08"],
        "month-2",
        ["2022-10", "at most 3 months before the quarter"],
    ),
    ("month", 3, ["2022-10", "2022-11", "2022-12"], "month-2", []),
    ("month", None, ["2022-07", "2022-08", "2022-09"], "month-2", ["2022-10"]),
    ("quarter", 3, ["2022Q1", "2022Q2"], "quarter-1", []),
    ("quarter", 0, ["2022Q1", "2022Q2"], "quarter-1", ["2022Q3", "at most 0 months"]),
    ("half_year", 9, ["2021H1", "2021H2"], "half_year-1", []),
    ("half_year", 6, ["2021H1", "2021H2"], "half_year-1", ["2022H1"]),
    ("financial_year", 21, ["2019/20", "2020/21"], "rolling_12_months-12", []),
    ("financial_year", 20, ["2019/20", "2020/21"], "rolling_12_months-12", ["2021/22"]),
    ("calendar_year", 12, ["2020", "2021"], "calendar_year-1", []),
    ("date", 12, ["2020-12-31", "2021-12-31"], "position-12", []),
    ("date", 11, ["2020-11-30", "2021-11-30"], "position-12", ["the latest when is 2021-11-30", "`lag_months`"]),
]


@pytest.mark.parametrize(("kind", "lag", "texts", "baseline", "said"), LAGGING)
def test_a_table_may_lag_by_as_much_as_the_plan_says(tmp_path, kind, lag, texts, baseline, said):
    latest = {"date": "position", "financial_year": "rolling_12_months"}.get(kind, kind)
    found, _ = tried(tmp_path, kind, None, texts, latest, baseline, lag_months=lag)
    assert (found == []) == (said == [])
    assert all(words in "".join(found) for words in said)

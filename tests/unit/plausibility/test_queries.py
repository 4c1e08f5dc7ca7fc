"""All queries of a quarter of the made-up office: names, order, dates, targets, remarks, files that are gone."""

import shutil
from dataclasses import replace
from datetime import date

import pytest

from panelpack.config.configuration import Configuration
from panelpack.config.corrections import Correction
from panelpack.config.supplied_table import SupplierFile
from panelpack.intake.received import REMARKS, ReceivedTable, Remark
from panelpack.intake.tables import earlier_tables, received_tables
from panelpack.periods import Quarter
from panelpack.plausibility.dates import months_in_name
from panelpack.plausibility.queries import find_queries, merged
from panelpack.plausibility.query import KINDS, Finding, Query

AS_AT = "savings date_before_quarter as_at"  # true of the made-up office: its savings are those of December


@pytest.fixture
def drop(office):
    """The quarter's tables and those of the quarter before."""
    return received_tables(office)[0], earlier_tables(office)


@pytest.fixture
def asked(office, drop):
    """Return a function that changes a table's cells, as text, and gives the queries by name."""
    now, old = drop

    def find(name, change, earlier=old):
        text = now[name].text.copy()
        change(text)
        return {q.name: q.words for q in find_queries(office, now | {name: replace(now[name], text=text)}, earlier)}

    return find


def set_cells(column, value, **where):
    def change(text):
        chosen = text[column].notna()
        for key, wanted in where.items():
            chosen &= text[key] == wanted
        assert chosen.any()
        text.loc[chosen, column] = value

    return change


def test_a_query_has_a_name_without_a_figure():
    query = Query("theft", "outside_range", "2019-02", "offences", "offences: 9 in 2019-02 is more than ever.")
    assert query.name == "theft 2019-02 outside_range offences"
    assert Query("theft", "received", "", "", "Late.").name == "theft received"


def test_the_made_up_office_has_one_true_query(office, drop):
    now, old = drop
    assert [query.name for query in find_queries(office, now, old)] == [AS_AT]
    assert AS_AT in [query.name for query in find_queries(office, now, {})]
    assert find_queries(office, {}, old) == []


def test_an_earlier_quarter_without_one_before_it(project):
    before = Configuration.read(project, Quarter.parse("2014Q4"))
    assert [query.name for query in find_queries(before, received_tables(before)[0], earlier_tables(before))] == [AS_AT]


def test_queries_stand_in_the_order_of_the_plan(office, drop):
    now, old = drop
    changed = dict(now)
    for name, column in (("savings", "gbp_million"), ("recorded_crime", "offences")):
        text = now[name].text.copy()
        text[column] = [f"{float(cell) * 1000:g}" for cell in text[column]]
        changed[name] = replace(now[name], text=text)
    order = list(office.plan.tables)
    places = [order.index(query.table) for query in find_queries(office, changed, old)]
    assert len(places) >= 3 and places == sorted(places)


def test_nothing_is_told_of_a_table_that_is_withheld(office, asked):
    assert office.parameters.withheld("drug_treatment")
    found = asked("drug_treatment", set_cells("completions", "9876", quarter="2015Q1"))
    (name,) = set(found) - {AS_AT}
    assert name.startswith("drug_treatment 2015Q1") and "9,876" not in found[name] and "9876" not in found[name]


def test_an_internal_table_names_its_row_and_no_number(asked):
    found = asked("victim_survey", set_cells("satisfied", "0", month="2015-06", victim_group="burglary"))
    assert found["victim_survey 2015-06 zero satisfied burglary"].startswith("satisfied of burglary: nothing in")


@pytest.mark.parametrize(
    ("day", "name"),
    [
        ("2015-06-30", None),
        ("2015-04-01", None),
        ("2015-03-31", "savings date_before_quarter as_at"),
        ("2015-07-31", "savings date_ahead as_at"),
    ],
)
def test_the_day_of_a_position(asked, day, name):
    found = asked("savings", set_cells("as_at", day))
    assert [key for key in found if key.startswith("savings")] == ([name] if name else [])


def test_a_position_that_did_not_move(asked, drop):
    earlier = dict(drop[1])
    text = earlier["savings"].text.assign(as_at="2015-06-30")
    earlier["savings"] = replace(earlier["savings"], text=text)
    assert "savings date_unchanged as_at" in asked("savings", set_cells("as_at", "2015-06-30"), earlier)


def with_sources(office, table, **changes):
    """The office with something else said of a table's file; `name` names the file."""
    name = changes.pop("name", None)
    files = {}
    for file, source in office.sources.files.items():
        is_it = source.table == table
        files[(name or file) if is_it else file] = source.model_copy(update=changes) if is_it else source
    other = Configuration(office.project, office.quarter, office.plan, office.parameters)
    vars(other)["sources"] = office.sources.model_copy(update={"files": files})
    return other


@pytest.mark.parametrize(
    ("day", "said"),
    [
        (date(2015, 6, 30), "before the quarter had ended on 30 June 2015"),
        (date(2015, 4, 17), "may have been copied from the quarter before"),
        (date(2015, 7, 1), ""),
        (date(2015, 9, 16), ""),
    ],
)
def test_the_day_of_receipt(office, drop, day, said):
    other = with_sources(office, "recorded_crime", received=day)
    found = [query for query in find_queries(other, *drop) if query.kind == "received"]
    assert [query.name for query in found] == (["recorded_crime received"] if said else [])
    assert not said or said in found[0].words


@pytest.mark.parametrize(
    ("name", "asks"),
    [
        ("crime_2014-06.csv", True),
        ("crime_2014Q4.csv", True),
        ("crime Mar-15.csv", True),
        ("crime_2015-12.csv", True),
        ("crime_2015-06.csv", False),
        ("crime_2012-04_to_2015-06.csv", False),
        ("crime drawn 20150717.csv", False),
        ("crime_2015Q1.csv", False),
        ("crime.csv", False),
        ("form 1234-56.csv", False),
    ],
)
def test_the_month_in_the_name_of_a_file(office, drop, name, asks):
    found = find_queries(with_sources(office, "recorded_crime", name=name), *drop)
    assert [query.name for query in found if query.kind == "file_name"] == (
        ["recorded_crime file_name"] if asks else []
    )


def test_of_several_files_the_latest_counts(office, drop):
    sums = {f"2015-0{month}-street.csv": "0" * 64 for month in (4, 5, 6)} | {"2014-06-street.csv": "1" * 64}
    found = find_queries(with_sources(office, "recorded_crime", sha256=sums), *drop)
    assert "file_name" not in [query.kind for query in found]


@pytest.mark.parametrize(
    ("name", "months"),
    [
        ("June 2016 asb.xlsx", ["2016-06"]),
        ("asb-2016Q4.csv", ["2017-03"]),
        ("asb_201606.csv", ["2016-06"]),
        ("Sept 16 asb.csv", ["2016-09"]),
        ("mayors 2016.csv", []),
        ("20160731_extract.csv", ["2016-07"]),
    ],
)
def test_months_in_names(name, months):
    assert months_in_name(name) == months


@pytest.mark.parametrize(
    ("series", "target", "said"),
    [
        ("satisfaction_hate_crime", 0.9, "of a proportion"),
        ("satisfaction_hate_crime", 900, "beyond 100%"),
        ("satisfaction_hate_crime", 90, ""),
        ("night_time_economy", 1.6, "powers of ten away"),
        ("night_time_economy", 150_000, "powers of ten away"),
        ("night_time_economy", 1_200, ""),
        ("night_time_economy", 0, ""),
    ],
)
def test_targets_in_another_unit(office, drop, series, target, said):
    changed = office.plan.series[series].model_copy(update={"target": target})
    plan = office.plan.model_copy(update={"series": office.plan.series | {series: changed}})
    found = [query for query in find_queries(replace(office, plan=plan), *drop) if query.kind == "target"]
    assert [query.subject for query in found] == ([series] if said else [])
    assert not said or said in found[0].words


def test_remarks_that_ask_become_queries(office, drop):
    now, old = drop
    remarks = (
        Remark("no_line_end", "line 469", "recorded_crime.csv ends inside its last line.", asks=True),
        Remark("hidden_rows", "a.xlsx, row 7", "it is hidden and was read", asks=True),
        Remark("hidden_rows", "a.xlsx, row 9", "it is hidden and was read", asks=True),
        Remark("rows_left_out", "", "12 rows were left out.", asks=False),
    )
    found = find_queries(office, now | {"recorded_crime": replace(now["recorded_crime"], remarks=remarks)}, old)
    words = {query.name: query.words for query in found if query.table == "recorded_crime"}
    assert set(words) == {"recorded_crime no_line_end", "recorded_crime hidden_rows"}
    assert words["recorded_crime hidden_rows"] == (
        "a.xlsx, row 7: it is hidden and was read. There is one more like it."
    )


def lost(project):
    office = Configuration.read(project, Quarter.parse("2015Q1"))
    found = find_queries(office, received_tables(office)[0], earlier_tables(office))
    return [query.words for query in found if query.kind == "earlier_files"]


def test_files_of_the_quarter_before_that_are_gone(project_copy):
    assert lost(project_copy) == []
    folder = project_copy.raw(Quarter.parse("2014Q4"))
    (folder / "savings.csv").unlink()
    assert lost(project_copy) == ["data/raw/2014Q4 has lost savings.csv, so what was restated since cannot be seen."]
    for path in folder.glob("*.csv"):
        path.unlink()
    (words,) = lost(project_copy)
    assert "others" in words
    (folder / "sources.yml").unlink()
    (words,) = lost(project_copy)
    assert "has no sources.yml" in words
    shutil.rmtree(folder)
    (words,) = lost(project_copy)
    assert words == "data/raw/2014Q4 is gone, so what was restated since cannot be seen."


def test_a_first_quarter_has_lost_nothing(project_copy):
    shutil.rmtree(project_copy.raw(Quarter.parse("2014Q4")))
    project_copy.params(Quarter.parse("2014Q4")).unlink()
    assert lost(project_copy) == []


def test_a_table_without_rows_or_periods_asks_nothing(office, drop):
    now, old = drop
    empty = replace(now["recorded_crime"], text=now["recorded_crime"].text.iloc[:0], rows=0)
    assert AS_AT in [query.name for query in find_queries(office, now | {"recorded_crime": empty}, old)]
    spec = SupplierFile(file="x.csv", columns={"area": "category", "n": "count"}, key=["area"])
    odd = ReceivedTable("recorded_crime", spec, now["recorded_crime"].text, 1)
    assert AS_AT in [query.name for query in find_queries(office, now | {"recorded_crime": odd}, old)]


def test_what_the_office_corrected_has_its_reason(office, drop, asked):
    key = {"month": "2014-05", "offence": "robbery"}
    change = set_cells("offences", "680", **key)
    assert "recorded_crime 2014-05 scale offences robbery" in asked("recorded_crime", change)
    now, old = drop
    wrong = old["recorded_crime"].text.copy()
    change(wrong)  # the supplier's mistake stands in both files, and is corrected in this one
    earlier = old | {"recorded_crime": replace(old["recorded_crime"], text=wrong)}
    corrected = Correction(
        file="2015Q1/recorded_crime.csv",
        key=key,
        column="offences",
        old="680",
        new=now["recorded_crime"].text.query("month == '2014-05' and offence == 'robbery'")["offences"].iloc[0],
        reason="A digit was typed twice.",
        decided_by="Performance and Evaluation Coordinator",
        decided_on=date(2015, 8, 20),
    )
    other = Configuration(office.project, office.quarter, office.plan, office.parameters)
    assert "recorded_crime" in [query.table for query in find_queries(other, now, earlier)]
    vars(other)["corrections"] = [(1, corrected)]
    assert [query.name for query in find_queries(other, now, earlier)] == [AS_AT]


def test_many_of_a_kind_are_one_query():
    findings = [
        Finding("zero", f"2019-0{month}", f"calls {month}", f"Nothing in month {month}.") for month in range(1, 8)
    ]
    other = Finding("scale", "2019-01", "calls", "Ten times.")
    assert merged([*findings[:6], other]) == [*findings[:6], other]
    one, two = merged([*findings, other])
    assert one[:3] == ("zero", "", "") and one.words == "Nothing in month 1. There are 6 more like it in this table."
    assert two == other


def test_every_kind_of_remark_that_may_ask_is_explained():
    assert {"hidden_rows", "formula_without_value", "no_line_end", "cut_at_row_limit"} <= set(REMARKS) & set(KINDS)
    assert all(words.endswith("?") for words in KINDS.values())

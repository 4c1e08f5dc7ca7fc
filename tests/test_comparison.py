"""Two quarters side by side, and restated history in the pack."""

import pandas as pd
import pytest

from panelpack.audit.compare import compare_quarters, figures_of
from panelpack.errors import UsageError
from panelpack.periods import Quarter
from panelpack.project import Project
from panelpack.rendering.chart_text import data_table
from running import QUARTER, copy_project, run

LATER = Quarter.parse(QUARTER)
EARLIER = LATER.shift(-1)


@pytest.fixture(scope="module")
def compared(tmp_path_factory):
    project = Project(copy_project(tmp_path_factory.mktemp("compared")))
    return project, compare_quarters(project, EARLIER, LATER)


def test_figures_that_changed_are_those_of_both_quarters(compared):
    project, page = compared
    rows = pd.read_csv(page.with_name("figures.csv"), dtype=str, keep_default_na=False)
    entrants = rows[(rows["indicator"] == "SP01.first_time_entrants") & (rows["field"] == "latest")]
    now = figures_of(project, LATER)[1]["SP01.first_time_entrants"].latest
    before = figures_of(project, EARLIER)[1]["SP01.first_time_entrants"].latest
    assert (float(entrants["earlier"].item()), float(entrants["later"].item())) == (before, now)
    assert not (rows["earlier"] == rows["later"]).any()


def test_verdicts_that_changed_are_named_with_both(compared):
    project, page = compared
    before, now = (figures_of(project, quarter)[1] for quarter in (EARLIER, LATER))
    changed = {name for name in now if now[name].verdict != before[name].verdict}
    rows = pd.read_csv(page.with_name("figures.csv"), dtype=str, keep_default_na=False)
    assert set(rows.loc[rows["field"] == "verdict", "indicator"]) == changed and changed
    text = page.read_text(encoding="utf-8")
    section = text[text.index('id="verdicts"') : text.index('id="figures"')]
    assert all(name in section for name in changed)


def test_every_restated_figure_is_listed_with_the_suppliers_reason(compared):
    _, page = compared
    rows = pd.read_csv(page.with_name("revisions.csv"), dtype=str, keep_default_na=False)
    assert (
        len(rows) > 10
        and rows["reason"].ne("").all()
        and (rows["old"] != rows["new"])[rows["old"] != "not shown"].all()
    )
    # Of an internal table (small counts, persons) no single figure is shown.
    internal = rows["table"].isin(["victim_survey", "reoffending_cohorts"])
    assert internal.any() and rows.loc[internal, ["old", "new"]].isin(["not shown", ""]).all().all()
    assert rows.loc[~internal, "old"].str.isdecimal().all()
    text = page.read_text(encoding="utf-8")
    assert all(reason in text for reason in rows["reason"].str.replace("'", "&#x27;").unique())


def test_nothing_of_an_embargoed_table_is_compared(compared):
    _, page = compared
    rows = pd.read_csv(page.with_name("figures.csv"), dtype=str)
    assert not rows["indicator"].str.startswith("SP03.treatment").any()
    assert "drug_treatment" not in page.with_name("revisions.csv").read_text(encoding="utf-8")


def test_the_later_quarter_cannot_come_first(compared):
    project, _ = compared
    for pair in ((LATER, EARLIER), (LATER, LATER)):
        with pytest.raises(UsageError, match="expected A to be the earlier quarter"):
            compare_quarters(project, *pair)


def test_as_a_command_it_needs_both_quarters(compared):
    root = compared[0].root
    done = run(root, "compare", str(EARLIER))
    assert done.returncode == 2 and done.stderr.startswith("panelpack: B is missing: expected two quarters.")
    assert run(root, "compare", str(EARLIER), "2031Q1").returncode == 2


def test_a_revised_period_is_marked_in_the_table_beside_its_chart():
    points = pd.DataFrame({"period": ["2015-01", "2015-02", "2015-04"], "value": [10.0, 20.0, 30.0]})
    table = data_table(points, "count", "c", 0, revised={"2015-02", "2014-01"})
    row = table.set_index("Year").loc["2014/15"]
    assert (row["Jan"], row["Feb"]) == ("10", "20 [r]")
    assert table.set_index("Year").loc["2015/16", "Apr"] == "30"


@pytest.mark.slow
def test_the_pack_marks_and_lists_what_was_restated(made_quarter):
    page = (made_quarter / "pack" / "panel-pack.html").read_text(encoding="utf-8")
    assert "figures revised since the report of the quarter before [r]" in page
    assert page.count("[r]</td>") > 10
    assert "[r] revised since the report of the quarter before." in page

"""Two quarters side by side, and restated history in the pack."""

import pandas as pd
import pytest

from panelpack.audit.compare import compare_quarters, moved, results_by_id
from panelpack.config.configuration import Configuration
from panelpack.errors import UsageError
from panelpack.intake.restated import find_restated
from panelpack.periods import Quarter
from panelpack.project import Project
from running import QUARTER, copy_project, run

LATER = Quarter.parse(QUARTER)
EARLIER = LATER.shift(-1)


@pytest.fixture(scope="module")
def compared(tmp_path_factory):
    project = Project(copy_project(tmp_path_factory.mktemp("compared") / "project"))
    return project, compare_quarters(project, EARLIER, LATER)


def results_of(project, quarter):
    return results_by_id(Configuration.read(project, quarter))


def test_figures_that_changed_are_those_of_both_quarters(compared):
    project, page = compared
    rows = pd.read_csv(page.with_name("figures.csv"), dtype=str, keep_default_na=False)
    entrants = rows[(rows["indicator"] == "SP01.first_time_entrants") & (rows["field"] == "latest")]
    now = results_of(project, LATER)["SP01.first_time_entrants"].latest
    before = results_of(project, EARLIER)["SP01.first_time_entrants"].latest
    assert (float(entrants["earlier"].item()), float(entrants["later"].item())) == (before, now)
    assert not (rows["earlier"] == rows["later"]).any()


def test_verdicts_that_changed_are_named_with_both(compared):
    project, page = compared
    before, now = (results_of(project, quarter) for quarter in (EARLIER, LATER))
    changed = {name for name in now if now[name].verdict != before[name].verdict}
    rows = pd.read_csv(page.with_name("figures.csv"), dtype=str, keep_default_na=False)
    assert set(rows.loc[rows["field"] == "verdict", "indicator"]) == changed and changed
    text = page.read_text(encoding="utf-8")
    section = text[text.index('id="verdicts"') : text.index('id="figures"')]
    assert all(name in section for name in changed)


def test_every_restated_figure_is_listed_with_the_suppliers_reason(compared):
    project, page = compared
    rows = pd.read_csv(page.with_name("revisions.csv"), dtype=str, keep_default_na=False)
    assert len(rows) == len(find_restated(Configuration.read(project, LATER), EARLIER)) > 10
    assert rows["reason"].ne("").all()
    # Of an internal table (small counts, persons) no single figure is shown.
    internal = rows["table"].isin(["victim_survey", "reoffending_cohorts"])
    assert internal.any() and rows.loc[internal, ["old", "new"]].isin(["not shown", ""]).all().all()
    assert rows.loc[~internal, "old"].str.isdecimal().all()
    assert (rows["old"] != rows["new"])[~internal].all()
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


def test_a_figure_that_one_quarter_has_not_is_a_change_from_nothing(compared):
    now = results_of(compared[0], LATER)
    name = "SP18.found"
    rows = moved({}, {name: now[name]}).set_index("field")
    assert rows.loc["latest", ["earlier", "later"]].tolist() == ["", now[name].latest]


def test_as_a_command_it_needs_both_quarters(compared):
    root = compared[0].root
    done = run(root, "compare", str(EARLIER))
    assert done.returncode == 2 and done.stderr.startswith("panelpack: B is missing: expected two quarters.")
    assert run(root, "compare", str(EARLIER), "2031Q1").returncode == 2


def test_as_a_command_it_names_the_page(compared):
    done = run(compared[0].root, "compare", str(EARLIER), str(LATER))
    assert (done.returncode, done.stdout) == (0, f"outputs/compare/{EARLIER}-{LATER}/index.html\n")

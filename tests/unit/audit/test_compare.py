"""Two quarters side by side, and restated history in the pack."""

import pandas as pd
import pytest
import yaml

from panelpack.audit.compare import compare_quarters, moved, results_by_id
from panelpack.config.configuration import Configuration
from panelpack.errors import ConfigurationError, UsageError
from panelpack.intake.restated import find_restated, not_compared
from panelpack.intake.tables import comparable_tables
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
    assert internal.any() and rows.loc[internal, ["old", "new"]].isin(["[x]", ""]).all().all()
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


# --------------------------------------------------------------------------------- by two plans in succession
@pytest.fixture
def moved_on(project_copy):
    """An office whose plan moved on: a measure less, one more, and a table that its supplier now names otherwise."""
    plan = yaml.safe_load((project_copy.root / "params/plan.yml").read_text(encoding="utf-8"))
    plan["tables"]["savings"]["file"] = "spared.csv"
    box = next(box for box in plan["priorities"] if any(row["id"] == "SP11.offences" for row in box["indicators"]))
    row = next(row for row in box["indicators"] if row["id"] == "SP11.offences")
    box["indicators"] = [{**row, "id": "SP11.recorded"} if of is row else of for of in box["indicators"]]
    # What else names it, goes with it.
    text = yaml.safe_dump(plan, sort_keys=False, allow_unicode=True).replace("SP11.offences", "SP11.recorded")
    (project_copy.root / "params/plan-2015Q1.yml").write_text(text, encoding="utf-8")
    commentary = project_copy.commentary(LATER)
    said = commentary.read_text(encoding="utf-8").replace("SP11.offences", "SP11.recorded")
    commentary.write_text(said, encoding="utf-8")
    raw = project_copy.raw(LATER)
    (raw / "savings.csv").rename(raw / "spared.csv")
    sources = (raw / "sources.yml").read_text(encoding="utf-8")
    (raw / "sources.yml").write_text(sources.replace("savings.csv", "spared.csv"), encoding="utf-8")
    return project_copy


def test_quarters_of_two_plans_are_compared_each_by_its_own(moved_on, compared):
    page = compare_quarters(moved_on, EARLIER, LATER)
    text = page.read_text(encoding="utf-8")
    only = text[text.index('id="only"') :]
    assert "Only in 2014Q4: SP11.offences " in only and "Only in 2015Q1: SP11.recorded " in only
    assert "2014Q4 is reported by params/plan.yml. 2015Q1 is reported by params/plan-2015Q1.yml." in only
    rows, of_one = (
        pd.read_csv(at.with_name("figures.csv"), dtype=str, keep_default_na=False) for at in (page, compared[1])
    )
    by_one = rows[rows["indicator"].isin(["SP11.offences", "SP11.recorded"])]
    assert ((by_one["earlier"] == "") | (by_one["later"] == "")).all() and len(by_one) > 8
    # All else is as it is by one plan, what was restated in the file with another name too.
    ours, theirs = (of[~of["indicator"].str.startswith("SP11.")].reset_index(drop=True) for of in (rows, of_one))
    assert len(theirs) > 20
    pd.testing.assert_frame_equal(ours, theirs)
    restated = [at.with_name("revisions.csv").read_bytes() for at in (page, compared[1])]
    assert restated[0] == restated[1]


def released(project, **releases):
    for quarter, release in releases.items():
        path = project.raw(Quarter.parse(quarter)) / "sources.yml"
        listed = yaml.safe_load(path.read_text(encoding="utf-8"))
        listed["files"]["recorded_crime.csv"]["release"] = release
        path.write_text(yaml.safe_dump(listed, sort_keys=False), encoding="utf-8")
    return compare_quarters(project, EARLIER, LATER).read_text(encoding="utf-8")


def test_two_releases_of_a_table_are_both_named(project_copy):
    text = released(project_copy, **{"2014Q4": "April 2015", "2015Q1": "July 2015"})
    restated = text[text.index('id="revisions"') :]
    assert "2014Q4 has the release of April 2015, 2015Q1 that of July 2015." in restated
    assert "has the release of" not in released(project_copy, **{"2014Q4": "July 2015"})


def test_of_one_plan_nothing_is_said_of_plans(compared):
    text = compared[1].read_text(encoding="utf-8")
    assert "is reported by" not in text and 'id="only"' not in text


@pytest.mark.parametrize(
    ("change", "is_compared"),
    [
        (lambda table: table.update(file="another.csv"), True),
        (lambda table: table["columns"].update(remark="text"), True),
        (lambda table: table["columns"].update(more="count"), False),
        (lambda table: table.update(key=[*table["key"], "more"], columns={**table["columns"], "more": "text"}), False),
    ],
)
def test_a_table_that_the_plan_described_otherwise_is_not_compared(project_copy, change, is_compared):
    path = project_copy.root / "params/plan.yml"
    plan = yaml.safe_load(path.read_text(encoding="utf-8"))
    (project_copy.root / "params/plan-2015Q1.yml").write_bytes(path.read_bytes())
    change(plan["tables"]["recorded_crime"])
    path.write_text(yaml.safe_dump(plan, sort_keys=False, allow_unicode=True), encoding="utf-8")
    office = Configuration.read(project_copy, LATER)
    assert ("recorded_crime" in comparable_tables(office, EARLIER)) is is_compared
    assert comparable_tables(office, EARLIER).keys() | {"recorded_crime"} == office.plan.tables.keys()
    missing = "recorded_crime" in not_compared(office)
    assert missing is (not is_compared or plan["tables"]["recorded_crime"].get("file") == "another.csv")


def test_without_a_plan_for_the_earlier_quarter_nothing_is_compared(project_copy):
    path = project_copy.root / "params/plan.yml"
    path.rename(path.with_name("plan-2015Q1.yml"))
    office = Configuration.read(project_copy, LATER)
    assert comparable_tables(office, EARLIER) == {} and find_restated(office).empty
    with pytest.raises(ConfigurationError, match="begins after 2014Q4"):
        compare_quarters(project_copy, EARLIER, LATER)

"""Corrections to raw figures: applied before anything reads a file, refused in words, listed in the pack."""

import pandas as pd
import pytest
import yaml

from panelpack import comparison, corrections, corrections_page, evidence, raw_checks
from panelpack.errors import ConfigurationError
from panelpack.project import Project
from panelpack.quarters import Quarter
from panelpack.tables import Table
from running import QUARTER, copy_project

LABEL = Quarter.parse(QUARTER)
ROBBERY = {"month": "2015-06", "offence": "robbery"}


@pytest.fixture
def project(tmp_path, monkeypatch) -> Project:
    monkeypatch.chdir(copy_project(tmp_path))
    return Project(tmp_path)


def cell(project, file="recorded_crime.csv", column="offences", **key) -> str:
    """Return what the supplier's file has."""
    frame = pd.read_csv(project.raw(LABEL) / file, dtype=str)
    for name, value in (key or ROBBERY).items():
        frame = frame[frame[name] == value]
    return frame[column].item()


def entry(project, **changes) -> dict:
    made = {
        "file": f"{QUARTER}/recorded_crime.csv",
        "key": ROBBERY,
        "column": "offences",
        "old": int(cell(project)),
        "new": int(cell(project)) + 5,
        "reason": "Five were keyed under another offence.",
        "decided_by": "Performance and Evaluation Coordinator",
        "decided_on": "2015-08-20",
    }
    return made | changes


def write(project, *entries) -> None:
    text = yaml.safe_dump({"corrections": list(entries)}, sort_keys=False)
    corrections.path(project).write_text(f"# A comment\n{text.replace(chr(39), '')}", encoding="utf-8")


def read(project, table="recorded_crime"):
    plan = evidence.configuration(project, LABEL)[0]
    return corrections.corrected(project, LABEL, plan.tables[table], plan)


def test_the_shipped_file_corrects_nothing(project):
    plan = evidence.configuration(project, LABEL)[0]
    assert corrections.of_quarter(project, LABEL, plan) == []
    assert corrections_page.table(project, LABEL).markdown == corrections_page.NONE


def test_a_correction_changes_its_cell_and_no_other(project):
    before = read(project)
    write(project, entry(project))
    after = read(project)
    changed = before["offences"] != after["offences"]
    assert changed.sum() == 1
    assert after.loc[changed, "offences"].item() == str(int(cell(project)) + 5)
    assert after.drop(columns="offences").equals(before.drop(columns="offences"))


def test_a_figure_follows_and_the_suppliers_file_stays(project):
    raw = (project.raw(LABEL) / "recorded_crime.csv").read_bytes()
    before = comparison.figures_of(project, LABEL)[1]
    write(project, entry(project))
    after = comparison.figures_of(project, LABEL)[1]
    moved = {name for name in after if after[name] != before[name]}
    assert moved == {name for name in after if name.startswith("SP11.robbery")}
    assert (project.raw(LABEL) / "recorded_crime.csv").read_bytes() == raw


def test_a_bad_cell_that_is_corrected_passes_the_checks(project):
    path = project.raw(LABEL) / "asb_incidents.csv"
    text = path.read_text(encoding="utf-8")
    good = cell(project, "asb_incidents.csv", "incidents", month="2014-05")
    path.write_text(text.replace(f"2014-05,{good}", "2014-05,-3"), encoding="utf-8")
    from panelpack import receiving

    receiving.receive(project.raw(LABEL))
    assert any("'-3'" in failure for failure in raw_checks.run(QUARTER).failures)
    asb = {"file": f"{QUARTER}/asb_incidents.csv", "key": {"month": "2014-05"}, "column": "incidents"}
    write(project, entry(project, **asb, old=-3, new=int(good)))
    assert raw_checks.run(QUARTER).failures == []


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"old": 1}, "expected the old value '1': the supplier may have corrected it"),
        (
            {"key": {"month": "2015-06", "offence": "piracy"}},
            "0 rows of recorded_crime.csv have this key, expected one",
        ),
        ({"key": {"month": "2015-06"}}, "expected the key month, offence"),
        ({"column": "month_of"}, "expected the key month, offence and one of month, offence, offences"),
        ({"file": f"{QUARTER}/no_such.csv"}, "the plan has no file 'no_such.csv'"),
        ({"file": "2031Q2/recorded_crime.csv"}, "there is no folder data/raw/2031Q2"),
        ({"file": "recorded_crime.csv"}, "file"),
        ({"decided_by": "A. N. Other 01234"}, "decided_by"),
        ({"reason": ""}, "reason"),
        ({"surprise": 1}, "there is no such key here"),
        ({"new": None}, "new"),
    ],
)
def test_what_cannot_be_applied_is_refused_with_file_and_line(project, changes, words):
    write(project, entry(project, **changes))
    with pytest.raises(ConfigurationError) as told:
        read(project)
    assert "params/corrections.yml, line " in str(told.value) and words in str(told.value)


def test_a_correction_that_changes_nothing_or_stands_twice_is_refused(project):
    same = int(cell(project))
    write(project, entry(project, new=same))
    with pytest.raises(ConfigurationError, match="line 3: old and new are both"):
        read(project)
    write(project, entry(project), entry(project, new=same + 9))
    with pytest.raises(ConfigurationError, match="corrected above already"):
        read(project)


def test_no_message_quotes_an_embargoed_value(project):
    first = pd.read_csv(project.raw(LABEL) / "drug_treatment.csv", dtype=str).iloc[0]
    drug = {"file": f"{QUARTER}/drug_treatment.csv", "key": {"quarter": first["quarter"]}, "column": "completions"}
    write(project, entry(project, **drug, old=1, new=2))
    with pytest.raises(ConfigurationError) as told:
        read(project, "drug_treatment")
    assert "found another value" in str(told.value) and first["completions"] not in str(told.value)


def test_another_quarters_correction_is_left_alone(project):
    write(project, entry(project, file="2014Q4/recorded_crime.csv"))
    assert (
        read(project).loc[:, "offences"].tolist()
        == pd.read_csv(project.raw(LABEL) / "recorded_crime.csv", dtype=str)["offences"].tolist()
    )


def test_every_correction_is_listed_and_one_that_may_not_be_shown_without_its_figures(project):
    first = pd.read_csv(project.raw(LABEL) / "drug_treatment.csv", dtype=str).iloc[0]
    drug = {"file": f"{QUARTER}/drug_treatment.csv", "key": {"quarter": first["quarter"]}, "column": "completions"}
    old = int(first["completions"])
    write(project, entry(project), entry(project, **drug, old=old, new=old + 1))
    table = corrections_page.table(project, LABEL)
    assert isinstance(table, Table)
    rows = table.rows.to_dict("records")
    assert [row["Figure"] for row in rows] == ["month 2015-06, offence robbery: offences", "not shown"]
    assert rows[0]["As received"] == cell(project) and rows[1]["As received"] == "not shown"
    assert rows[0]["Decided by"] == "Performance and Evaluation Coordinator, 20 August 2015"
    assert str(old) not in str(rows[1].values())

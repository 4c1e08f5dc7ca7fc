"""What figures are computed from: as prepared for later notebooks it is what the raw files give, and no more."""

import pytest

import page_blocks
from panelpack.config.configuration import Configuration
from panelpack.disclosure.publication import prepare_series
from panelpack.errors import CommentaryError, SourceError
from panelpack.indicators.compute import compute_every
from panelpack.indicators.quarter_data import read_prepared, save_series
from panelpack.indicators.quarter_report import QuarterReport


@pytest.fixture
def prepared(project_copy, quarter):
    """The configuration of a copy whose series were saved."""
    return page_blocks.prepared(project_copy, quarter).office


def test_series_that_were_saved_give_the_results_that_the_raw_files_give(prepared, results):
    assert {result.indicator: result for result in compute_every(read_prepared(prepared))} == results


def test_a_table_is_read_only_when_one_of_its_series_is_asked_for(prepared, quarter):
    folder = prepared.project.processed(quarter) / "series"
    (folder / "recorded_crime.csv").unlink()
    data = read_prepared(prepared)
    assert data.total("night_time_economy", "quarter").value == 4975
    with pytest.raises(SourceError) as caught:
        data.total("robbery", "quarter")
    assert str(caught.value) == (
        "data/processed/2015Q1/series/recorded_crime.csv: the file is missing, expected a table of the prepare "
        "notebook. Run the prepare notebook, or make quarter."
    )


def test_before_the_prepare_notebook_has_run_there_is_nothing_to_read(project_copy, quarter):
    with pytest.raises(SourceError, match=r"^data/processed/2015Q1/origins\.csv: the file is missing, "):
        read_prepared(Configuration.read(project_copy, quarter))


def test_nothing_of_a_withheld_table_is_saved_and_what_lingers_is_removed(prepared, quarter):
    folder = prepared.project.processed(quarter) / "series"
    assert not (folder / "drug_treatment.csv").exists() and (folder / "savings.csv").exists()
    path = prepared.project.params(quarter)
    entry = "availability:\n  savings: {status: suppressed, reason: Under review.}\n"
    path.write_text(path.read_text(encoding="utf-8").replace("availability:\n", entry, 1), encoding="utf-8")
    office = Configuration.read(prepared.project, quarter)
    save_series(office, prepare_series(office))
    assert not (folder / "savings.csv").exists()
    assert "savings_realised" not in read_prepared(office).points


def test_a_report_reads_the_results_that_were_saved_and_computes_none(prepared, quarter, results):
    report = QuarterReport(str(quarter), project=prepared.project)
    for box in report.plan.priorities:
        report.save_priority(box)
    (prepared.project.processed(quarter) / "series" / "recorded_crime.csv").unlink()
    written = QuarterReport(str(quarter), project=prepared.project, written=True)
    assert written.indicators() == [result for result in results.values() if not result.measure]
    assert written.headline() == report.headline()


def test_a_matter_to_note_that_cannot_be_resolved_is_named(prepared, quarter):
    path = prepared.project.params(quarter)
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("flags:\n", "flags:\n  my_flag: See {{ nothing }}.\n"), encoding="utf-8")
    report = QuarterReport(str(quarter), project=prepared.project)
    with pytest.raises(CommentaryError, match=r"^params/2015Q1\.yml, flags, my_flag: \{\{ nothing \}\}: there is no "):
        report.flags()


def test_the_rows_of_the_commentary_say_which_figures_each_paragraph_cites(prepared, quarter):
    report = QuarterReport(str(quarter), project=prepared.project)
    rows = report.commentary_rows(report.office.commentary.of_update("SP18"))
    (row,) = rows.to_dict("records")
    assert (row["paragraph"], row["section"], row["priority"], row["origin"]) == (
        46,
        "Performance updates",
        "SP18",
        "computed",
    )
    assert row["figures"].startswith(
        "SP18.required.latest = 27.8 (shown as £27.8m); SP18.found.latest = 23.8 (shown as £23.8m); "
    )
    assert "{{" not in row["text"]

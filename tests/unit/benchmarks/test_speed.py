"""The measurements: the changes that a person makes, and the table with its targets. Nothing is measured here."""

import json
import shutil

import pandas as pd
import pytest

from benchmarks import speed
from panelpack.config.configuration import Configuration
from panelpack.pipeline.records import part_digest, steps_folder


def test_an_edited_word_is_of_one_priority(bench, office, quarter):
    bench.edit_commentary()
    before, after = office.commentary, Configuration.read(bench.project, quarter).commentary
    changed = [
        update.id
        for update in office.plan.updates
        if part_digest(before.part("update", update.id)) != part_digest(after.part("update", update.id))
    ]
    assert changed == [office.plan.updates[1].id]


def test_an_edited_module_is_that_of_the_report_and_still_compiles(bench, measured):
    bench.edit_page_module()
    path = "pages/report.py"
    before, after = ((at.package / path).read_text(encoding="utf-8") for at in (measured, bench.project))
    assert after.startswith(before) and after != before
    compile(after, path, "exec")


@pytest.mark.slow
def test_an_edited_raw_file_is_the_one_that_the_fewest_priorities_read(bench, made_run, quarter):
    folder = steps_folder(bench.project, quarter)
    shutil.copytree(made_run.root / folder.relative_to(bench.project.root), folder)
    table, readers = bench.edit_raw()
    series = f"data/processed/{quarter}/series/{table}.csv"
    read = {path.stem for path in folder.glob("*.json") if series in json.loads(path.read_text())["reads"]}
    assert readers == read - {"pack"} and any(step.startswith("3_") for step in readers)
    sources = (bench.project.raw(quarter) / "sources.yml").read_text(encoding="utf-8")
    assert sources != (made_run.root / "data" / "raw" / str(quarter) / "sources.yml").read_text(encoding="utf-8")


def test_the_table_says_of_each_target_whether_it_is_reached():
    heard = []
    table = speed.BenchTable(heard.append)
    table.add("this machine", 1.234, "s")
    table.under("full run", 9.99, 10, "s")
    table.under("full run", 10, 10, "s")
    table.at_most("a word", 0.25, 0.25, "")
    table.at_most("a word", 0.26, 0.25, "")
    table.at_least("naive", 20, 20, "times")
    table.at_least("naive", 19.9, 20, "times", "why")
    frame = table.frame()
    assert list(frame) == speed.COLUMNS
    assert frame["met"].tolist() == ["", "yes", "NO", "yes", "NO", "yes", "NO"]
    assert frame["target"].tolist() == ["", *["under 10"] * 2, *["at most 0.25"] * 2, *["at least 20"] * 2]
    assert len(heard) == 7 and heard[-1] == "naive: 19.90 times (target at least 20) why"


def test_the_rows_of_a_round_are_shares_of_the_full_run_of_the_same_round():
    def run(seconds, *ran, stage=2.0):
        return speed.Run(seconds, 100.0, ran, stage)

    def one(full, word):
        return speed.Round(
            full=run(full, "1_validate", "2_prepare"), nothing=run(0.2), word=run(word, "5_report"), followed=[1.0],
            page_module=run(full / 2, "5_report"), raw_file=run(full / 2, "2_prepare", "3_priority-A1"),
            one_process=run(full, stage=3.0), raw_table="crime", raw_readers={"3_priority-A1"},
        )  # fmt: skip

    table = speed.BenchTable(lambda line: None)
    speed._add_rounds(table, [one(8.0, 2.0), one(10.0, 2.0), one(20.0, 2.0)])
    rows = table.frame().set_index("what")
    assert isinstance(rows, pd.DataFrame)
    assert rows.loc["full run", ["measured", "met"]].tolist() == [10.0, "NO"]
    assert rows.loc["a word of commentary, of the full run", ["measured", "met"]].tolist() == [0.2, "yes"]
    assert rows.loc["one raw file, of the full run", "met"] == "yes"
    assert rows.loc["notebooks, one process to all cores", ["measured", "met"]].tolist() == [1.5, "NO"]


def test_an_unknown_quarter_is_told_in_one_line(measured, monkeypatch, capsys):
    monkeypatch.chdir(measured.root)
    assert speed.main(["2031Q1"]) == 2
    assert capsys.readouterr().err.startswith("panelpack: Q='2031Q1': there is no folder")

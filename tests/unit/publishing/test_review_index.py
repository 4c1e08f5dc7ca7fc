"""The index of the review copies."""

from pathlib import Path

from panelpack.open_points.kinds import OpenPoint
from panelpack.pipeline.steps import Step
from panelpack.publishing.review_index import write_index
from panelpack.rendering.paper import Paper

STEPS = [
    Step("1_validate", Path("notebooks/1_validate.ipynb"), {"quarter": "2015Q1"}),
    Step("3_priority-A1", Path("notebooks/3_priority.ipynb"), {"quarter": "2015Q1", "priority": "A1"}),
]
CHECKS = "table,passed\ncrime,True\ncrime,False\nsurvey,True\n"


def index(tmp_path, *printed):
    (tmp_path / "review").mkdir(exist_ok=True)
    (tmp_path / "checks.csv").write_text(CHECKS, encoding="utf-8")
    write_index(tmp_path, Paper("Report"), STEPS, tmp_path / "checks.csv", "2 indicators: 2 improved", printed)
    return (tmp_path / "review" / "index.html").read_text(encoding="utf-8")


def test_it_has_the_headline_what_ran_and_links_to_every_copy(tmp_path):
    page = index(tmp_path, "panel-pack.pdf")
    assert "2 indicators: 2 improved." in page
    assert "quarter = 2015Q1, priority = A1" in page
    for step in STEPS:
        assert all(f'href="{step.name}.{kind}"' in page for kind in ("html", "pdf", "ipynb"))
    assert 'href="../manifest.json"' in page and 'href="../pack/commentary.csv"' in page


def test_it_counts_the_checks_of_each_table(tmp_path):
    rows = index(tmp_path, "panel-pack.pdf").split("Checks of the raw data, by table")[-1]
    assert rows.index(">crime<") < rows.index(">survey<")
    crime = rows[rows.index(">crime<") : rows.index(">survey<")]
    assert ">1</td>" in crime and ">2</td>" in crime


def test_a_pack_in_volumes_has_a_row_for_each(tmp_path):
    assert "volume" not in index(tmp_path, "panel-pack.pdf")
    page = index(tmp_path, "panel-pack.pdf", "panel-pack-2.pdf")
    assert "The pack as a PDF, volume 2" in page and 'href="../pack/panel-pack-2.pdf"' in page


def test_what_is_still_open_is_listed_for_reviewers(tmp_path):
    (tmp_path / "review").mkdir()
    (tmp_path / "checks.csv").write_text(CHECKS, encoding="utf-8")
    points = [
        OpenPoint("carried", "carried paragraphs 0a1b2c", "1 of 9 paragraphs stands word for word.", "Read them."),
        OpenPoint("query", "secret", "secret", is_shown=False),
    ]
    write_index(tmp_path, Paper("Report"), STEPS, tmp_path / "checks.csv", "h", ["panel-pack.pdf"], points)
    page = (tmp_path / "review" / "index.html").read_text(encoding="utf-8")
    assert "1 of 9 paragraphs stands word for word." in page and "Read them." in page and "secret" not in page

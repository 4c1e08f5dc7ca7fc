"""The index of the review copies: a second reader's sheet, from what a run saved and what reviewers wrote."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from panelpack.open_points.kinds import AnsweredComment, CheckDone, OpenPoint, Reviewed, Signed
from panelpack.periods import Quarter
from panelpack.pipeline.steps import Step
from panelpack.project import Project
from panelpack.publishing.pack import Edition, Pack
from panelpack.publishing.review.index import write_index
from panelpack.publishing.review.log import signed_words
from panelpack.rendering.paper import Paper

SEAL = "0123456789ab" + "c" * 52
DAY = date(2015, 9, 10)
STEPS = (
    Step("1_validate", Path("notebooks/1_validate.ipynb"), {"quarter": "2015Q1"}, title="Validation"),
    Step(
        "3_priority-A1", Path("notebooks/3_priority.ipynb"), {"quarter": "2015Q1", "priority": "A1"},
        title="1 Thefts: working",
    ),
)  # fmt: skip
SAVED = {
    "checks.csv": "table,passed\ncrime,True\ncrime,False\nsurvey,True\n",
    "reviewing/warnings.csv": "kind,figures,matter,boxes\nSmall base,1 Thefts: satisfaction,110 answers.,A1\n",
    "reviewing/changed_verdicts.csv": "figure,before,now,how_sure,box\n1 Thefts: offences,Worse,Better,Clear,A1\n",
    "reviewing/movers.csv": "against,figure,before,now,movement,verdict,box\n"
    "the year before,1 Thefts: offences,10,20,+100%,Worse,A1\n",
    "reviewing/arrivals.csv": "table,supplier,received,status,restated\ncrime,Force,1 July 2015,available,3 figures.\n",
    "reviewing/assumptions.csv": "assumption,owner,rests_on\nSamples are random,The office,Nothing.\n",
    "open_points/data.csv": "kind,name,words,remedy\nquery,q,Why so few?,Answer it.\nother,,,\n",
}
CHECKED = CheckDone("14B by hand", "Assurer", DAY, "agreed", "To the digit.", SEAL[:12])
SIGNED = Signed("analyst", "Analyst", DAY, "signed", "", SEAL[:12])


@pytest.fixture
def pack(tmp_path):
    (tmp_path / "staging" / "review").mkdir(parents=True)
    project, quarter = Project(tmp_path), Quarter.parse("2015Q1")
    for name, text in SAVED.items():
        path = project.processed(quarter) / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return Pack(
        project=project,
        quarter=quarter,
        staging=tmp_path / "staging",
        drafts=tmp_path,
        about=Paper("Report", period=quarter.words),
        steps=STEPS,
        records={},
        headline="2 indicators: 2 better",
        priorities_title="Priorities",
        sources={},
    )


def index(pack, *printed, **changes):
    pack = replace(pack, **changes)
    about = replace(pack.about, state="DRAFT", why="Not approved.")
    write_index(pack, about, {"seal": SEAL}, printed or ("panel-pack.pdf",))
    return (pack.staging / "review" / "index.html").read_text(encoding="utf-8")


def section(page, anchor):
    """Return a section of the page, from its heading to the next of the same level."""
    return page.split(f'<h2 id="{anchor}">')[1].split("<h2 ")[0]


def test_it_is_called_what_it_is_and_begins_with_the_headline(pack):
    page = index(pack)
    assert "<title>Review sheet · Quarter 1 2015/16" in page
    assert page.index("2 indicators: 2 better.") < page.index('<h2 id="open">')


def test_what_is_open_comes_first_comments_among_it_and_nothing_that_may_not_be_shown(pack):
    comment = OpenPoint("comment", "c", "3: Is it so? (Panel officer, 2 September 2015)", "See to it.")
    page = index(pack, reviewed=Reviewed((comment, OpenPoint("comment", "s", "secret", is_shown=False))))
    assert "Why so few?" in section(page, "open") and "Is it so?" in section(page, "open") and "secret" not in page
    assert [
        page.index(f'<h2 id="{name}">') for name in ("open", "warnings", "moved", "arrivals", "log", "sign-off")
    ] == (
        sorted(page.index(f'<h2 id="{name}">') for name in ("open", "warnings", "moved", "arrivals", "log", "sign-off"))
    )


@pytest.mark.parametrize(
    ("anchor", "words"),
    [
        ("warnings", ["Small base", "110 answers.", '<a href="3_priority-A1.html">1</a>']),
        ("moved", ["Worse", "Better", "Clear", "Biggest movers against the year before", "+100%"]),
        ("arrivals", ["1 July 2015", "3 figures."]),
        ("assumptions", ["Samples are random", "The office"]),
        (
            "ran",
            ['<a href="3_priority-A1.html">1 Thefts</a>', "priority = A1", '"3_priority-A1.pdf"', '"1_validate.ipynb"'],
        ),
        (
            "files",
            ['"../run.json"', '"../ro-crate-metadata.json"', '"../verify/certificate.html"', '"../manifest.json"'],
        ),
        ("checks", [">crime<", ">1</td>", ">2</td>", ">survey<"]),
    ],
)
def test_each_section_has_what_was_saved(anchor, words, pack):
    found = section(index(pack), anchor)
    assert [word for word in words if word not in found] == []


def test_without_what_was_saved_it_says_so_or_leaves_it_out(pack):
    for path in (pack.project.processed(pack.quarter) / "reviewing").glob("*.csv"):
        path.unlink()
    page = index(pack)
    assert "No verdict, base, chart or restatement stands out." in page and "arrivals" not in page
    assert "No check has been logged." in page and "Comments answered" not in page


def test_the_log_tells_checks_of_this_pack_from_those_of_another_state(pack):
    other = replace(CHECKED, what="An older check", seal="f" * 12, outcome="corrected")
    found = section(index(pack, reviewed=Reviewed(checks=(other, CHECKED))), "log")
    assert found.index("14B by hand") < found.index("An older check")
    assert "Agreed. To the digit." in found and "Assurer, 10 September 2015" in found and "this pack" in found
    assert "another state (<code>ffffffffffff</code>)" in found and f"seal: &quot;{SEAL[:12]}&quot;" in found


def test_a_signature_counts_for_the_pack_whose_seal_it_names_and_the_latest_word_of_a_part_holds(pack):
    later = replace(SIGNED, outcome="refused", note="14B is wrong.", day=date(2015, 9, 11))
    other = replace(SIGNED, part="reviewer", role="Assurer", seal="f" * 12)
    page = index(pack, reviewed=Reviewed(sign_offs=(later, SIGNED, other)))
    found = section(page, "sign-off")
    assert "Refused by the Analyst on 11 September 2015. 14B is wrong." in found
    assert found.count(">Missing<") == 2 and "of what is no longer this pack" in found
    assert signed_words((SIGNED, other), SEAL) == (
        "Analyst: signed; missing: reviewer (analytical assurer), commissioning role."
    )


def test_answered_comments_and_editions_are_listed_where_there_are_any(pack):
    answered = AnsweredComment("3", "Is it?", "Panel officer", DAY, "It is.", "Chief Executive", DAY)
    editions = (Edition(DAY, "Made for the meeting.", "a" * 64), Edition(DAY, "A restatement."))
    page = index(pack, reviewed=Reviewed(answered=(answered,)), editions=editions)
    assert "It is." in section(page, "comments")
    assert SEAL in section(page, "editions") and "a" * 64 in section(page, "editions")


def test_a_pack_in_volumes_has_a_row_for_each(pack):
    assert "volume" not in index(pack)
    page = index(pack, "panel-pack.pdf", "panel-pack-2.pdf")
    assert "The pack as a PDF, volume 2" in page and 'href="../pack/panel-pack-2.pdf"' in page

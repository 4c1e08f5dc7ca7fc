"""What is being done about a priority, as its page tells it."""

import pytest

from notebook_pages import run_pack, words
from panelpack.pages.next_steps import blocks, paragraphs
from panelpack.rendering.prose import Heading, Text
from rich_office import PARAMETERS, QUARTER, make_rich_office

BOXES = ("A1", "A2", "A3")


def said(cells):
    """The heading and the lines of what is being done on a page."""
    blocks = [one.block for one in cells if not one.for_review]
    place = next(n for n, block in enumerate(blocks) if isinstance(block, Heading) and "being done" in block.text)
    assert isinstance(blocks[place + 1], Text)
    return blocks[place].text, blocks[place + 1].markdown.splitlines()


def test_next_steps_are_shown_and_a_missing_one_is_named(tmp_path):
    pack = run_pack(make_rich_office(tmp_path), QUARTER, BOXES)
    heading, lines = said(pack["3_priority A1"])
    assert heading == "1: what is being done"
    violence, victims = (next(line for line in lines if line.startswith(f"- **{name}")) for name in ("Viol", "Vict"))
    assert violence.endswith(":** Patrols at the harbour (Head of Local Policing, by 30 September 2023).")
    assert victims.endswith(":** no next step is named.")
    assert not [one for one in pack["3_priority A3"] if "no next step" in words(one)], "nothing there calls for one"


def test_the_next_steps_of_the_report_before_are_followed_up(tmp_path):
    project = make_rich_office(tmp_path)
    before = PARAMETERS.replace("quarter: 2022Q4", "quarter: 2022Q3").replace("2023-06-14", "2023-03-14")
    (tmp_path / "params" / "2022Q3.yml").write_text(before, encoding="utf-8")
    told = PARAMETERS.replace("by: 2023-09-30}", "by: 2023-09-30, became: It was done in May.}")
    (tmp_path / "params" / "2022Q4.yml").write_text(told, encoding="utf-8")
    _, lines = said(run_pack(project, QUARTER, BOXES)["3_priority A1"])
    (line,) = [line for line in lines if "the step before" in line]
    assert "Patrols at the harbour" in line and line.endswith("What became of it: It was done in May.")


def test_the_report_and_the_comments_are_named_in_one_line(quarter_report):
    of = quarter_report
    box = next(one for one in of.plan.priorities if of.office.commentary.comments(one.id))
    _, text = blocks(of, box)
    last = text.markdown.splitlines()[-1]
    assert last.startswith("- In the report: paragraph") and "(#para-" in last
    comment = of.resolver.paragraph(of.office.commentary.comments(box.id)[0]).text
    assert last.endswith(" ".join(comment.split())[-20:])


@pytest.mark.parametrize(
    ("numbers", "words"),
    [
        ([24], "paragraph [24](#para-24)"),
        ([25, 24], "paragraphs [24](#para-24) to [25](#para-25)"),
        ([24, 25, 26, 30], "paragraphs [24](#para-24) to [26](#para-26) and [30](#para-30)"),
    ],
)
def test_paragraphs_are_named_from_and_to(numbers, words):
    assert paragraphs(numbers) == words

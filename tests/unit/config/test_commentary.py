"""How the commentary file is read: sections, numbered paragraphs and labels, and every mistake with its line."""

import pytest

from panelpack.config import commentary
from panelpack.errors import CommentaryError

SOURCE = "params/2015Q1.md"


@pytest.fixture(scope="module")
def plan(office):
    """A plan with two parts to write, the second of which serves two boxes."""
    return office.plan.model_copy(
        update={
            "updates": [update for update in office.plan.updates if update.id in ("SP01", "SP14")],
            "priorities": [box for box in office.plan.priorities if box.id in ("SP01", "SP14A", "SP14B")],
        }
    )


WHOLE = """# Purpose

First
paragraph, on two lines. {#first}

Second.

# Updates
## SP01

Third. {#third}
## SP14

Fourth.
# Dashboard comments {.unnumbered}

## SP14A

A comment. {#comment}
"""


def test_paragraphs_are_numbered_through_the_file(plan):
    found = commentary.parse(WHOLE, SOURCE, plan)
    assert [(p.number, p.label, p.line, p.update) for p in found.paragraphs] == [
        (1, "first", 3, ""),
        (2, "", 6, ""),
        (3, "third", 11, "SP01"),
        (4, "", 14, "SP14"),
    ]
    assert found.paragraphs[0].text.split() == ["First", "paragraph,", "on", "two", "lines."]
    assert found.paragraphs[2].anchor == "para-3"
    assert found.numbers == {"first": 1, "third": 3}


def test_sections_keep_their_headings(plan):
    found = commentary.parse(WHOLE, SOURCE, plan)
    assert [(s.heading, s.update, s.numbered) for s in found.sections] == [
        ("Purpose", "", True),
        ("Updates", "", True),
        ("Updates", "SP01", True),
        ("Updates", "SP14", True),
        ("Dashboard comments", "", False),
        ("Dashboard comments", "SP14A", False),
    ]


def test_an_unnumbered_section_takes_no_numbers_wherever_it_stands(plan):
    head, comments = WHOLE.split("# Dashboard comments")
    found = commentary.parse(f"# Dashboard comments{comments}\n{head}", SOURCE, plan)
    assert [paragraph.number for paragraph in found.paragraphs] == [1, 2, 3, 4]


def test_comments_have_no_number_and_belong_to_a_box(plan):
    found = commentary.parse(WHOLE, SOURCE, plan)
    assert [(p.number, p.anchor, p.text) for p in found.comments("SP14A")] == [(None, "", "A comment.")]
    assert found.comments("SP14B") == []
    assert [p.text for p in found.of_update("SP14")] == ["Fourth."]


# text after the whole file or in place of part of it, the line of the mistake, the message
PARSED = {
    "text before the first heading": (
        "Hello.\n" + WHOLE, 1, "text stands before the first heading. Start the file with '# ' and a heading."
    ),
    "unknown priority": (
        WHOLE.replace("## SP01", "## SP99"), 9, "the plan has no update 'SP99'; expected one of SP01, SP14."
    ),
    "heading too deep": (
        WHOLE.replace("## SP01", "### SP01"), 9,
        "'###' is no heading here: expected '# ' for a section or '## ' for a priority.",
    ),
    "heading without a space": (
        WHOLE.replace("# Purpose", "#Purpose"), 1,
        "'#Purpose' is no heading here: expected '# ' for a section or '## ' for a priority.",
    ),
    "label used twice": (
        WHOLE.replace("{#third}", "{#first}"), 11,
        "the label 'first' is used twice, first in line 3. Rename one.",
    ),
    "priority used twice": (
        WHOLE.replace("## SP14\n", "## SP01\n"), 12, "the part 'SP01' stands twice in this section. Join the two."
    ),
    "numbered part of a box that is no update": (
        WHOLE.replace("## SP14\n\nFourth.", "## SP14\n\nFourth.\n\n## SP14A\n\nLost."), 16,
        "the plan has no update 'SP14A'; expected one of SP01, SP14.",
    ),
    "comment on an update that is no box": (
        WHOLE.replace("## SP14A", "## SP14"), 17, "the plan has no box 'SP14'; expected one of SP01, SP14A, SP14B.",
    ),
    "label that is none": (
        WHOLE.replace("{#third}", "{#Third_one}"), 11,
        "a label is not one: expected {#small-letters-and-digits} at the paragraph's end.",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("text", "line", "expected"), PARSED.values(), ids=PARSED)
def test_a_mistake_in_the_file(text, line, expected, plan):
    assert text != WHOLE
    with pytest.raises(CommentaryError) as caught:
        commentary.parse(text, SOURCE, plan)
    assert str(caught.value).startswith(f"{SOURCE}, line {line}: {expected}")


def test_a_part_without_a_paragraph_is_named(plan):
    with pytest.raises(CommentaryError) as caught:
        commentary.parse(WHOLE.replace("Fourth.\n", ""), SOURCE, plan)
    assert str(caught.value) == f"{SOURCE}: no paragraph is given for SP14. Add '## ' headings with text."


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (None, ": there is no such file, so 2015Q1 was not started. Type make new-quarter Q=2015Q1"),
        (b"# A\n\xff\n", ", line 2: this is not UTF-8 text. Save the file as UTF-8."),
    ],
)
def test_a_file_that_cannot_be_read(content, expected, tmp_path, plan):
    path = tmp_path / "2015Q1.md"
    if content:
        path.write_bytes(content)
    with pytest.raises(CommentaryError) as caught:
        commentary.read_commentary(path, plan)
    assert str(caught.value) == f"{path}{expected}"


@pytest.mark.parametrize(
    ("kind", "name", "texts"),
    [
        ("update", "SP01", ["Third."]),
        ("update", "SP14", ["Fourth."]),
        ("update", "SP99", []),
        ("comments", "SP14A", ["A comment."]),
        ("paragraphs", "", ["First\nparagraph, on two lines.", "Second.", "Third.", "Fourth."]),
    ],
)
def test_a_part_is_given_by_its_name(kind, name, texts, plan):
    assert [p.text for p in commentary.parse(WHOLE, SOURCE, plan).part(kind, name)] == texts


def test_there_are_no_other_parts(plan):
    with pytest.raises(ValueError, match="a commentary has no part 'titles'"):
        commentary.parse(WHOLE, SOURCE, plan).part("titles")


def test_the_line_of_a_paragraph_is_no_part_of_what_is_used(plan):
    """Blank lines above a paragraph move it, and make no page again."""
    moved = commentary.parse("\n\n" + WHOLE, SOURCE, plan)
    assert repr(moved.part("update", "SP01")) == repr(commentary.parse(WHOLE, SOURCE, plan).part("update", "SP01"))
    assert moved.paragraphs[0].line == 5


def test_a_byte_order_mark_is_no_text_before_the_first_heading(tmp_path, plan):
    path = tmp_path / "2015Q1.md"
    path.write_text("\ufeff" + WHOLE.replace("\n", "\r\n"), encoding="utf-8", newline="")
    assert commentary.read_commentary(path, plan).written == commentary.parse(WHOLE, SOURCE, plan).written


def test_a_commentary_that_is_gone_from_a_started_quarter_is_restored(project_copy, quarter, plan):
    project_copy.commentary(quarter).unlink()
    with pytest.raises(CommentaryError) as caught:
        commentary.read_commentary(project_copy.commentary(quarter), plan)
    assert str(caught.value) == (
        "params/2015Q1.md: there is no such file. Restore it (git checkout params/2015Q1.md) or create it."
    )


@pytest.mark.parametrize(
    ("word", "is_there"),
    [
        ("on two lines", True),
        ("ON TWO Lines", True),
        ("paragraph, on", True),  # over the end of a line
        ("a comment", True),  # of a box
        ("graph", False),  # a part of a word
        ("first}", False),  # the label
        ("Purpose", False),  # a heading
    ],
)
def test_a_word_is_mentioned_where_it_stands_in_a_paragraph_or_comment(word, is_there, plan):
    assert commentary.parse(WHOLE, SOURCE, plan).mentions(word) is is_there


def test_a_name_inside_a_reference_is_no_mention(plan):
    text = WHOLE.replace("Second.", "So {{ SP01.storm.latest }} many.")
    assert not commentary.parse(text, SOURCE, plan).mentions("storm")


def test_a_mention_is_a_part_that_can_be_asked_for_by_its_name(plan):
    read = commentary.parse(WHOLE, SOURCE, plan)
    assert read.part("mentions", "on%20two%20lines") is True

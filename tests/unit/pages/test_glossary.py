"""The glossary: which words stand in it, and the link from the first use of each."""

from dataclasses import replace

import pytest

from page_blocks import of_kind, tables
from panelpack.config.glossary import GlossaryWord, slug
from panelpack.indicators.quarter_report import QuarterReport
from panelpack.pages import glossary, report
from panelpack.pages.glossary import FirstUse, Word
from panelpack.rendering.prose import Heading, Paragraphs

STORM, GOLD = Word("STORM", "A system."), Word("Gold Group", "A group.", ("gold groups",))
BASELINE = Word("baseline", "What is compared with.", ("baseline year",))


def with_glossary(of, **words):
    """The same quarter, its plan with these words of the office's own."""
    other = QuarterReport(str(of.quarter), project=of.project)
    own = {word.replace("_", " "): GlossaryWord(meaning=meaning) for word, meaning in words.items()}
    other.office = replace(other.office, plan=of.plan.model_copy(update={"glossary": own}))
    return other


def test_the_words_of_the_code_stand_where_the_pack_uses_them(quarter_report):
    words = [word.word for word in glossary.words(quarter_report)]
    assert words == sorted(words, key=str.casefold)
    assert {"quarter", "baseline", "12 months to", "control chart", "95% range", "percentage point"} <= set(words)


def test_words_that_no_figure_needs_are_left_out(quarter_report, monkeypatch):
    other = with_glossary(quarter_report)
    monkeypatch.setattr(other, "indicators", list)
    words = {word.word for word in glossary.words(other)}
    assert not words & {"control chart", "95% range", "forecast", "provisional", "not like with like"}


def test_an_offices_own_word_stands_where_its_texts_have_it(quarter_report):
    of = with_glossary(quarter_report, NICHE="A system.", STORM="Another.", Quidditch="A game.", baseline="Ours.")
    own = {word.word: word.meaning for word in glossary.words(of)}
    assert (own["NICHE"], own["STORM"]) == ("A system.", "Another.")  # of the commentary, and of a title of the plan
    assert "Quidditch" not in own
    assert own.get("baseline") == "Ours."  # and the code's own meaning gives way


def test_the_page_is_a_table_that_links_can_name(quarter_report):
    heading, table = glossary.blocks(quarter_report)
    assert isinstance(heading, Heading) and (heading.level, heading.anchor) == (2, "glossary")
    assert list(table.anchors) == [f"term-{slug(cell.strip('*'))}" for cell in table.column("Word")]
    assert len(set(table.anchors)) == len(table.rows) > 5


@pytest.mark.parametrize(
    ("text", "linked"),
    [
        ("On STORM, and STORM again.", "On [STORM](#term-storm), and STORM again."),
        ("Brainstorm, STORMS and a storm.", "Brainstorm, STORMS and a storm."),  # no whole word, or other capitals
        ("Baseline and Gold Group.", "[Baseline](#term-baseline) and [Gold Group](#term-gold-group)."),
        ("In the baseline year.", "In the [baseline year](#term-baseline)."),  # the longest form
        ("Two gold groups.", "Two [gold groups](#term-gold-group)."),
        ("See [STORM](#para-3); STORM.", "See [STORM](#para-3); [STORM](#term-storm)."),
        ("`STORM` is **STORM**.", "`STORM` is **[STORM](#term-storm)**."),
        ("[the STORM page](https://storm.example/STORM)", "[the STORM page](https://storm.example/STORM)"),
        ("A STORM-like thing.", "A STORM-like thing."),
        ("https://example.org/STORM is there.", "https://example.org/STORM is there."),
        ("Nothing.", "Nothing."),
    ],
)
def test_the_first_use_of_a_word_is_a_link(text, linked):
    assert FirstUse([STORM, GOLD, BASELINE]).linked(text) == linked


def test_a_word_is_linked_once_through_all_texts():
    first_use = FirstUse([STORM, BASELINE])
    texts = ["Nothing.", "On STORM.", "STORM and the baseline.", "The baseline year."]
    assert [first_use.linked(text) for text in texts] == [
        "Nothing.", "On [STORM](#term-storm).", "STORM and the [baseline](#term-baseline).", "The baseline year.",
    ]  # fmt: skip


def test_a_link_is_not_made_inside_one_that_was_just_made():
    nested = [Word("cohort return", "A return."), Word("cohort", "A group.")]
    assert FirstUse(nested).linked("The cohort return.") == "The [cohort return](#term-cohort-return)."


def test_the_reports_paragraphs_link_each_word_once_and_the_published_text_has_no_link(quarter_report):
    of = with_glossary(quarter_report, NICHE="A system.")
    said = [text for block in of_kind(list(report.section_blocks(of)), Paragraphs) for _, _, text in block.items]
    assert sum(text.count("(#term-niche)") for text in said) == 1
    rows = report.commentary_rows(of)
    assert not rows["text"].str.contains("#term-", regex=False).any()


def test_no_glossary_is_shown_for_no_words(quarter_report, monkeypatch):
    monkeypatch.setattr(glossary, "words", lambda of: [])
    assert tables(glossary.blocks(quarter_report)) == [] and list(glossary.blocks(quarter_report)) == []

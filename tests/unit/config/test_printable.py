"""Characters that no paper can be printed with: all are listed at once, each with file and line."""

import pytest

from panelpack.config.configuration import Configuration
from panelpack.config.printable import CHARACTERS_SHOWN, check_characters
from panelpack.errors import ConfigurationError
from running import QUARTER


def said_of(project, quarter):
    with pytest.raises(ConfigurationError) as caught:
        check_characters(Configuration.read(project, quarter))
    return str(caught.value).splitlines()


def test_the_made_up_office_can_be_printed(office):
    check_characters(office)


def add(path, line, text):
    """Put a text at the end of a line of a file; lines count from 1."""
    lines = path.read_text(encoding="utf-8").split("\n")
    lines[line - 1] += text
    path.write_text("\n".join(lines), encoding="utf-8")


def line_of(path, text):
    return next(n for n, line in enumerate(path.read_text(encoding="utf-8").split("\n"), start=1) if text in line)


def test_every_character_of_every_file_is_listed_with_its_line(project_copy, quarter):
    commentary, params, plan = (
        project_copy.commentary(quarter),
        project_copy.params(quarter),
        project_copy.root / "params/plan.yml",
    )
    last = len(commentary.read_text(encoding="utf-8").split("\n")) - 1
    add(commentary, last, " Good news 🎉 in 漢, 🎉.")
    subject = line_of(params, "subject: ")
    add(params, subject, " 🚒")
    title = line_of(plan, "    title: All recorded crime")
    add(plan, title, " 🏀 and \u200b no more  # a remark with 🚓")
    sources = project_copy.raw(quarter) / "sources.yml"
    supplier = line_of(sources, "supplier: ")
    add(sources, supplier, " 字")
    assert said_of(project_copy, quarter) == [
        f"params/plan.yml, line {title}: the character '🏀' (U+1F3C0 BASKETBALL AND HOOP) is not in the fonts of the "
        "pack. Write it in words.",
        f"params/{QUARTER}.yml, line {subject}: the character '🚒' (U+1F692 FIRE ENGINE) is not in the fonts of the "
        "pack. Write it in words.",
        f"params/{QUARTER}.md, line {last}: the character '漢' (U+6F22 CJK UNIFIED IDEOGRAPH-6F22) is not in the fonts "
        "of the pack. Write it in words.",
        f"params/{QUARTER}.md, line {last}: the character '🎉' (U+1F389 PARTY POPPER) is not in the fonts of the pack. "
        "Write it in words.",
        f"data/raw/{QUARTER}/sources.yml, line {supplier}: the character '字' (U+5B57 CJK UNIFIED IDEOGRAPH-5B57) is "
        "not in the fonts of the pack. Write it in words.",
    ]


def test_a_text_of_several_lines_is_named_with_the_very_line(project_copy, quarter):
    path = project_copy.params(quarter)
    with path.open("a", encoding="utf-8") as file:
        file.write('  first: >-\n    one\n    two 🚒\n    three\n  second: "\\U0001F692"\n  "🚒": x\n')
    text = path.read_text(encoding="utf-8").split("\n")
    start = text.index("  first: >-") + 1
    said = [line.partition(": ")[0] for line in said_of(project_copy, quarter)]
    assert said == [f"params/{QUARTER}.yml, line {line}" for line in (start + 2, start + 4, start + 5)]


def test_what_cannot_be_seen_is_named_by_its_number(project_copy, quarter):
    path = project_copy.commentary(quarter)
    with path.open("a", encoding="utf-8") as file:
        file.write("\x0b and a mark \ufeff here\n")
    line = path.read_text(encoding="utf-8").count("\n")
    assert said_of(project_copy, quarter) == [
        f"params/{QUARTER}.md, line {line}: the character (U+000B) cannot be printed. Remove it.",
        f"params/{QUARTER}.md, line {line}: the character (U+FEFF ZERO WIDTH NO-BREAK SPACE) cannot be printed. "
        "Remove it.",
    ]


def test_remarks_and_layouts_are_not_printed(project_copy, quarter):
    path = project_copy.root / "params/plan.yml"
    text = path.read_text(encoding="utf-8")
    text = text.replace("layout: {sheet", 'layout: {marks: {"漢": missing}, sheet', 1)
    path.write_text("# 🚓\n" + text, encoding="utf-8")
    check_characters(Configuration.read(project_copy, quarter))


def test_more_than_can_be_read_are_counted(project_copy, quarter):
    with project_copy.commentary(quarter).open("a", encoding="utf-8") as file:
        file.writelines(f"\n{chr(0x6F00 + number)}\n" for number in range(CHARACTERS_SHOWN + 7))
    lines = said_of(project_copy, quarter)
    assert len(lines) == CHARACTERS_SHOWN + 1 and lines[-1] == "7 more such characters are not shown."

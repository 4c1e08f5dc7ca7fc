"""The commentary file: sections, numbered paragraphs and their labels (`indicators.references` resolves references).

`# Heading` starts a section of the report, `## ID` the part of one priority; blocks between blank lines are
paragraphs, numbered through the file. A heading or paragraph may end with a label, `{#label}`; a section marked
`{.unnumbered}` holds texts without numbers (the comments of the dashboard's boxes).

A page seldom needs the whole file, and need not be made again when another page's words change. So a commentary says,
by audit events (PEP 578) as Python itself does of every file that it opens, that it is read in parts, and which part is
used each time that one is. Whoever tracks what a process reads may listen; nobody need.
"""

import re
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NoReturn
from urllib.parse import quote, unquote

from panelpack.config.plan import Plan
from panelpack.config.strict_yaml import read_text
from panelpack.errors import CommentaryError, ConfigurationError, shown

PARAGRAPH_LABEL = re.compile(r"\s*\{#([a-z0-9-]+)\}\s*$")
REFERENCE = re.compile(r"\{\{.*?\}\}", re.DOTALL)  # what stands in the place of a figure or a name
READ_IN_PARTS = "panelpack.read_in_parts"  # an audit event: the path of the file
PART_USED = "panelpack.part_used"  # an audit event: the file as messages name it, the part's words, its content
UNNUMBERED = re.compile(r"\s*\{\.unnumbered\}\s*$")


@dataclass(frozen=True)
class Paragraph:
    """A paragraph as written: its number (None in an unnumbered section), label, text and first line."""

    number: int | None
    label: str
    text: str
    line: int = field(repr=False)  # only messages name it: no part of what is used
    section: str
    update: str

    @property
    def anchor(self) -> str:
        """The anchor that cross-references link to."""
        return f"para-{self.number}" if self.number else ""


@dataclass(frozen=True)
class Section:
    """A heading and the paragraphs under it. `update` is the id of a priority's part, else ''."""

    heading: str
    update: str
    numbered: bool
    line: int = field(repr=False)
    paragraphs: tuple[Paragraph, ...]


@dataclass(frozen=True)
class Commentary:
    """The whole file. `source` names it in messages."""

    source: str
    written: tuple[Section, ...]

    @property
    def sections(self) -> tuple[Section, ...]:
        """Every section, in order."""
        sections: tuple[Section, ...] = self._used("sections")
        return sections

    @property
    def paragraphs(self) -> list[Paragraph]:
        """The numbered paragraphs, in order."""
        paragraphs: list[Paragraph] = self._used("paragraphs")
        return paragraphs

    @property
    def numbers(self) -> dict[str, int]:
        """The paragraph number of each label."""
        numbers: dict[str, int] = self._used("numbers")
        return numbers

    def of_update(self, update: str) -> list[Paragraph]:
        """Return the numbered paragraphs of a priority's part."""
        paragraphs: list[Paragraph] = self._used("update", update)
        return paragraphs

    def comments(self, box: str) -> list[Paragraph]:
        """Return the unnumbered comments of a dashboard box."""
        comments: list[Paragraph] = self._used("comments", box)
        return comments

    def mentions(self, word: str) -> bool:
        """Return whether a word stands, as a whole and whatever its capitals, in a paragraph or comment as written."""
        is_there: bool = self._used("mentions", quote(word))
        return is_there

    def part(self, kind: str, name: str = "") -> Any:
        """Return a part by the name of the property or method that gives it out."""
        numbered = [p for section in self.written for p in section.paragraphs if p.number]
        match kind:
            case "sections":
                return self.written
            case "paragraphs":
                return numbered
            case "numbers":
                return {paragraph.label: paragraph.number for paragraph in numbered if paragraph.label}
            case "update":
                return [paragraph for paragraph in numbered if paragraph.update == name]
            case "comments":
                return [p for s in self.written if not s.numbered and s.update == name for p in s.paragraphs]
            case "mentions":
                word = re.compile(rf"(?<!\w){re.escape(unquote(name))}(?!\w)", re.IGNORECASE)
                written = (" ".join(REFERENCE.sub("", p.text).split()) for s in self.written for p in s.paragraphs)
                return any(map(word.search, written))
        raise ValueError(f"a commentary has no part {kind!r}")

    def _used(self, *words: str) -> Any:
        content = self.part(*words)
        sys.audit(PART_USED, self.source, words, content)
        return content


def _blocks(text: str) -> list[tuple[int, str]]:
    """Return the blocks between blank lines with the number of their first line; a heading is a block of its own."""
    blocks: list[tuple[int, list[str]]] = []
    fresh = True
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            fresh = True
        elif line.startswith("#") or fresh:
            blocks.append((number, [line.strip()]))
            fresh = line.startswith("#")
        else:
            blocks[-1][1].append(line.strip())
    # Line breaks stay in the text until it is resolved, so that a mistake can be named with its own line.
    return [(number, "\n".join(lines)) for number, lines in blocks]


def parse(text: str, source: str, plan: Plan) -> Commentary:
    """Read the text of a commentary. Raises CommentaryError with the line of the first mistake."""
    parts = {True: [update.id for update in plan.updates], False: [priority.id for priority in plan.priorities]}
    sections: list[Section] = []
    labels: dict[str, int] = {}
    heading, numbered, count = "", True, 0

    def fail(line: int, message: str) -> NoReturn:
        raise CommentaryError(f"{source}, line {line}: {message}")

    for line, block in _blocks(text):
        if block.startswith("## "):
            update = PARAGRAPH_LABEL.sub("", block[3:]).strip()
            if update not in parts[numbered]:
                kind = "update" if numbered else "box"
                fail(line, f"the plan has no {kind} {update!r}; expected one of {', '.join(parts[numbered])}.")
            if any(s.update == update and s.numbered == numbered for s in sections):
                fail(line, f"the part {update!r} stands twice in this section. Join the two.")
            sections.append(Section(heading, update, numbered, line, ()))
        elif block.startswith("# "):
            numbered = not UNNUMBERED.search(block)
            heading = PARAGRAPH_LABEL.sub("", UNNUMBERED.sub("", block[2:])).strip()
            sections.append(Section(heading, "", numbered, line, ()))
        elif block.startswith("#"):
            fail(line, f"{block.split()[0]!r} is no heading here: expected '# ' for a section or '## ' for a priority.")
        elif not sections:
            fail(line, "text stands before the first heading. Start the file with '# ' and a heading.")
        else:
            marked = PARAGRAPH_LABEL.search(block)
            label = marked[1] if marked else ""
            if "{#" in PARAGRAPH_LABEL.sub("", block):
                fail(line, "a label is not one: expected {#small-letters-and-digits} at the paragraph's end.")
            if label in labels and label:
                fail(line, f"the label {label!r} is used twice, first in line {labels[label]}. Rename one.")
            labels[label] = line
            count += numbered
            last = sections[-1]
            paragraph = Paragraph(
                count if numbered else None, label, PARAGRAPH_LABEL.sub("", block), line, last.heading, last.update
            )
            sections[-1] = Section(last.heading, last.update, last.numbered, last.line, (*last.paragraphs, paragraph))
    commentary = Commentary(source, tuple(sections))
    missing = [u.id for u in plan.updates if not commentary.part("update", u.id)]
    if missing:
        raise CommentaryError(
            f"{source}: no paragraph is given for {', '.join(missing)}. Add '## ' headings with text."
        )
    return commentary


def paragraphs_of(path: Path) -> list[tuple[int, str]]:
    """Return the line and the text of each of a commentary's paragraphs, labels apart; none without a file.

    It may be an earlier quarter's, written for an earlier plan: whether its headings fit this one is not asked.
    """
    if not path.exists():
        return []
    try:
        blocks = _blocks(path.read_text(encoding="utf-8-sig"))
    except UnicodeDecodeError:
        raise CommentaryError(f"{shown(path)}: the file is not UTF-8 text. Save it as UTF-8.") from None
    return [(line, PARAGRAPH_LABEL.sub("", block)) for line, block in blocks if not block.startswith("#")]


def read_commentary(path: Path, plan: Plan) -> Commentary:
    """Read params/<quarter>.md. Raises CommentaryError for a missing file or a mistake in it."""
    sys.audit(READ_IN_PARTS, str(path))
    try:
        text = read_text(path)
    except ConfigurationError as error:
        raise CommentaryError(str(error)) from None
    return parse(text, shown(path), plan)

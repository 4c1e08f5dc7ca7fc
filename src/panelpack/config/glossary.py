"""The office's own words that a reader may not know: the `glossary` of a plan, and the anchor of a word."""

import re
from collections.abc import Iterator, Mapping

from pydantic import Field

from panelpack.config.strict_yaml import Location, Mistake, Strict


class GlossaryWord(Strict):
    """What a word means, and other forms of it by which a text is linked to it: a plural, a short form."""

    meaning: str = Field(min_length=1)
    also: list[str] = Field(default=[], description="other forms of the word that a text may have")


def slug(word: str) -> str:
    """Return a word as its anchor has it: 'gold-group' of 'Gold Group'; '' where no letter or digit is in it."""
    return "-".join(re.findall(r"[a-z0-9]+", word.lower()))


def find_glossary_mistakes(at: Location, glossary: Mapping[str, GlossaryWord]) -> Iterator[Mistake]:
    """Yield words and forms that are none or that stand twice, and two words whose anchors would be one."""
    anchors: dict[str, str] = {}
    forms: dict[str, str] = {}
    for word, entry in glossary.items():
        if not slug(word):
            yield (*at, word), f"found the word {word!r}, expected letters or digits. Write the word that is explained."
            continue
        if slug(word) in anchors:
            words = f"{word!r} has the anchor of {anchors[slug(word)]!r}, expected words that differ. Remove one."
            yield (*at, word), words
        anchors.setdefault(slug(word), word)
        for form in (word, *entry.also):
            if not slug(form):
                yield (
                    (*at, word, "also"),
                    f"found the form {form!r}, expected letters or digits. Write it or remove it.",
                )
            elif forms.setdefault(form.casefold(), word) != word or [word, *entry.also].count(form) > 1:
                words = f"the form {form!r} stands twice, first of {forms[form.casefold()]!r}. Remove one."
                yield (*at, word, "also"), words

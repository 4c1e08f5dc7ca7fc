"""The parts of a page of the reference as Markdown."""

import re
from collections.abc import Iterable, Sequence

NO_PLAN = "This project has no `params/plan.yml`, so there is nothing to list here."
GENERATED = "*This page is written from the code by `make docs`.*"


def code(text: object) -> str:
    """Return a text as code. A bar in it ends no cell of a table: the site's Markdown knows better than others."""
    return f"`{text}`"


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table of Markdown."""
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines) + "\n"


def page(title: str, *parts: str) -> str:
    """Return a page from its title and its parts."""
    return "\n\n".join([f"# {title}", GENERATED, *(part.strip() for part in parts if part.strip())]) + "\n"


def words_of(name: str) -> str:
    """Return the name of a model as words: 'Supplier file'."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).capitalize()


def sentence(text: str) -> str:
    """Return a text that begins with a capital letter and ends with a full stop."""
    return text and f"{text[0].upper()}{text[1:].rstrip('.')}."

"""The command line, from its parser, and the verbs of make, from the Makefile."""

import argparse
import html
import os
import re
from collections.abc import Sequence
from pathlib import Path

from panelpack.__main__ import command_line
from tools.reference.markdown import code, page, sentence, table


def command_line_page() -> str:
    """Return the page of the command line: the help of the whole and of every command."""
    os.environ["COLUMNS"] = "100"  # argparse fits its help to the terminal
    parser = command_line()
    commands = next(a for a in parser._actions if isinstance(a, argparse._SubParsersAction)).choices
    parts = [
        "`make` calls this; who has the packages may call it as `python -m panelpack`. It ends with 0 when all went "
        "well, 1 for a failure to mend, 2 for a command typed wrongly; `verify` ends with 0 reproduced, 1 differs, 2 "
        "could not run.",
        f"```text\n{parser.format_help()}```",
    ]
    for name, command in commands.items():
        parts += [f"## {name}", f"```text\n{command.format_help()}```"]
    return page("The command line", *parts)


def make_page(root: Path) -> str:
    """Return the page of the verbs of make, grouped as the Makefile groups them."""
    parts = [
        "Q names a quarter of the financial year: `Q=2015Q1` is April to June 2015. OFFICE names the folder of an "
        "office that lies elsewhere than in the project's own folder, from there or in full: every verb for the "
        "analyst, the reviewer and the auditor takes `OFFICE=FOLDER`."
    ]
    rows: list[list[str]] = []
    for line in (root / "Makefile").read_text(encoding="utf-8").splitlines():
        if group := re.fullmatch(r"##@ (.*)", line):
            parts += [_verbs(rows), f"## {group[1]}"]
            rows = []
        elif verb := re.fullmatch(r"([a-z-]+):.*## (.*)", line):
            rows.append([code(f"make {verb[1]}"), sentence(html.escape(verb[2], quote=False))])
    return page("The verbs of make", *parts, _verbs(rows))


def _verbs(rows: Sequence[Sequence[str]]) -> str:
    return table(["Verb", "What it does"], rows) if rows else ""

"""The HTML of a notebook's outputs as editors show it, which know nothing of our style.

JupyterLab sets every cell of a table to the right. What an editor's style says of cells only a style on the cell itself
outweighs, and that is kept where a notebook is not trusted. A page has a style of its own, and leaves it out.
"""

import re

_LEFT = ' style="text-align:left"'
_BREAK, _SECOND = '<br class="editor">', '<span class="second">'  # before the second line of a cell
_CELL = re.compile(r'<t[dh](?=[^>]*(?: class="left"| scope="colgroup"))')


def for_editors(html: str) -> str:
    """Return HTML whose cells of text say themselves that they stand to the left, and whose second lines are lines."""
    return _CELL.sub(lambda tag: tag[0] + _LEFT, html).replace(_SECOND, _BREAK + _SECOND)


def for_pages(html: str) -> str:
    """Return what `for_editors` was given."""
    return html.replace(_LEFT, "").replace(_BREAK, "")

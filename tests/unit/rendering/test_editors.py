"""The HTML of outputs in an editor: text stands to the left there too, and a page is none the larger for it."""

from panelpack.rendering.editors import for_editors, for_pages
from panelpack.rendering.inline import Lines
from panelpack.rendering.table import Table


def test_cells_of_text_and_groups_say_that_they_stand_to_the_left_and_figures_do_not():
    table = Table([{"Place": "North", "Thefts": "12"}], "Thefts", groups={0: "All places"})
    shown = table._repr_mimebundle_()["text/html"]
    assert shown.count('style="text-align:left"') == 3  # the head, the group and the row's name
    assert '<td role="cell" class="right"' in shown and for_pages(shown) == table.html()


def test_the_second_line_of_a_cell_is_a_line():
    table = Table([{"Place": "North", "Thefts": Lines("12", "10 a year before")}], "Thefts")
    shown = table._repr_mimebundle_()["text/html"]
    assert '12<br class="editor"><span class="second">10' in shown and for_pages(shown) == table.html()


def test_what_is_no_table_is_as_it_was():
    assert for_editors("<p>class left</p>") == "<p>class left</p>"

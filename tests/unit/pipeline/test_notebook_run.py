"""What a run says of a notebook beside how it ended."""

from panelpack.pipeline.notebook_run import MOST_LINES, stderr_words


def test_what_a_notebook_wrote_to_stderr_is_said_and_cut(tmp_path):
    path = tmp_path / "2_prepare.stderr"
    assert stderr_words(path) == []
    path.write_text("UserWarning: a mean of nothing\n", encoding="utf-8")
    head = "  It wrote to stderr, which no copy of it keeps:"
    assert stderr_words(path) == [head, "  UserWarning: a mean of nothing"]
    path.write_text("line\n" * (MOST_LINES + 7), encoding="utf-8")
    assert stderr_words(path) == [head, *["  line"] * MOST_LINES, "  and 7 more lines"]

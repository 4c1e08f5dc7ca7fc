"""Import once, before the forks, what every notebook would import anew."""

from importlib import import_module
from itertools import product
from string import ascii_lowercase

from panelpack.heavy_imports import loading

# What kernel, charts and tables would import at their first use, in every child.
LATE = (
    "IPython.core.completerlib",
    "IPython.core.crashhandler",
    "IPython.core.logger",
    "IPython.core.oinspect",
    "bdb",
    "pandas.core.methods.to_dict",
    "pandas.core.reshape.reshape",
    "pandas.io.formats.csvs",
    "psutil",
    "scipy.special",
    "tornado.platform.asyncio",
)


def preload() -> None:
    """Import what notebooks need, and do once what each would do first."""
    with loading():
        import nbformat

        from panelpack.pages import (  # noqa: F401
            areas,
            backtest_summary,
            control_charts,
            dashboard,
            data_quality,
            definitions,
            every_force,
            forces_methods,
            methods,
            next_steps,
            others,
            priority,
            projections,
            report,
            series_data,
            working,
        )
        from panelpack.pipeline.kernel import kernel
        from panelpack.rendering.chart_svg import Drawing, width_of
        from panelpack.rendering.markdown import html_blocks, html_inline, typst_blocks

        for name in LATE:
            import_module(name)
        nbformat.validate(nbformat.v4.new_notebook())  # compiles its schema
        letters = Drawing(9, 9)
        letters.write(0, 0, "A", "#000000")
        letters.png()  # reads the letters
        for pair in map("".join, product(f"{ascii_lowercase} ", repeat=2)):
            width_of(pair)  # it is put together from pairs
        for say in (html_blocks, typst_blocks, html_inline):
            say("A *word*\n\n- of Markdown")  # compiles its grammar
        kernel()

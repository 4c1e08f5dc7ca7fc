"""Import once, before the forks, what every notebook would import anew."""

from importlib import import_module

from panelpack.heavy_imports import loading

# What kernel, charts and tables would import at their first use, in every child.
LATE = (
    "IPython.core.completerlib",
    "IPython.core.crashhandler",
    "IPython.core.oinspect",
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
            backtest_summary,
            control_charts,
            dashboard,
            data_quality,
            methods,
            projections,
            report,
            working,
        )
        from panelpack.pipeline.kernel import kernel
        from panelpack.rendering.chart_svg import Drawing

        for name in LATE:
            import_module(name)
        nbformat.validate(nbformat.v4.new_notebook())  # compiles its schema
        letters = Drawing(9, 9)
        letters.write(0, 0, "A", "#000000")
        letters.png()  # reads the letters
        kernel()

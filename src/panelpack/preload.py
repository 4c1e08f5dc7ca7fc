"""Import once, before the forks, what every notebook would import anew."""

from importlib import import_module

from panelpack.heavy_imports import loading

# What kernel, charts and tables would import at their first use, in every child.
LATE = (
    "IPython.core.completerlib",
    "IPython.core.crashhandler",
    "IPython.core.oinspect",
    "matplotlib.backends.backend_svg",
    "pandas.io.formats.csvs",
    "psutil",
    "scipy.special",
    "tornado.platform.asyncio",
)


def preload() -> None:
    """Import what notebooks need, and do once what each would do first."""
    with loading():
        import nbformat

        from panelpack.formats import Form
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
        from panelpack.rendering.charts import canvas, svg

        for name in LATE:
            import_module(name)
        nbformat.validate(nbformat.v4.new_notebook())  # compiles its schema
        svg(canvas("", Form("count"))[0])  # reads the letters
        kernel()

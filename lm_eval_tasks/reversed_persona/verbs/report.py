"""`reversed-persona report`: tables, plots and single questions of runs, as one page."""

import argparse
from pathlib import Path

from reversed_persona.verbs.options import Verbs
from reversed_persona.verbs.outputs import add_output_options, read_outputs

__all__ = ["add"]


def add(verbs: Verbs) -> None:
    """Add the verb to the command line."""
    report = verbs.add_parser(
        "report",
        help="one page about runs: tables, plots, single questions",
        description="OUT are folders that --output_path named, with --log_samples. The newest run of each model and "
        "task counts. The page is one file; it works without a network.",
    )
    add_output_options(report)
    report.add_argument(
        "--models",
        metavar="MODEL",
        nargs="+",
        default=[],
        help="one or two whose questions can be read (default: the best and the worst by reversal)",
    )
    report.add_argument(
        "-o", "--output", metavar="FILE", type=Path, default=Path("report.html"), help="(default: report.html)"
    )
    report.add_argument("--png", metavar="DIR", type=Path, help="the plots as PNG files too, for papers")
    report.add_argument("--svg", metavar="DIR", type=Path, help="the plots as SVG files too")
    report.set_defaults(verb=_report)


def _report(options: argparse.Namespace) -> int:
    from reversed_persona.comparison.report.charts import check_can_draw, draw_png, draw_svg
    from reversed_persona.comparison.report.data import report_of
    from reversed_persona.comparison.report.page import page_of
    from reversed_persona.writing import check_writable, write_bytes

    check_writable(options.output)
    folders = {"--png": options.png, "--svg": options.svg}
    for option, folder in folders.items():
        if folder is not None:
            check_can_draw(option)
            check_writable(folder / "plot")
    report = report_of(read_outputs(options, rounds=True), options.models, seed=options.seed)
    page = page_of(report).encode()
    for plot in report.plots:
        if options.png is not None:
            write_bytes(options.png / f"{plot.name}.png", [draw_png(plot)])
        if options.svg is not None:
            write_bytes(options.svg / f"{plot.name}.svg", [draw_svg(plot, background="white").encode()])
    write_bytes(options.output, [page])
    models, tasks = (_counted(len(of), what) for of, what in ((report.models, "model"), (report.tasks, "task")))
    print(f"{options.output}: {models}, {tasks}, {len(page) / 1_000_000:.1f} MB")
    return 0


def _counted(n: int, what: str) -> str:
    return f"{n} {what}" if n == 1 else f"{n} {what}s"

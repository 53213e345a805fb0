"""A plot -> a picture: altair builds it, vl-convert draws it; neither asks the network for anything.

In the page text takes the page's colour, so that one picture fits light and dark; the marks stand out against both.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from reversed_persona.comparison.report.plots import KINDS_OF_WRONG, Plot
from reversed_persona.comparison.table import Cell
from reversed_persona.errors import SettingsError
from reversed_persona.pages.assembly import printable
from reversed_persona.statistics.intervals import Interval

__all__ = ["can_draw", "check_can_draw", "draw_png", "draw_svg"]

INSTALL = 'pip install "reversed-persona[plots]"'
WIDTH, ROW_HEIGHT, LABEL_WIDTH = 230, 20, 110
"""Pixels. A plot with its labels is about as wide as a phone, so that its text needs no magnifying there."""
LABEL_LIMIT, LETTER, LINE, GAP = 150, 5.6, 13, 8
"""Pixels: of a point's name at most, of one of its letters, from one name to the next below, from point to name."""
MOST_NAMED = 12
"""Points with names beside them; of more, only those that stand out."""
PNG_SCALE = 3

BLUE, ORANGE, GREY = "#3b82c4", "#c2640c", "#868e96"
KIND_COLOURS = (ORANGE, BLUE, "#12908e", "#9a63c9", GREY)
TEXT = "currentColor"
FONT = "Arial, Helvetica, Liberation Sans, sans-serif"
"""As wide as what vl-convert measures, so that nothing runs out of its place in a browser."""


def can_draw() -> bool:
    """Return whether altair and vl-convert are installed."""
    from importlib.util import find_spec

    return find_spec("altair") is not None and find_spec("vl_convert") is not None


def check_can_draw(option: str) -> None:
    """Refuse an option that needs what is not installed.

    Raises:
        SettingsError: altair or vl-convert is not installed.
    """
    if not can_draw():
        raise SettingsError(f"{option}: altair and vl-convert-python are not installed; expected them ({INSTALL})")


def draw_svg(plot: Plot, *, background: str = "transparent") -> str:
    """Return a plot as an SVG element."""
    import vl_convert

    return str(vl_convert.vegalite_to_svg(_specification(plot, background)))


def draw_png(plot: Plot) -> bytes:
    """Return a plot as a PNG on white."""
    import vl_convert

    return bytes(vl_convert.vegalite_to_png(_specification(plot, "white"), scale=PNG_SCALE))


def _specification(plot: Plot, background: str) -> dict[str, Any]:
    chart = DRAWN[plot.kind](plot).properties(background=background)
    text = TEXT if background == "transparent" else "black"
    axis = {f"{part}Color": text for part in ("label", "title", "domain", "tick", "grid")}
    limits = {"labelLimit": LABEL_WIDTH, "titleFontWeight": "normal"}
    chart = chart.configure(font=FONT, padding={"left": 12, "right": 8, "top": 6, "bottom": 4})
    chart = chart.configure_axis(**axis, **limits, gridOpacity=0.15, labelFontSize=11, titleFontSize=12)
    chart = chart.configure_legend(
        labelColor=text,
        titleColor=text,
        labelFontSize=11,
        labelLimit=150,
        orient="bottom",
        columns=2,
        columnPadding=24,
        title=None,
    )
    chart = chart.configure_header(labelColor=text, labelFontSize=12, labelLimit=WIDTH)
    specification: dict[str, Any] = chart.configure_text(color=text).configure_view(stroke=None).to_dict()
    return specification


def _data(rows: Sequence[Mapping[str, Any]]) -> Any:
    import altair as alt

    return alt.Data(values=[{k: printable(v) if isinstance(v, str) else v for k, v in row.items()} for row in rows])


def _bounds(name: str, cell: Cell) -> dict[str, Any]:
    assert isinstance(cell, Interval)
    return {name: cell.estimate, "low": cell.low, "high": cell.high}


def _line(points: Sequence[Mapping[str, float]], x: str, y: str) -> Any:
    """Return a dashed line: where the persona makes no difference, or a target is met."""
    import altair as alt

    line = alt.Chart(_data(points)).mark_line(strokeDash=[4, 4], color=GREY, strokeWidth=1)
    return line.encode(x=alt.X(x, type="quantitative"), y=alt.Y(y, type="quantitative"))


def _accuracy(plot: Plot) -> Any:
    import altair as alt

    scale = alt.Scale(domain=[0, 1])
    ticks = alt.Axis(tickCount=5)
    x = alt.X("acc_low:Q", scale=scale, title="acc_low", axis=ticks)
    y = alt.Y("acc_high:Q", scale=scale, title="acc_high", axis=ticks)
    points = alt.Chart(_data(plot.numbers.rows)).mark_circle(color=BLUE, size=70, opacity=0.85).encode(x=x, y=y)
    layers = [_line([{"acc_low": 0, "acc_high": 0}, {"acc_low": 1, "acc_high": 1}], "acc_low", "acc_high"), points]
    labels = _labels(plot)
    if away := [label for label in labels if label["away"]]:
        lines = alt.Chart(_data(away)).mark_rule(color=GREY, strokeWidth=0.75)
        layers.append(lines.encode(x=x, y=y, x2="end:Q", y2="at:Q"))
    for align, shift in (("left", GAP), ("right", -GAP)):
        of_side = [label for label in labels if label["align"] == align]
        if of_side:
            text = alt.Chart(_data(of_side)).mark_text(align=align, dx=shift, fontSize=11, limit=LABEL_LIMIT)
            layers.append(text.encode(x=x, y=alt.Y("at:Q", scale=scale), text="name:N"))
    return alt.layer(*layers).properties(width=WIDTH + 20, height=WIDTH + 20)


def _labels(plot: Plot) -> list[dict[str, Any]]:
    """Name the points, each beside its point, or where that is taken some lines below, with a line to it."""
    side = WIDTH + 20
    taken = [(_number(row["acc_low"]) * side, _number(row["acc_high"]) * side, 0.0) for row in plot.numbers.rows]
    rows = plot.numbers.rows if len(taken) <= MOST_NAMED else [r for r in plot.numbers.rows if r["model"] in plot.lit]
    labels: list[dict[str, Any]] = []
    for row in sorted(rows, key=lambda row: -_number(row["acc_high"])):
        x, y, name = _number(row["acc_low"]) * side, _number(row["acc_high"]) * side, str(row["model"])
        wide = min(len(name) * LETTER, LABEL_LIMIT)
        places = [(line, align) for line in range(MOST_NAMED) for align in ("left", "right")]
        for line, align in places:
            start, at = (x + GAP if align == "left" else x - GAP - wide), y - line * LINE
            free = all(
                abs(at - other) >= LINE - 1 or start + wide < begin or begin + length < start
                for begin, other, length in taken
            )
            if free and start >= 0 and start + wide <= side * 1.1:
                break
        taken.append((start, at, wide))
        placed = {"acc_low": x / side, "acc_high": y / side, "at": at / side, "align": align, "name": name}
        towards = (1 if align == "left" else -1) * (GAP - 1) / side
        labels.append({**placed, "end": x / side + towards, "away": line > 0})
    return labels


def _number(cell: Cell) -> float:
    assert isinstance(cell, int | float)
    return float(cell)


def _reversal(plot: Plot) -> Any:
    import altair as alt

    measures = ("reversal", "reversal_faithful")
    rows = [
        {"model": row["model"], "measure": name, **_bounds("value", row[name])}
        for row in plot.numbers.rows
        for name in measures
    ]
    low = min(0.0, *(row["low"] for row in rows))
    base = alt.Chart(_data(rows)).encode(
        y=alt.Y("model:N", sort=None, title=None),
        yOffset=alt.YOffset("measure:N", sort=list(measures)),
        color=alt.Color("measure:N", scale=alt.Scale(domain=list(measures), range=[BLUE, ORANGE])),
    )
    scale = alt.Scale(domain=[-1 if low < -0.25 else low, 1], nice=False)
    x = alt.X("value:Q", scale=scale, title="reversal, 95 % interval", axis=alt.Axis(tickCount=5))
    ruler = base.mark_rule(strokeWidth=2).encode(
        x=alt.X("low:Q", scale=scale, title="reversal, 95 % interval"), x2="high:Q"
    )
    zero = alt.Chart(_data([{"value": 0}])).mark_rule(color=GREY, strokeDash=[4, 4]).encode(x="value:Q")
    chart = alt.layer(zero, ruler, base.mark_circle(size=45, opacity=1).encode(x=x))
    return chart.properties(width=WIDTH, height=alt.Step(ROW_HEIGHT / 2))


def _calibration(plot: Plot) -> Any:
    diagonal = _line([{"target": 0, "accuracy": 0}, {"target": 1, "accuracy": 1}], "target", "accuracy")
    rows = [{**row, **_bounds("accuracy", row["accuracy"])} for row in plot.numbers.rows]
    return _curves(plot, rows, "target:Q", "accuracy", [0, 1], diagonal)


def _difficulty(plot: Plot) -> Any:
    rows = [{**row, **_bounds("reversal", row["reversal"])} for row in plot.numbers.rows]
    with_intervals = [row for row in rows if row["model"] in plot.lit]
    lowest = min(row["low"] for row in with_intervals)
    first, last = (pick(row["difficulty"] for row in rows) for pick in (min, max))
    zero = _line([{"difficulty": first, "reversal": 0}, {"difficulty": last, "reversal": 0}], "difficulty", "reversal")
    return _curves(plot, rows, "difficulty:O", "reversal", [-1 if lowest < -0.25 else min(lowest, 0), 1], zero)


def _curves(
    plot: Plot, rows: Sequence[Mapping[str, Any]], along: str, value: str, domain: Sequence[float], reference: Any
) -> Any:
    """Draw a line a model: the chosen ones with intervals and in colour, the others grey."""
    import altair as alt

    scale = alt.Scale(domain=list(domain), nice=False)
    kind = {"Q": "quantitative", "O": "ordinal"}[along[-1]]
    x = alt.X(along[:-2], type=kind, axis=alt.Axis(labelAngle=0, tickCount=5))
    lit = [row for row in rows if row["model"] in plot.lit]
    grey = alt.Chart(_data([row for row in rows if row["model"] not in plot.lit]))
    y = alt.Y(f"{value}:Q", scale=scale, title=value, axis=alt.Axis(tickCount=5))
    names = [printable(model) for model in plot.lit if any(row["model"] == model for row in lit)]
    legend = alt.Legend(symbolType="stroke", symbolSize=400)
    colour = alt.Color("model:N", scale=alt.Scale(domain=names, range=[BLUE, ORANGE]), legend=legend)
    dashes = alt.StrokeDash("model:N", scale=alt.Scale(domain=names, range=[[1, 0], [6, 3]]), legend=legend)
    dodge = alt.Chart(_data(lit)).encode(x=x, color=colour)
    layers = [
        grey.mark_line(color=GREY, opacity=0.45, strokeWidth=1).encode(x=x, y=y, detail="model:N"),
        dodge.mark_rule(strokeWidth=1.5).encode(y=alt.Y("low:Q", scale=scale, title=value), y2="high:Q"),
        dodge.mark_line(point=True, strokeWidth=2).encode(y=y, strokeDash=dashes),
    ]
    if kind == "quantitative":
        layers.insert(0, reference)
    else:
        zero = alt.Chart(_data([{value: 0}])).mark_rule(color=GREY, strokeDash=[4, 4])
        layers.insert(0, zero.encode(y=alt.Y(f"{value}:Q", scale=scale)))
    return alt.layer(*layers).properties(width=WIDTH + 20, height=WIDTH)


def _race(plot: Plot) -> Any:
    import altair as alt

    rows = [{**row, **_bounds("contrast", row["contrast"])} for row in plot.numbers.rows]
    farthest = max(0.1, *(abs(row[end]) for row in rows for end in ("low", "high")))
    scale = alt.Scale(domain=[-farthest, farthest])
    data = _data([{**row, "from": -0.05, "to": 0.05} for row in rows])
    y = alt.Y("group:N", sort=None, title=None)
    x = alt.X("contrast:Q", scale=scale, title="difference of contrast, 95 % interval", axis=alt.Axis(tickCount=5))
    base = alt.Chart()
    layers = alt.layer(
        base.mark_rect(color=GREY, opacity=0.08).encode(x=alt.X("from:Q", scale=scale), x2="to:Q"),
        base.mark_rule(color=BLUE, strokeWidth=2).encode(x=alt.X("low:Q", scale=scale), x2="high:Q", y=y),
        base.mark_circle(color=BLUE, size=55, opacity=1).encode(x=x, y=y),
        data=data,
    ).properties(width=WIDTH - 20, height=alt.Step(ROW_HEIGHT))
    return layers.facet(
        row=alt.Row("model:N", sort=None, title=None, header=alt.Header(orient="top", labelAnchor="start"))
    )


def _wrong(plot: Plot) -> Any:
    import altair as alt

    rows = [
        {"model": row["model"], "kind": kind, "share": row[kind], "place": place}
        for row in plot.numbers.rows
        for place, kind in enumerate(KINDS_OF_WRONG)
        if row["wrong"]
    ]
    colour = alt.Color("kind:N", scale=alt.Scale(domain=list(KINDS_OF_WRONG), range=list(KIND_COLOURS)))
    bars = alt.Chart(_data(rows)).mark_bar(height=ROW_HEIGHT - 6)
    return bars.encode(
        x=alt.X("share:Q", scale=alt.Scale(domain=[0, 1]), title="share of wrong answers", axis=alt.Axis(tickCount=5)),
        y=alt.Y("model:N", sort=None, title=None),
        color=colour,
        order="place:Q",
    ).properties(width=WIDTH, height=alt.Step(ROW_HEIGHT))


DRAWN: Mapping[str, Callable[[Plot], Any]] = {
    "accuracy": _accuracy,
    "reversal": _reversal,
    "calibration": _calibration,
    "difficulty": _difficulty,
    "race": _race,
    "wrong": _wrong,
}
"""By kind of plot."""

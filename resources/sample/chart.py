"""The picture of the evaluation: two small line charts over the months, as SVG text."""

WIDTH, LEFT, RIGHT = 720, 56, 110
PANEL_HEIGHT, TOP, GAP = 130, 44, 58
INK, MUTED, GRID = "#1B1E24", "#5B6270", "#DADDE3"
BLUE, ORANGE = "#1531A4", "#B85A08"


def months_chart(months):
    """Observed and predicted share of late flights above, AUC below; each panel starts at a value of meaning."""
    height = TOP + 2 * PANEL_HEIGHT + GAP + 34
    labels = [month["month"] for month in months]
    shapes = [
        *panel(TOP, "Share of flights 15 minutes late or more", labels, (0.0, 0.1, 0.2, 0.3, 0.4), "{:.0%}", [
            ("observed", BLUE, "none", [month["delay_rate"] for month in months]),
            ("predicted", ORANGE, "5 4", [month["predicted_rate"] for month in months]),
        ]),
        *panel(TOP + PANEL_HEIGHT + GAP, "AUC (0.5 is chance)", labels, (0.5, 0.6, 0.7, 0.8, 0.9), "{:.1f}", [
            ("AUC", BLUE, "none", [month["auc"] for month in months]),
        ]),
    ]  # fmt: skip
    return "\n".join([
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}" '
        'font-family="system-ui, sans-serif" font-size="12" role="img" aria-labelledby="title">',
        '<title id="title">Late flights and AUC by month, test days of 2013</title>',
        f'<rect width="{WIDTH}" height="{height}" fill="#FFFFFF"/>',
        *shapes,
        "</svg>",
    ]) + "\n"  # fmt: skip


def panel(top, title, labels, ticks, tick_format, lines):
    """One chart: title, horizontal grid, month labels, and the named lines (name, colour, dashes, values)."""
    plot_width = WIDTH - LEFT - RIGHT
    low, high = ticks[0], ticks[-1]

    def x(index):
        return LEFT + plot_width * (index + 0.5) / len(labels)

    def y(value):
        inside = min(max(value, low), high)
        return top + PANEL_HEIGHT * (high - inside) / (high - low)

    yield f'<text x="{LEFT}" y="{top - 16}" fill="{INK}" font-weight="600">{title}</text>'
    for tick in ticks:
        yield f'<path d="M{LEFT} {y(tick):.1f}h{plot_width}" stroke="{GRID}"/>'
        yield (
            f'<text x="{LEFT - 8}" y="{y(tick) + 4:.1f}" fill="{MUTED}" text-anchor="end">'
            f"{tick_format.format(tick)}</text>"
        )
    for index, label in enumerate(labels):
        yield (
            f'<text x="{x(index):.1f}" y="{top + PANEL_HEIGHT + 18}" fill="{MUTED}" text-anchor="middle">'
            f"{label[5:]}</text>"
        )
    ends = label_heights([y(values[-1]) for _, _, _, values in lines])
    for (name, colour, dashes, values), end in zip(lines, ends):
        points = " ".join(f"{x(index):.1f},{y(value):.1f}" for index, value in enumerate(values))
        yield (
            f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="2" '
            f'stroke-dasharray="{dashes}"/>'
        )
        for index, value in enumerate(values):
            yield f'<circle cx="{x(index):.1f}" cy="{y(value):.1f}" r="3" fill="{colour}"/>'
        yield f'<text x="{x(len(values) - 1) + 14:.1f}" y="{end + 4:.1f}" fill="{colour}">{name}</text>'


def label_heights(heights, apart=14):
    """The heights of the line ends, moved just so far that their labels do not cover each other."""
    placed = {}
    lowest = float("-inf")
    for index in sorted(range(len(heights)), key=lambda i: heights[i]):
        lowest = max(heights[index], lowest + apart)
        placed[index] = lowest
    return [placed[index] for index in range(len(heights))]

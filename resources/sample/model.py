"""The delay model: a logistic regression over things that are either so or not so.

A prepared flight becomes a short list of statements, such as `hour=17`,
`visib <1` or `late_share_3h 0.3..0.4`. The model holds one weight per statement,
and the log-odds of a late arrival are the sum of the weights of the statements
that hold. Nothing needs scaling, a missing value is a statement of its own, and
`model.json` can be read by eye.
"""

import csv
import json
import math
import os
from bisect import bisect_right

CATEGORIES = ("origin", "dest", "carrier", "weekday", "hour")

# Where a number is cut into ranges. Units are those of data/README.md.
EDGES = {
    "distance": (250, 500, 1000, 2000),
    "temp": (25, 32, 40, 60, 75, 85),
    "dew_gap": (3, 6, 12, 25),
    "gust": (8, 14, 20, 26, 34),
    "precip": (0.005, 0.05),
    "pressure": (1005, 1010, 1015, 1020, 1028),
    "visib": (1, 3, 6, 9),
    "departed_3h": (1, 20, 45, 65),
    "late_share_3h": (0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.65),
    "late_share_24h": (0.08, 0.12, 0.16, 0.2, 0.25, 0.3, 0.4, 0.5),
}


def read_flights(path):
    """The prepared flights of one file: a list of statements for each, and a list of 0 (in time) or 1 (late)."""
    with open(path, encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return [statements(row) for row in rows], [int(row["late"]) for row in rows]


def statements(row):
    """Everything the model knows about one flight, as a list of names."""
    values = {**row, "dew_gap": dew_gap(row["temp"], row["dewp"])}
    names = [f"{name}={row[name]}" for name in CATEGORIES]
    names += [f"{name} {span(values[name], edges)}" for name, edges in EDGES.items()]

    # What matters only together: runways face certain winds, carriers have their own
    # piers, and a late morning means something else than a late evening.
    origin = row["origin"]
    names.append(f"{origin} wind {compass(row['wind_dir'])} gust {span(row['gust'], (14, 26))}")
    names.append(f"{origin} carrier={row['carrier']}")
    names.append(f"{origin} from {int(row['hour']) // 4 * 4}h late {span(row['late_share_3h'], (0.1, 0.2, 0.3, 0.5))}")
    return names


def dew_gap(temp, dewp):
    """Degrees between temperature and dew point; next to nothing means fog or rain."""
    return "" if temp == "" or dewp == "" else float(temp) - float(dewp)


def compass(degrees):
    return "unknown" if degrees == "" else ("N", "NE", "E", "SE", "S", "SW", "W", "NW")[round(float(degrees) / 45) % 8]


def span(value, edges):
    """The name of the range that holds a value: `<1`, `1..3` (1 is in, 3 is not), `>=9` or `unknown`."""
    if value == "":
        return "unknown"
    above = bisect_right(edges, float(value))
    if above == 0:
        return f"<{edges[0]}"
    if above == len(edges):
        return f">={edges[-1]}"
    return f"{edges[above - 1]}..{edges[above]}"


def probability(log_odds):
    """The logistic function, written so that `exp` cannot overflow."""
    if log_odds >= 0:
        return 1 / (1 + math.exp(-log_odds))
    odds = math.exp(log_odds)
    return odds / (1 + odds)


def log_loss(log_odds, late):
    """Minus the logarithm of the probability that was given to what really happened."""
    return max(log_odds, 0.0) - log_odds * late + math.log1p(math.exp(-abs(log_odds)))


def area_under_curve(scores, labels):
    """The chance that a late flight scores above one in time; a tie counts half.

    The Mann-Whitney form of the area under the ROC curve; nan where a class is missing.
    """
    late_rank_sum, below = 0.0, 0
    by_score = {}
    for score, label in zip(scores, labels):
        counts = by_score.setdefault(score, [0, 0])
        counts[label] += 1
    for score in sorted(by_score):
        in_time, late = by_score[score]
        late_rank_sum += late * (below + (in_time + late + 1) / 2)
        below += in_time + late
    late = sum(labels)
    pairs = late * (len(labels) - late)
    return (late_rank_sum - late * (late + 1) / 2) / pairs if pairs else math.nan


def save(model, path):
    """Write the model as JSON. Whoever looks sees the old file or the new one, never half of one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(path.name + ".partial")
    with open(partial, "w", encoding="utf-8", newline="\n") as file:
        json.dump(model, file, indent=1)
        file.write("\n")
        file.flush()
        os.fsync(file.fileno())
    os.replace(partial, path)


def load(path):
    with open(path, encoding="utf-8") as file:
        return json.load(file)

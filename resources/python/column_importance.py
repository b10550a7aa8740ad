"""Tells how much a model's answers rest on each column of a table. Run by Benchtop in the model's own environment.

    python column_importance.py MODEL FOLDER SETTINGS

MODEL and FOLDER are those of predict_rows.py. SETTINGS is JSON: `tables`, `features`, `besides` as there, `rows` (so many at most, evenly
spread), `rounds`, and `part` (null, or `column`, `from` and `before`: only rows of that time). Each column in turn is shuffled among the
rows, and the model asked again: the more its answers change, the more they rest on the column. No label is needed. Writes importance.json
with `measure` (what a change is counted in), `rowCount`, and `columns`, each with `name` and `importance`.
"""

import json
import sys

from predict_rows import OnnxModel, features_of, flat, load, read_tables


def asker_of(model):
    """What asks the model, and in what a change of its answers is counted."""
    import numpy

    classes = list(getattr(model, "classes_", []))
    if 2 <= len(classes) <= 50 and hasattr(model, "predict_proba"):
        return "probabilities", lambda table: numpy.asarray(model.predict_proba(table), dtype=float)

    def answers(table):
        return numpy.asarray(flat(model.predict(table)))

    return ("classes" if classes else None), answers


def change(measure, before, now):
    """On average over the rows: the probability that went to other classes; the share of other answers; the distance in standard deviations."""
    import numpy

    if measure == "probabilities":
        return float(numpy.abs(before - now).sum(axis=1).mean() / 2)
    if measure == "classes":
        return float((before != now).mean())
    deviation = float(before.std())
    return 0.0 if deviation == 0 else float(numpy.abs(before - now).mean() / deviation)


def rows_of(table, part):
    import pandas

    if part is None:
        return table
    times = pandas.to_datetime(table[part["column"]], utc=True)
    wanted = times.notna()
    if part["from"] is not None:
        wanted &= times >= pandas.Timestamp(part["from"], tz="UTC")
    if part["before"] is not None:
        wanted &= times < pandas.Timestamp(part["before"], tz="UTC")
    return table[wanted]


def main():
    import numpy

    model_path, folder, settings_text = sys.argv[1:4]
    settings = json.loads(settings_text)
    model = load(model_path)
    table = rows_of(read_tables(folder, settings["tables"]), settings["part"])
    if len(table) == 0:
        raise SystemExit("The table has no rows to ask about.")
    count = min(len(table), settings["rows"])
    table = table.iloc[numpy.linspace(0, len(table) - 1, count).round().astype(int)].reset_index(drop=True)
    features = features_of(model, table, settings)
    if isinstance(model, OnnxModel):
        model.find_classes(features)
    measure, answers = asker_of(model)
    before = answers(features)
    if measure is None:
        measure = "numbers" if before.dtype.kind in "iuf" else "classes"
    random = numpy.random.default_rng(0)
    columns = []
    for name in features.columns:
        changes = []
        for _ in range(settings["rounds"]):
            shuffled = features.copy()
            shuffled[name] = features[name].iloc[random.permutation(count)].set_axis(features.index)
            changes.append(change(measure, before, answers(shuffled)))
        columns.append({"name": str(name), "importance": sum(changes) / len(changes)})
    with open("importance.json", "w", encoding="utf-8") as file:
        json.dump({"measure": measure, "rowCount": count, "columns": columns}, file)


if __name__ == "__main__":
    main()

"""
What Evidently and NannyML say of columns without and with a known shift, by their defaults. On stdin a JSON list of cells
`[reference rows, current rows, categories, shift]`; one line of JSON for each with `evidently` and `nannyml`, each with `alarms` (the share
of columns that are told to drift; only where nothing moved) and `scores` (the larger the more drift; of NannyML over the current data as
one chunk).
"""

import json
import os
import sys
import warnings

os.environ.setdefault("DO_NOT_TRACK", "1")
os.environ.setdefault("NML_DISABLE_USAGE_LOGGING", "1")
warnings.filterwarnings("ignore")

import nannyml
import numpy as np
import pandas as pd
from evidently.legacy.calculations.stattests import get_stattest

columns = {"evidently": int(sys.argv[1]), "nannyml": int(sys.argv[2])}
is_p = {"ks", "chisquare", "z"}


def drawn(random, columns, rows, categories, shift):
    """Columns of one law. Normal numbers whose mean went up so that a share `shift` of the rows moved; or words of equal shares, of which the first half gave so many rows to the others."""
    if categories == 0:
        from scipy.stats import norm

        mean = 2 * norm.ppf(0.5 + shift / 2)
        return pd.DataFrame({f"c{at}": random.normal(loc=mean, size=rows) for at in range(columns)})
    shares = np.full(categories, 1 / categories)
    shares[: categories // 2] -= shift / (categories // 2)
    shares[categories - categories // 2 :] += shift / (categories // 2)
    words = np.array([f"word {word}" for word in range(categories)], dtype=object)
    return pd.DataFrame({f"c{at}": words[random.choice(categories, rows, p=shares)] for at in range(columns)})


def of_evidently(reference, current, kind):
    alarms, scores = 0, []
    for name in reference.columns:
        test = get_stattest(reference[name], current[name], kind, None)
        found = test(reference[name], current[name], kind, None)
        alarms += found.drifted
        scores.append(-found.drift_score if test.name in is_p else found.drift_score)
    return {"alarms": alarms / len(reference.columns), "scores": scores}


def of_nannyml(reference, current, with_default):
    names = list(reference.columns)

    def found(**chunks):
        calculator = nannyml.UnivariateDriftCalculator(column_names=names, **chunks).fit(reference)
        return calculator.calculate(current).filter(period="analysis").to_df()

    whole = found(chunk_size=len(current))
    values = whole.loc[:, [key for key in whole.columns if key[-1] == "value"]]
    alarms = None
    if with_default:
        by_default = found()
        alerts = by_default.loc[:, [key for key in by_default.columns if key[-1] == "alert"]]
        alarms = float(alerts.any(axis=0).mean())
    return {"alarms": alarms, "scores": values.iloc[0].astype(float).tolist()}


for reference_rows, current_rows, categories, shift in json.load(sys.stdin):
    random = np.random.default_rng([round(shift * 1000), reference_rows, current_rows, categories])
    count = max(columns.values())
    reference = drawn(random, count, reference_rows, categories, 0)
    current = drawn(random, count, current_rows, categories, shift)
    some = list(reference.columns[: columns["nannyml"]])
    answer = {
        "evidently": of_evidently(reference, current, "num" if categories == 0 else "cat"),
        "nannyml": of_nannyml(reference[some], current[some], shift == 0),
    }
    print(json.dumps(answer), flush=True)

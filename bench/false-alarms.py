"""Of columns without any drift, the share that Evidently and NannyML call drifted by their defaults; `[reference, current, categories]` cells on stdin."""

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

columns = int(sys.argv[1])


def drawn(random, rows, categories):
    """As many columns of one law: normal numbers, or words of equal shares."""
    if categories == 0:
        return pd.DataFrame({f"c{at}": random.normal(size=rows) for at in range(columns)})
    words = np.array([f"word {word}" for word in range(categories)], dtype=object)
    return pd.DataFrame({f"c{at}": words[random.integers(0, categories, rows)] for at in range(columns)})


answers = []
for seed, (reference_rows, current_rows, categories) in enumerate(json.load(sys.stdin)):
    random = np.random.default_rng(seed)
    reference, current = drawn(random, reference_rows, categories), drawn(random, current_rows, categories)
    kind = "num" if categories == 0 else "cat"
    evidently = 0
    for name in reference.columns:
        test = get_stattest(reference[name], current[name], kind, None)
        evidently += test(reference[name], current[name], kind, None).drifted
    calculator = nannyml.UnivariateDriftCalculator(column_names=list(reference.columns), chunk_size=current_rows)
    found = calculator.fit(reference).calculate(current).filter(period="analysis").to_df()
    alerts = found.loc[:, [key for key in found.columns if key[-1] == "alert"]]
    answers.append({"evidently": evidently / columns, "nannyml": float(alerts.to_numpy().mean())})
json.dump(answers, sys.stdout)

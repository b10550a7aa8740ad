"""
What Evidently and NannyML say of two CSV files by their defaults: `REFERENCE CURRENT` as arguments, JSON on stdout. Each column is asked
about alone, since both stop at one they do not take; `evidently` has `value` and `isDrifted` by column, and `share`, the share of drifted
ones among all that it takes; `nannyml` has `values`, `alerts` and `threshold`.
"""

import json
import os
import sys
import warnings

os.environ.setdefault("DO_NOT_TRACK", "1")
os.environ.setdefault("NML_DISABLE_USAGE_LOGGING", "1")
warnings.filterwarnings("ignore")

import nannyml
import pandas as pd
from evidently import Report
from evidently.presets import DataDriftPreset

reference, current = (pd.read_csv(path) for path in sys.argv[1:3])


def of_evidently(names):
    said = Report([DataDriftPreset(columns=names)], include_tests=True).run(current, reference).dict()
    count, *columns = said["metrics"]
    by_name = {}
    for metric, test in zip(columns, said["tests"][1:]):
        by_name[metric["config"]["column"]] = {
            "method": metric["config"]["method"],
            "value": float(metric["value"]),
            "isDrifted": str(test["status"]).endswith("FAIL"),
        }
    return by_name, float(count["value"]["share"])


evidently, nannyml_said = {}, {}
for name in current.columns:
    try:
        evidently.update(of_evidently([name])[0])
    except Exception as error:
        evidently[name] = {"error": str(error)[:200]}
    try:
        calculator = nannyml.UnivariateDriftCalculator(column_names=[name]).fit(reference)
        found = calculator.calculate(current).filter(period="analysis").to_df()[name]["jensen_shannon"]
        nannyml_said[name] = {
            "values": [float(value) for value in found["value"]],
            "alerts": [bool(alert) for alert in found["alert"]],
            "threshold": float(found["upper_threshold"].iloc[0]),
        }
    except Exception as error:
        nannyml_said[name] = {"error": str(error)[:200]}
taken = [name for name, said in evidently.items() if "value" in said]
json.dump({"evidently": evidently, "share": of_evidently(taken)[1], "nannyml": nannyml_said}, sys.stdout)

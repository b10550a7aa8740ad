"""
What NannyML estimates for the cases on stdin: a JSON list in, one out. A case is `{"dataset": "car-loan" | "cards", "chunkRows"}` of the data
that NannyML brings along, or `{"classes", "chunkRows", "reference", "current"}` with `scores`, `predictions` and `labels` of both
sides. `isStable` has it sort equal scores as they lie, which NumPy leaves to the machine.
"""

import json
import os
import sys
import warnings

os.environ.setdefault("NML_DISABLE_USAGE_LOGGING", "1")
warnings.filterwarnings("ignore")

import nannyml
import nannyml.calibration as calibration
import nannyml.performance_estimation.confidence_based.metrics as metrics
import nannyml.sampling_error.binary_classification as of_two
import nannyml.sampling_error.multiclass_classification as of_several
import numpy as np
import pandas as pd

names = ["roc_auc", "accuracy", "f1", "precision", "recall"]
columns = ["value", "sampling_error", "realized", "lower_threshold", "upper_threshold", "alert"]


class StableNumpy:
    """NumPy, but for one thing."""

    def __getattr__(self, name):
        return getattr(np, name)

    def argsort(self, values):
        return np.argsort(values, kind="stable")


def stable_calibration_error(y_true, y_pred_proba, bin_index_edges):
    order = np.argsort(y_pred_proba, kind="stable")
    labels, scores = np.asarray(y_true)[order], np.asarray(y_pred_proba)[order]
    parts = [abs(scores[a:b].mean() - labels[a:b].mean()) * (b - a) for a, b in bin_index_edges]
    return sum(parts) / len(scores)


kept = calibration._calculate_expected_calibration_error
answers = []
for case in json.load(sys.stdin):
    stable = StableNumpy() if case.get("isStable") else np
    metrics.np = of_two.np = of_several.np = stable
    calibration._calculate_expected_calibration_error = stable_calibration_error if case.get("isStable") else kept
    dataset = case.get("dataset")
    if dataset == "car-loan":
        reference, current, later = nannyml.load_synthetic_car_loan_dataset()
        classes, told, true, scores = ["0", "1"], "y_pred", "repaid", ["y_pred_proba"]
    elif dataset == "cards":
        reference, current, later = nannyml.load_synthetic_multiclass_classification_dataset()
        classes = sorted(reference["y_true"].unique())
        told, true, scores = "y_pred", "y_true", [f"y_pred_proba_{name}" for name in classes]
    else:
        classes, told, true = case["classes"], "told", "true"
        scores = [f"p{at}" for at in range(len(case["reference"]["scores"]))]
        reference, current = (
            pd.DataFrame({told: side["predictions"], true: side["labels"], **dict(zip(scores, side["scores"]))})
            for side in (case["reference"], case["current"])
        )
    if dataset:
        current = current.merge(later, on="id")
    is_two = len(scores) == 1
    estimator = nannyml.CBPE(
        metrics=names,
        y_pred=told,
        y_true=true,
        y_pred_proba=scores[0] if is_two else dict(zip(classes, scores)),
        problem_type="classification_binary" if is_two else "classification_multiclass",
        chunk_size=case["chunkRows"],
    )
    estimator.fit(reference)
    found = estimator.estimate(current).to_df()
    chunks = [
        {name: {column: float(found[name][column].iloc[at]) for column in columns} for name in names}
        for at in range(len(found))
    ]

    def side(table):
        place = {name: at for at, name in enumerate(classes)}
        of = (lambda value: int(value)) if is_two else (lambda value: place[value])
        return {
            "scores": [table[name].tolist() for name in scores],
            "predictions": [of(value) for value in table[told]],
            "labels": [of(value) for value in table[true]],
        }

    rows = {"reference": side(reference), "current": side(current)} if dataset else None
    answers.append({"classes": classes, "rows": rows, "chunks": chunks})
json.dump(answers, sys.stdout, allow_nan=True)

"""The metrics of scikit-learn and the intervals of SciPy, for the cases on stdin."""

import json
import sys
from types import SimpleNamespace

import numpy as np
from scipy.stats import bootstrap
from sklearn import metrics


def value_of(name, labels, predictions, scores, positive):
    if name == "accuracy":
        return metrics.accuracy_score(labels, predictions)
    if name in ("precision", "recall", "f1"):
        score = getattr(metrics, f"{name}_score")
        if positive is None:
            return score(labels, predictions, average="macro", zero_division=0)
        return score(labels, predictions, pos_label=positive, zero_division=0)
    if name == "auc":
        return metrics.roc_auc_score(labels == positive, scores)
    if name == "log_loss":
        return metrics.log_loss(labels == positive, scores)
    if name == "brier":
        return metrics.brier_score_loss(labels == positive, scores)
    if name == "rmse":
        return metrics.root_mean_squared_error(labels, predictions)
    if name == "mae":
        return metrics.mean_absolute_error(labels, predictions)
    return metrics.r2_score(labels, predictions)


answers = []
for case in json.load(sys.stdin):
    labels = np.array(case["labels"])
    sides = [(np.array(p), np.array(s)) for p, s in zip(case["predictions"], case["scores"])]
    name = case["metric"]
    sign = -1 if name in ("log_loss", "brier", "rmse", "mae") else 1

    def values(rows):
        return [value_of(name, labels[rows], p[rows], s[rows], case["positive"]) for p, s in sides]

    def difference(rows):
        a, b = values(rows)
        return sign * (b - a)

    rows = np.arange(len(labels))
    answer = {"values": values(rows), "intervals": {} if case["distribution"] else None}
    for method in ("bca", "percentile") if case["distribution"] else ():
        drawn = SimpleNamespace(bootstrap_distribution=np.array(case["distribution"]))
        found = bootstrap(
            (rows,), difference, vectorized=False, method=method, n_resamples=0, bootstrap_result=drawn
        ).confidence_interval
        answer["intervals"][method] = {"low": found.low, "high": found.high}
    answers.append(answer)
json.dump(answers, sys.stdout)

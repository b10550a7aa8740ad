"""Logs metrics with the real MLflow client as it is told, a JSON object a line on stdin, and answers each with a line of JSON.

{"do": "start", "uri": U}                                makes a run, answers {"run": id}
{"do": "batch", "uri": U, "run": id, "keys": K, "calls": N}   N calls of log_batch with 1000 points over K keys, ms of each
{"do": "single", "uri": U, "run": id, "calls": N}        N calls of log_metric, ms of each
"""

import json
import sys
import time

from mlflow import MlflowClient
from mlflow.entities import Metric

clients = {}
steps = {}


def client(uri):
    if uri not in clients:
        clients[uri] = MlflowClient(tracking_uri=uri)
    return clients[uri]


def batches(run, keys, calls):
    """A training loop that logs `keys` metrics a step and hands them over by the thousand."""
    first = steps.get(run, 0)
    now = int(time.time() * 1000)
    for call in range(calls):
        metrics = []
        for index in range(1000):
            number = first + call * 1000 + index
            step = number // keys
            metrics.append(Metric(f"layer.{number % keys}.norm", 1.0 / (1 + number), now + step, step))
        yield metrics
    steps[run] = first + calls * 1000


def timed(work):
    started = time.perf_counter()
    work()
    return (time.perf_counter() - started) * 1000


for line in sys.stdin:
    told = json.loads(line)
    if told["do"] == "start":
        answer = {"run": client(told["uri"]).create_run("0").info.run_id}
    elif told["do"] == "batch":
        prepared = list(batches(told["run"], told["keys"], told["calls"]))
        answer = {
            "ms": [
                timed(lambda metrics=metrics: client(told["uri"]).log_batch(told["run"], metrics=metrics))
                for metrics in prepared
            ]
        }
    else:
        first = steps.get(told["run"], 0)
        answer = {
            "ms": [
                timed(
                    lambda step=step: client(told["uri"]).log_metric(
                        told["run"], "loss", 1.0 / (1 + step), step=step
                    )
                )
                for step in range(first, first + told["calls"])
            ]
        }
        steps[told["run"]] = first + told["calls"]
    print(json.dumps(answer), flush=True)

"""Logs with the real MLflow client until its stdin ends, and repeats every call that fails until it is acknowledged.

Values follow from steps, so that the reader knows what must be there. Prints the run at first, and at last how many steps
of each key were acknowledged and how often a call had to be repeated.
"""

import json
import sys
import threading
import time

from mlflow import MlflowClient
from mlflow.entities import Metric

EPOCH = 1_767_225_600_000
client = MlflowClient(tracking_uri=sys.argv[1])
run = client.create_run("0").info.run_id
print(json.dumps({"run": run}), flush=True)

is_over = threading.Event()
threading.Thread(target=lambda: (sys.stdin.read(), is_over.set()), daemon=True).start()
repeated = 0


def acknowledged(call):
    global repeated
    while True:
        try:
            return call()
        except Exception:  # whatever the client makes of a server that is gone
            repeated += 1
            time.sleep(0.05)


def metric(key, step):
    return Metric(key, step * 0.5, EPOCH + step, step)


steps = {"batch": 0, "single": 0}
while not is_over.is_set():
    first = steps["batch"]
    size = 1 + first % 997
    batch = [metric("batch", first + index) for index in range(size)]
    acknowledged(lambda: client.log_batch(run, metrics=batch))
    steps["batch"] += size
    for _ in range(3):
        own = metric("single", steps["single"])
        acknowledged(lambda: client.log_metric(run, own.key, own.value, own.timestamp, own.step))
        steps["single"] += 1
print(json.dumps({"steps": steps, "repeated": repeated}), flush=True)

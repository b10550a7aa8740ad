"""Autolog of keras on jax: a point an epoch, the params, and the model loaded again. Prints `ok keras_autolog`."""

import os

os.environ["KERAS_BACKEND"] = "jax"

import keras
import mlflow
import numpy as np
from mlflow.tracking import MlflowClient

client = MlflowClient()
x = np.random.default_rng(7).normal(size=(64, 4)).astype("float32")
y = (x[:, 0] > 0).astype("float32")

mlflow.set_experiment("keras")
mlflow.keras.autolog()
model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(8, activation="relu"), keras.layers.Dense(1)])
model.compile(optimizer="adam", loss="mse", metrics=["mae"])
model.fit(x, y, epochs=3, batch_size=16, verbose=0)

[run] = client.search_runs([mlflow.get_experiment_by_name("keras").experiment_id])
assert run.info.status == "FINISHED", run.info
assert len(client.get_metric_history(run.info.run_id, "loss")) == 3, run.data.metrics
assert run.data.params["epochs"] == "3", run.data.params
[output] = run.outputs.model_outputs
loaded = mlflow.keras.load_model(f"models:/{output.model_id}")
assert np.allclose(loaded.predict(x, verbose=0), model.predict(x, verbose=0), atol=1e-5)
print("ok keras_autolog")

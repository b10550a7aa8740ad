"""`log`: trains a model, logs it and makes it the champion. `load`: a colleague's client takes the champion. Both print what it predicts."""

import sys

import mlflow
import numpy as np
from sklearn.linear_model import LinearRegression

features = np.arange(12.0).reshape(6, 2)

if sys.argv[1] == "log":
    mlflow.set_experiment("champion")
    with mlflow.start_run(run_name="trained"):
        model = LinearRegression().fit(features, features @ [0.5, 2.0] + 1)
        info = mlflow.sklearn.log_model(
            model,
            name="model",
            registered_model_name="champion-model",
            input_example=features[:2],
        )
        mlflow.log_metric("r2", model.score(features, features @ [0.5, 2.0] + 1))
    mlflow.MlflowClient().set_registered_model_alias("champion-model", "champion", 1)
else:
    model = mlflow.pyfunc.load_model("models:/champion-model@champion")

print("predicted", [round(float(value), 9) for value in model.predict(features)])

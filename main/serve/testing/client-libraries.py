"""Autolog and the model flavors of the libraries for tables, checked by the script itself. Prints `ok <part>` after each."""

import sys

import mlflow
import numpy as np
from mlflow.tracking import MlflowClient

client = MlflowClient()
rng = np.random.default_rng(7)
x = rng.normal(size=(80, 4))
y = (x[:, 0] + x[:, 1] > 0).astype(int)


def part(function):
    if sys.argv[1:] and function.__name__ not in sys.argv[1:]:
        return
    function()
    print("ok", function.__name__, flush=True)


def autologged_run(experiment):
    [run] = client.search_runs([mlflow.get_experiment_by_name(experiment).experiment_id])
    assert run.info.status == "FINISHED", run.info
    return run


def registered_and_loaded(run, name, expected, data=x):
    """The run's logged model, registered, named by an alias and loaded again, predicts what it predicted before."""
    [output] = run.outputs.model_outputs
    version = mlflow.register_model(f"models:/{output.model_id}", name)
    client.set_registered_model_alias(name, "champion", version.version)
    loaded = mlflow.pyfunc.load_model(f"models:/{name}@champion")
    assert np.allclose(loaded.predict(data), expected), name


@part
def sklearn_autolog():
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import GridSearchCV

    mlflow.set_experiment("sklearn")
    mlflow.sklearn.autolog()
    search = GridSearchCV(LogisticRegression(), {"C": [0.1, 1.0]}, cv=2).fit(x, y)
    mlflow.sklearn.autolog(disable=True)
    runs = client.search_runs([mlflow.get_experiment_by_name("sklearn").experiment_id])
    parents = [run for run in runs if "mlflow.parentRunId" not in run.data.tags]
    assert len(parents) == 1 and len(runs) == 3, [run.data.tags for run in runs]
    assert "best_cv_score" in parents[0].data.metrics, parents[0].data.metrics
    assert {run.data.tags["mlflow.parentRunId"] for run in runs if run not in parents} == {parents[0].info.run_id}
    found = [f.path for f in client.list_artifacts(parents[0].info.run_id)]
    assert "cv_results.csv" in found, found
    assert search.predict(x).shape == (80,)


@part
def xgboost_autolog():
    import xgboost

    mlflow.set_experiment("xgboost")
    mlflow.xgboost.autolog()
    data = xgboost.DMatrix(x, label=y)
    booster = xgboost.train(
        {"objective": "binary:logistic", "max_depth": 2}, data, num_boost_round=6, evals=[(data, "train")], verbose_eval=False
    )
    mlflow.xgboost.autolog(disable=True)
    run = autologged_run("xgboost")
    assert run.data.params["max_depth"] == "2" and run.data.params["num_boost_round"] == "6", run.data.params
    assert [m.step for m in client.get_metric_history(run.info.run_id, "train-logloss")] == list(range(6))
    assert any("feature_importance" in f.path for f in client.list_artifacts(run.info.run_id))
    registered_and_loaded(run, "boosted", booster.predict(data))


@part
def lightgbm_autolog():
    import lightgbm

    mlflow.set_experiment("lightgbm")
    mlflow.lightgbm.autolog()
    data = lightgbm.Dataset(x, label=y)
    model = lightgbm.train(
        {"objective": "binary", "num_leaves": 4, "verbosity": -1}, data, num_boost_round=6, valid_sets=[data], valid_names=["train"]
    )
    mlflow.lightgbm.autolog(disable=True)
    run = autologged_run("lightgbm")
    assert run.data.params["num_leaves"] == "4", run.data.params
    assert len(client.get_metric_history(run.info.run_id, "train-binary_logloss")) == 6
    registered_and_loaded(run, "lit", model.predict(x))

"""What a data scientist's scripts do with mlflow, checked by the script itself. Prints `ok <part>` after each part."""

import math
import os
import sys
import tempfile

import mlflow
import numpy as np
import pandas as pd
from mlflow.exceptions import MlflowException
from mlflow.tracking import MlflowClient

client = MlflowClient()


def part(function):
    if sys.argv[1:] and function.__name__ not in sys.argv[1:]:
        return
    function()
    print("ok", function.__name__, flush=True)


@part
def logging():
    mlflow.set_experiment("logging")
    with mlflow.start_run(run_name="outer", tags={"team": "a"}) as outer:
        mlflow.log_param("lr", 0.1)
        mlflow.log_params({"depth": 3, "kind": "tree"})
        for step in range(5):
            mlflow.log_metric("loss", 1 / (step + 1), step=step)
        mlflow.log_metrics({"nan": float("nan"), "inf": float("inf"), "low": float("-inf")})
        mlflow.set_tag("note", "x" * 100)
        with mlflow.start_run(run_name="inner", nested=True) as inner:
            mlflow.log_metric("loss", 0.5)
    run = client.get_run(outer.info.run_id)
    assert run.info.status == "FINISHED" and run.info.run_name == "outer"
    assert run.data.params == {"lr": "0.1", "depth": "3", "kind": "tree"}
    assert run.data.metrics["loss"] == 0.2
    assert math.isnan(run.data.metrics["nan"]) and run.data.metrics["inf"] > 1e308
    assert run.data.metrics["low"] < -1e308
    assert [m.step for m in client.get_metric_history(run.info.run_id, "loss")] == [0, 1, 2, 3, 4]
    inner = client.get_run(inner.info.run_id)
    assert inner.data.tags["mlflow.parentRunId"] == run.info.run_id
    try:
        client.log_param(run.info.run_id, "lr", 0.2)
        raise AssertionError("a param was changed")
    except MlflowException as error:
        assert "Changing param values is not allowed" in str(error), error


@part
def asynchronous_logging():
    with mlflow.start_run() as run:
        for step in range(200):
            mlflow.log_metric("loss", step, step=step, synchronous=False)
        mlflow.flush_async_logging()
    assert len(client.get_metric_history(run.info.run_id, "loss")) == 200


@part
def searching():
    experiment = mlflow.set_experiment("searching")
    for number in range(25):
        with mlflow.start_run(run_name=f"run {number}"):
            mlflow.log_param("half", number // 2)
            mlflow.log_metric("score", number % 7)
    ids = [experiment.experiment_id]
    page, seen = None, []
    while True:
        runs = client.search_runs(
            ids, "metrics.score >= 2", order_by=["metrics.score DESC"], max_results=4, page_token=page
        )
        seen += [(run.data.metrics["score"], run.info.run_id) for run in runs]
        page = runs.token
        if not page:
            break
    expected = [n % 7 for n in range(25) if n % 7 >= 2]
    assert [score for score, _ in seen] == sorted(expected, reverse=True), seen
    assert len({run_id for _, run_id in seen}) == len(expected)
    frame = mlflow.search_runs(ids, "params.half = '3' AND attributes.run_name LIKE 'run %'")
    assert len(frame) == 2, frame
    names = [e.name for e in mlflow.search_experiments(filter_string="name LIKE 'search%'")]
    assert names == ["searching"], names


@part
def artifacts():
    mlflow.set_experiment("artifacts")
    with mlflow.start_run() as run, tempfile.TemporaryDirectory() as folder:
        with open(os.path.join(folder, "größe.txt"), "w") as file:
            file.write("content")
        mlflow.log_artifacts(folder, "files/deep")
        mlflow.log_text("<html>", "page.html")
        mlflow.log_dict({"a": 1}, "a.json")
        mlflow.log_table({"x": [1, 2], "y": ["a", "b"]}, "table.json")
        mlflow.log_image(np.zeros((4, 4, 3), dtype=np.uint8), "zero.png")
        mlflow.log_image(np.zeros((4, 4, 3), dtype=np.uint8), key="zero", step=1)
    run_id = run.info.run_id
    assert sorted(f.path for f in client.list_artifacts(run_id, "files/deep")) == ["files/deep/größe.txt"]
    with tempfile.TemporaryDirectory() as folder:
        path = mlflow.artifacts.download_artifacts(run_id=run_id, dst_path=folder)
        assert open(os.path.join(path, "files/deep/größe.txt")).read() == "content"
        assert os.path.getsize(os.path.join(path, "page.html")) == 6
    assert mlflow.load_table("table.json", run_ids=[run_id]).shape[0] == 2
    assert mlflow.artifacts.load_dict(run.info.artifact_uri + "/a.json") == {"a": 1}
    assert mlflow.artifacts.load_image(run.info.artifact_uri + "/zero.png").size == (4, 4)


@part
def inputs():
    frame = pd.DataFrame({"x": [1.0, 2.0], "y": [0, 1]})
    with mlflow.start_run() as run:
        mlflow.log_input(mlflow.data.from_pandas(frame, name="tiny"), context="train")
    found = client.get_run(run.info.run_id).inputs.dataset_inputs
    assert found[0].dataset.name == "tiny" and found[0].tags[0].value == "train"
    assert len(mlflow.search_runs(search_all_experiments=True, filter_string="dataset.name = 'tiny'")) == 1


@part
def models():
    from sklearn.linear_model import LogisticRegression

    mlflow.set_experiment("models")
    mlflow.sklearn.autolog()
    x = np.arange(40, dtype=float).reshape(20, 2)
    y = (x[:, 0] > 20).astype(int)
    with mlflow.start_run() as run:
        model = LogisticRegression().fit(x, y)
    mlflow.sklearn.autolog(disable=True)
    logged = client.get_run(run.info.run_id)
    assert "training_accuracy_score" in logged.data.metrics, logged.data.metrics
    assert logged.data.params["C"] == "1.0"
    [output] = logged.outputs.model_outputs
    model_id = output.model_id
    assert str(mlflow.get_logged_model(model_id).status) == "READY"
    assert [m.model_id for m in mlflow.search_logged_models(output_format="list")] == [model_id]
    version = mlflow.register_model(f"models:/{model_id}", "flights")
    assert version.version in (1, "1") and version.run_id == run.info.run_id
    client.set_registered_model_alias("flights", "champion", version.version)
    client.set_model_version_tag("flights", version.version, "checked", "yes")
    loaded = mlflow.pyfunc.load_model("models:/flights@champion")
    assert list(loaded.predict(x)) == list(model.predict(x))
    assert list(mlflow.sklearn.load_model("models:/flights/1").predict(x)) == list(model.predict(x))
    assert client.get_model_version_by_alias("flights", "champion").tags == {"checked": "yes"}
    client.transition_model_version_stage("flights", 1, "Production")
    assert client.get_latest_versions("flights", ["Production"])[0].version in (1, "1")
    assert [m.name for m in client.search_registered_models("name ILIKE 'FLI%'")] == ["flights"]


@part
def prompts():
    prompt = mlflow.genai.register_prompt("greeting", "Hello {{name}}", commit_message="first")
    mlflow.genai.set_prompt_alias("greeting", "live", prompt.version)
    assert mlflow.genai.load_prompt("prompts:/greeting@live").format(name="Ada") == "Hello Ada"
    assert "greeting" in [p.name for p in mlflow.genai.search_prompts()]
    assert [m.name for m in client.search_registered_models()] == ["flights"]


sys.exit(0)

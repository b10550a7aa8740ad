"""Habits of scripts beyond logging: figures, notes, deletion, system metrics, paging, many processes. Prints `ok <part>`."""

import multiprocessing
import os
import sys
import time

import mlflow
from mlflow.entities import Metric, Param, RunTag, ViewType
from mlflow.exceptions import MlflowException
from mlflow.tracking import MlflowClient

client = MlflowClient()


def part(function):
    if sys.argv[1:] and function.__name__ not in sys.argv[1:]:
        return
    function()
    print("ok", function.__name__, flush=True)


def many_steps(worker):
    mlflow.set_experiment("eight processes")
    with mlflow.start_run(run_name=f"worker {worker}"):
        for step in range(20):
            mlflow.log_metric("loss", worker + 1 / (step + 1), step=step)
        mlflow.log_param("worker", worker)


@part
def figures_and_notes():
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    mlflow.set_experiment("figures")
    figure, axes = plt.subplots()
    axes.plot([0, 1], [1, 0])
    with mlflow.start_run(description="what I tried", tags={"team": "a"}) as run:
        mlflow.log_figure(figure, "plots/curve.png")
        mlflow.log_figure(figure, "plots/curve.svg")
        mlflow.log_dict({"classes": ["a", "b"]}, "classes.yaml")
        mlflow.set_tags({"mlflow.note.content": "what I found", "stage": "draft"})
        mlflow.set_experiment_tag("owner", "ada")
    found = client.get_run(run.info.run_id)
    assert found.data.tags["mlflow.note.content"] == "what I found" and found.data.tags["stage"] == "draft"
    assert sorted(f.path for f in client.list_artifacts(run.info.run_id, "plots")) == ["plots/curve.png", "plots/curve.svg"]
    assert mlflow.get_experiment_by_name("figures").tags["owner"] == "ada"
    client.delete_tag(run.info.run_id, "stage")
    assert "stage" not in client.get_run(run.info.run_id).data.tags


@part
def deletion():
    experiment_id = client.create_experiment("doomed", tags={"a": "b"})
    run = client.create_run(experiment_id, tags={"x": "1"}, run_name="first")
    client.log_batch(run.info.run_id, [Metric("m", 1.5, 1, 0)], [Param("p", "1")], [RunTag("t", "2")])
    client.set_terminated(run.info.run_id, "FAILED")
    client.delete_run(run.info.run_id)
    assert client.search_runs([experiment_id]) == []
    assert len(client.search_runs([experiment_id], run_view_type=ViewType.DELETED_ONLY)) == 1
    client.restore_run(run.info.run_id)
    client.rename_experiment(experiment_id, "doomed again")
    client.delete_experiment(experiment_id)
    assert client.get_experiment(experiment_id).lifecycle_stage == "deleted"
    try:
        client.create_experiment("doomed again")
        raise AssertionError("a deleted experiment gave its name away")
    except MlflowException as error:
        assert error.error_code == "RESOURCE_ALREADY_EXISTS", error
    client.restore_experiment(experiment_id)
    assert client.get_run(run.info.run_id).info.status == "FAILED"
    assert client.get_run(run.info.run_id).data.metrics == {"m": 1.5}


@part
def registry():
    client.create_registered_model("plain", tags={"team": "a"}, description="first")
    with mlflow.start_run() as run:
        mlflow.log_text("weights", "model/weights.txt")
    source = f"{run.info.artifact_uri}/model"
    for number in (1, 2, 3):
        version = client.create_model_version("plain", source, run.info.run_id, tags={"n": str(number)}, description="v")
        assert int(version.version) == number
    client.update_model_version("plain", "2", description="second")
    client.update_registered_model("plain", description="the plain one")
    client.set_registered_model_tag("plain", "checked", "yes")
    client.delete_registered_model_tag("plain", "team")
    client.transition_model_version_stage("plain", "1", "Production")
    client.transition_model_version_stage("plain", "2", "Production", archive_existing_versions=True)
    assert client.get_model_version("plain", "1").current_stage == "Archived"
    client.set_registered_model_alias("plain", "live", "3")
    assert client.get_model_version_by_alias("plain", "live").version in (3, "3")
    assert client.get_model_version_download_uri("plain", "3") == source
    found = client.search_model_versions("name = 'plain' AND tags.n != '1'", order_by=["version_number ASC"])
    assert [int(version.version) for version in found] == [2, 3], found
    client.delete_registered_model_alias("plain", "live")
    client.delete_model_version("plain", "3")
    client.rename_registered_model("plain", "renamed")
    model = client.get_registered_model("renamed")
    assert model.description == "the plain one" and model.tags == {"checked": "yes"}, model
    path = mlflow.artifacts.download_artifacts("models:/renamed/2/weights.txt")
    assert open(path).read() == "weights"
    client.delete_registered_model("renamed")
    try:
        client.get_registered_model("renamed")
        raise AssertionError("it is still there")
    except MlflowException as error:
        assert error.error_code == "RESOURCE_DOES_NOT_EXIST", error


@part
def logged_models():
    experiment = mlflow.set_experiment("logged models")
    with mlflow.start_run() as run:
        model = mlflow.create_external_model(name="outside", params={"depth": "3"}, tags={"team": "a"})
        mlflow.log_metric("accuracy", 0.9, step=1, model_id=model.model_id)
    ids = [experiment.experiment_id]
    assert [m.model_id for m in client.search_logged_models(ids, "metrics.accuracy > 0.5 AND params.depth = '3'")] == [model.model_id]
    assert client.search_logged_models(ids, "metrics.accuracy > 0.95") == []
    client.set_logged_model_tags(model.model_id, {"team": "b"})
    client.delete_logged_model_tag(model.model_id, "team")
    assert client.get_logged_model(model.model_id).source_run_id == run.info.run_id
    client.delete_logged_model(model.model_id)
    assert client.search_logged_models(ids) == []


@part
def asynchronous_batches():
    mlflow.config.enable_async_logging()
    with mlflow.start_run() as run:
        for step in range(300):
            mlflow.log_metrics({"a": step, "b": -step}, step=step)
        mlflow.log_params({f"p{n}": n for n in range(150)})
        mlflow.set_tags({"t": "x"})
    mlflow.flush_async_logging()
    mlflow.config.enable_async_logging(False)
    found = client.get_run(run.info.run_id)
    assert len(client.get_metric_history(run.info.run_id, "b")) == 300 and len(found.data.params) == 150


@part
def system_metrics():
    mlflow.set_system_metrics_sampling_interval(0.3)
    mlflow.set_system_metrics_samples_before_logging(1)
    with mlflow.start_run(log_system_metrics=True) as run:
        time.sleep(2)
    names = client.get_run(run.info.run_id).data.metrics
    assert "system/cpu_utilization_percentage" in names and "system/system_memory_usage_megabytes" in names, names


@part
def eight_processes():
    mlflow.set_experiment("eight processes")
    context = multiprocessing.get_context("fork")
    workers = [context.Process(target=many_steps, args=(n,)) for n in range(8)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert [worker.exitcode for worker in workers] == [0] * 8
    runs = mlflow.search_runs(experiment_names=["eight processes"], order_by=["params.worker ASC"], output_format="list")
    assert [run.data.params["worker"] for run in runs] == [str(n) for n in range(8)]
    for run in runs:
        assert [m.step for m in client.get_metric_history(run.info.run_id, "loss")] == list(range(20))


@part
def paging():
    """More runs than a page holds: all of them come, each once, in their order."""
    count = int(os.environ.get("BENCHTOP_RUNS", "30"))
    experiment_id = client.create_experiment("paging")
    for number in range(count):
        run = client.create_run(experiment_id, start_time=number, run_name=f"run {number}")
        client.log_batch(run.info.run_id, [Metric("score", number % 17, 0, 0)])
    size = max(7, count // 5)
    seen, page = [], None
    while True:
        runs = client.search_runs([experiment_id], order_by=["metrics.score DESC"], max_results=size, page_token=page)
        seen += runs
        page = runs.token
        if not page:
            break
    scores = [run.data.metrics["score"] for run in seen]
    assert scores == sorted(scores, reverse=True) and len({run.info.run_id for run in seen}) == count
    assert len(mlflow.search_runs([experiment_id], max_results=100_000)) == count

"""Lets a model answer the rows of a table, and times single rows. Run by Benchtop in the model's own environment.

    python predict_rows.py MODEL FOLDER SETTINGS

MODEL is a folder with an MLmodel file, or one file of scikit-learn, XGBoost, LightGBM or ONNX. FOLDER holds the tables.
SETTINGS is JSON: `tables` (their paths, in the order in which they are one), `features` (names or null), `besides` (columns that are no features), `id` (a column or null), `timedRows`. Writes
predictions.csv (id, prediction and score_<class> where the model tells probabilities) and timings.json into the
working folder. Loading a model runs code that it holds, which is why this is no part of Benchtop's own process.
"""

import csv
import json
import os
import sys
import time


def load(path):
    """The model itself where its library can be asked for probabilities, else MLflow's general form of it."""
    folder_file = os.path.join(path, "MLmodel") if os.path.isdir(path) else None
    if folder_file is None or not os.path.exists(folder_file):
        return load_file(path)
    with open(folder_file, encoding="utf-8") as file:
        text = file.read()
    try:
        import mlflow
    except ImportError:
        mlflow = None
    if mlflow is None:
        return load_file(os.path.join(path, model_file_in(text)))
    for flavor in ("sklearn", "xgboost", "lightgbm"):
        if f"\n  {flavor}:\n" in text:
            return asked_as_sklearn(getattr(mlflow, flavor).load_model(path))
    if "\n  onnx:\n" in text:
        return OnnxModel(os.path.join(path, model_file_in(text)))
    return mlflow.pyfunc.load_model(path)


def asked_as_sklearn(model):
    """A bare booster in a form that is asked as scikit-learn's models are; anything else as it is."""
    kind = f"{type(model).__module__.split('.')[0]}.{type(model).__name__}"
    return {"xgboost.Booster": XgboostModel, "lightgbm.Booster": LightgbmModel}.get(kind, lambda it: it)(model)


def model_file_in(text):
    """The file that the library's own part of an MLmodel names."""
    for line in text.splitlines():
        key, _, value = line.strip().partition(": ")
        if key in ("pickled_model", "model_path", "data") and "." in value:
            return value.strip().strip("'\"")
    raise SystemExit("Its MLmodel names no file, and mlflow is not installed in its environment.")


def load_file(path):
    ending = path.rsplit(".", 1)[-1].lower()
    if ending in ("pkl", "pickle", "joblib"):
        try:
            import joblib

            return joblib.load(path)
        except ImportError:
            import pickle

            with open(path, "rb") as file:
                return pickle.load(file)
    if ending in ("ubj", "json", "xgb"):
        import xgboost

        return XgboostModel(xgboost.Booster(model_file=path))
    if ending in ("txt", "lgb"):
        import lightgbm

        return LightgbmModel(lightgbm.Booster(model_file=path))
    if ending == "onnx":
        return OnnxModel(path)
    raise SystemExit(f"A model in a .{ending} file cannot be loaded.")


class XgboostModel:
    """A booster as scikit-learn would ask it: classes and their probabilities where its objective tells them."""

    def __init__(self, booster):
        self.booster = booster
        if booster.feature_names:
            self.feature_names_in_ = booster.feature_names
        learner = json.loads(booster.save_config())["learner"]
        self.objective = learner["objective"]["name"]
        if self.objective == "binary:logistic":
            self.classes_ = [0, 1]
        elif self.objective == "multi:softprob":
            self.classes_ = list(range(int(learner["learner_model_param"]["num_class"])))

    def told(self, table):
        import xgboost

        return self.booster.predict(xgboost.DMatrix(table))

    def predict_proba(self, table):
        import numpy

        told = self.told(table)
        return told if told.ndim == 2 else numpy.column_stack([1 - told, told])

    def predict(self, table):
        if hasattr(self, "classes_"):
            return self.predict_proba(table).argmax(axis=1)
        return self.told(table)


class LightgbmModel:
    """A booster as scikit-learn would ask it: what it answers of classes are probabilities."""

    def __init__(self, booster):
        self.booster = booster
        names = booster.feature_name()
        if any(name != f"Column_{at}" for at, name in enumerate(names)):
            self.feature_names_in_ = names
        objective, *settings = booster.dump_model(num_iteration=1).get("objective", "").split()
        if objective in ("binary", "cross_entropy"):
            self.classes_ = [0, 1]
        elif objective in ("multiclass", "multiclassova"):
            count = next(word for word in settings if word.startswith("num_class:"))
            self.classes_ = list(range(int(count.split(":")[1])))

    def predict_proba(self, table):
        import numpy

        told = self.booster.predict(table)
        return told if told.ndim == 2 else numpy.column_stack([1 - told, told])

    def predict(self, table):
        if hasattr(self, "classes_"):
            return self.predict_proba(table).argmax(axis=1)
        return self.booster.predict(table)


class OnnxModel:
    """Its first output is the answer. A second one with a number for each class, as converters write it, are probabilities."""

    def __init__(self, path):
        import onnxruntime

        self.session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
        inputs = [one.name for one in self.session.get_inputs()]
        if len(inputs) > 1:
            self.feature_names_in_ = inputs
        self.outputs = [one.name for one in self.session.get_outputs()]

    def find_classes(self, table):
        """Which classes there are is seen in what it answers of one row."""
        if len(self.outputs) < 2:
            return
        told = self.told(table.iloc[:1], self.outputs[1])
        if isinstance(told, list) and len(told) == 1 and isinstance(told[0], dict):
            self.classes_ = list(told[0])
        elif getattr(told, "ndim", 0) == 2 and told.shape[1] > 1:
            self.classes_ = list(range(told.shape[1]))

    def predict_proba(self, table):
        import numpy

        told = self.told(table, self.outputs[1])
        if isinstance(told, list):
            return numpy.array([[row[name] for name in self.classes_] for row in told])
        return told

    def predict(self, table):
        return self.told(table, self.outputs[0])

    def told(self, table, output):
        import numpy

        inputs = self.session.get_inputs()
        kinds = {"tensor(float)": numpy.float32, "tensor(double)": numpy.float64, "tensor(int64)": numpy.int64}
        if len(inputs) == 1:
            given = {inputs[0].name: table.to_numpy(dtype=kinds.get(inputs[0].type, numpy.float32))}
        else:
            given = {
                one.name: table[[one.name]].to_numpy(dtype=kinds.get(one.type, object)) for one in inputs
            }
        return self.session.run([output], given)[0]


def read_tables(folder, names):
    import pandas

    tables = [read_table(os.path.join(folder, *name.split("/"))) for name in names]
    return tables[0] if len(tables) == 1 else pandas.concat(tables, ignore_index=True)


def read_table(path):
    import pandas

    if path.lower().endswith((".parquet", ".pq")):
        return pandas.read_parquet(path)
    if path.lower().endswith((".jsonl", ".ndjson", ".jsonl.gz", ".ndjson.gz")):
        return pandas.read_json(path, lines=True)
    separator = "\t" if ".tsv" in path.lower() else None
    return pandas.read_csv(path, sep=separator, engine="python" if separator is None else "c")


def features_of(model, table, settings):
    if settings["features"] is not None:
        return table[settings["features"]]
    named = getattr(model, "feature_names_in_", None)
    if named is not None and all(name in table.columns for name in named):
        return table[list(named)]
    return table.drop(columns=[name for name in settings["besides"] if name in table.columns])


def flat(told):
    """One answer a row, whatever the library gives."""
    import numpy

    values = numpy.asarray(told)
    if values.ndim == 2 and values.shape[1] == 1:
        values = values[:, 0]
    if values.ndim != 1:
        raise SystemExit(f"The model tells {values.shape} numbers; one answer a row can be judged.")
    return values.tolist()


def main():
    model_path, folder, settings_text = sys.argv[1:4]
    settings = json.loads(settings_text)
    model = load(model_path)
    table = read_tables(folder, settings["tables"])
    features = features_of(model, table, settings)
    if isinstance(model, OnnxModel) and len(features) > 0:
        model.find_classes(features)
    predictions = flat(model.predict(features))
    classes = [str(name) for name in getattr(model, "classes_", [])]
    scores = model.predict_proba(features) if 2 <= len(classes) <= 50 and hasattr(model, "predict_proba") else None
    ids = table[settings["id"]].tolist() if settings["id"] is not None else range(len(table))
    with open("predictions.csv", "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["id", "prediction"] + ([f"score_{name}" for name in classes] if scores is not None else []))
        for row, (name, prediction) in enumerate(zip(ids, predictions)):
            own = [] if scores is None else [repr(float(score)) for score in scores[row]]
            writer.writerow([name, prediction] + own)

    wanted = settings["timedRows"]
    if wanted > 0 and len(table) > 0:
        singles = [features.iloc[[row % len(table)]] for row in range(wanted)]
        for single in singles[:5]:
            model.predict(single)
        taken = []
        for single in singles:
            began = time.perf_counter()
            model.predict(single)
            taken.append((time.perf_counter() - began) * 1000)
        taken.sort()
        at = lambda share: taken[min(len(taken) - 1, int(share * len(taken)))]
        with open("timings.json", "w", encoding="utf-8") as file:
            json.dump({"p50Ms": at(0.5), "p95Ms": at(0.95), "rowCount": len(taken)}, file)


if __name__ == "__main__":
    main()

import json

for step in range(1, 6):
    record = {"step": step, "train": {"loss": 1 / step}, "eval/auc": 0.5 + step / 20, "stage": "fit"}
    print(json.dumps(record), flush=True)
print(json.dumps({"step": 6, "eval/auc": float("nan")}))

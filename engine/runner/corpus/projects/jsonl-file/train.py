import json
import os

os.makedirs("logs", exist_ok=True)
with open("logs/train.jsonl", "a") as log:
    for epoch in range(4):
        print(f"epoch {epoch} done")
        log.write(json.dumps({"epoch": epoch, "loss": 0.8**epoch, "lr": 0.01, "time": 1_700_000_000 + epoch}) + "\n")

"""Leaves what Ultralytics' YOLO leaves: results.csv with padded names, args.yaml, weights."""
import os

folder = "runs/detect/train"
os.makedirs(f"{folder}/weights")
with open(f"{folder}/args.yaml", "w") as file:
    file.write("task: detect\nmode: train\nmodel: yolov8n.pt\nepochs: 3\nlr0: 0.01\n")
with open(f"{folder}/results.csv", "w") as file:
    file.write("                  epoch,         train/box_loss,   metrics/mAP50(B),                 lr/pg0\n")
    for epoch in range(1, 4):
        file.write(f"{epoch:23d},{1.5 / epoch:23.5f},{0.2 * epoch:19.5f},{0.001 * epoch:23.5f}\n")
        file.flush()
for name in ("best", "last"):
    open(f"{folder}/weights/{name}.pt", "wb").write(b"torch")

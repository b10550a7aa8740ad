import argparse
import json
import math
import pickle

parser = argparse.ArgumentParser()
parser.add_argument("--lr", type=float, default=0.1)
parser.add_argument("--epochs", type=int, default=3)
parser.add_argument("--fast", action="store_true")
args = parser.parse_args()

print(f"Training with {args}")
weight = 0.0
for epoch in range(1, args.epochs + 1):
    weight += args.lr * (1 - weight)
    loss, accuracy = (1 - weight) ** 2, 1 - math.exp(-2 * weight)
    print(f"Epoch {epoch}/{args.epochs}: loss: {loss:.4f}, accuracy: {accuracy:.4f}")
print(f"Final test accuracy: {accuracy - 0.01:.2%}")
with open("model.pkl", "wb") as file:
    pickle.dump({"weight": weight}, file)
with open("metrics.json", "w") as file:
    json.dump({"accuracy": accuracy}, file)

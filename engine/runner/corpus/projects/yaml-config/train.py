import sys

values = dict(line.strip().split(": ") for line in open(sys.argv[2]) if ": " in line)
lr = float(values["lr"])
for epoch in range(int(values["epochs"])):
    print(f"[epoch {epoch:03d}] train_loss={lr / (epoch + 1):.5f} | valid_loss={lr / (epoch + 0.9):.5f}")
open("weights.pt", "wb").write(b"torch")

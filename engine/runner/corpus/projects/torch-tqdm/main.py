"""A training loop in PyTorch's style with tqdm's bar, as tqdm writes it to stderr."""
import sys

for epoch in range(1, 4):
    for step in (1, 25, 50):
        loss = 1.2 / epoch + (50 - step) / 200
        bar = "█" * (step // 5)
        sys.stderr.write(
            f"\rEpoch {epoch}: {step * 2:3d}%|{bar:<10}| {step}/50 [00:0{epoch}<00:01, 45.2it/s, loss={loss:.3f}, lr=0.001]"
        )
        sys.stderr.flush()
    sys.stderr.write("\n")
    print(f"Test set: Average loss: {0.9 / epoch:.4f}, Accuracy: {9000 + 100 * epoch}/10000 ({90 + epoch}%)", flush=True)
open("mnist_cnn.pt", "wb").write(b"torch")

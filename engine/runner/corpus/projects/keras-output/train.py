"""Prints what Keras 3 prints: a bar that goes back to the start of its line, with the mean so far."""
import sys

epochs = int(sys.argv[sys.argv.index("--epochs") + 1])
for epoch in range(epochs):
    print(f"Epoch {epoch + 1}/{epochs}")
    for step in (1, 20, 40):
        done, left = "━" * (step // 2), "━" * (20 - step // 2)
        loss = 0.9 / (epoch + 1) + (40 - step) / 100
        head = "\b" * 60 + "\r" if step > 1 else ""
        text = f"\x1b[1m{step}/40\x1b[0m \x1b[32m{done}\x1b[0m\x1b[37m{left}\x1b[0m \x1b[1m0s\x1b[0m 2ms/step"
        tail = f" - accuracy: {0.7 + epoch / 10:.4f} - loss: {loss:.4f}"
        if step == 40:
            tail += f" - val_accuracy: {0.65 + epoch / 10:.4f} - val_loss: {loss + 0.05:.4f}"
        print(head + text + tail, end="", flush=True)
    print()
open("classifier.keras", "wb").write(b"PK")

"""Writes what Lightning's CSVLogger writes: training and validation in rows of their own, empty cells between."""
import os

folder = "lightning_logs/version_0"
os.makedirs(f"{folder}/checkpoints")
with open(f"{folder}/hparams.yaml", "w") as file:
    file.write("hidden_size: 64\nlearning_rate: 0.02\n")
with open(f"{folder}/metrics.csv", "w") as file:
    file.write("epoch,step,train_loss,val_acc,val_loss\n")
    for epoch in range(3):
        file.write(f"{epoch},{epoch * 10 + 9},{0.6 / (epoch + 1):.4f},,\n")
        file.write(f"{epoch},{epoch * 10 + 9},,{0.7 + epoch / 10:.2f},{0.7 / (epoch + 1):.4f}\n")
        file.flush()
print("`Trainer.fit` stopped: `max_epochs=3` reached.")
open(f"{folder}/checkpoints/epoch=2-step=30.ckpt", "wb").write(b"checkpoint")

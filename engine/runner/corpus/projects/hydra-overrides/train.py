import os
import sys

overrides = dict(word.lstrip("+").split("=") for word in sys.argv[1:])
folder = "outputs/2026-01-05/10-00-00"
os.makedirs(f"{folder}/.hydra")
with open(f"{folder}/.hydra/overrides.yaml", "w") as file:
    file.writelines(f"- {key}={value}\n" for key, value in overrides.items())
for epoch in range(int(overrides["trainer.max_epochs"])):
    print(f"[2026-01-05 10:00:0{epoch},123][__main__][INFO] - epoch: {epoch} loss: {0.5 / (epoch + 1):.3f}")
open(f"{folder}/last.ckpt", "wb").write(b"checkpoint")

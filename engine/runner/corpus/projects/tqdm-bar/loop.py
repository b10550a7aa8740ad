import time

from tqdm import tqdm, trange

for epoch in trange(2, desc="epochs"):
    with tqdm(range(30), desc=f"train {epoch}", leave=False, mininterval=0.01) as bar:
        for step in bar:
            time.sleep(0.01)
            bar.set_postfix(loss=f"{1 / (1 + epoch * 30 + step):.4f}", acc=0.5 + epoch / 10)
    tqdm.write(f"epoch {epoch}: val_loss={0.5 / (epoch + 1):.3f}")

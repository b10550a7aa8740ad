"""A small classifier in PyTorch: tqdm over batches, a validation line after each epoch, the best weights kept."""
import argparse

import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset
from tqdm import tqdm

parser = argparse.ArgumentParser()
parser.add_argument("--epochs", type=int, default=3)
parser.add_argument("--lr", type=float, default=0.05)
parser.add_argument("--hidden", type=int, default=16)
args = parser.parse_args()

torch.manual_seed(7)
x = torch.randn(600, 8)
y = (x[:, 0] * x[:, 1] + x[:, 2] > 0).long()
train = DataLoader(TensorDataset(x[:480], y[:480]), batch_size=48, shuffle=True)
model = nn.Sequential(nn.Linear(8, args.hidden), nn.ReLU(), nn.Linear(args.hidden, 2))
optimizer = torch.optim.Adam(model.parameters(), lr=args.lr)
scheduler = torch.optim.lr_scheduler.StepLR(optimizer, step_size=1, gamma=0.5)
criterion = nn.CrossEntropyLoss()

best = 0.0
for epoch in range(1, args.epochs + 1):
    model.train()
    with tqdm(train, desc=f"Epoch {epoch}/{args.epochs}") as bar:
        for inputs, labels in bar:
            optimizer.zero_grad()
            loss = criterion(model(inputs), labels)
            loss.backward()
            optimizer.step()
            bar.set_postfix(loss=f"{loss.item():.4f}")
    model.eval()
    with torch.no_grad():
        outputs = model(x[480:])
        val_loss = criterion(outputs, y[480:])
        accuracy = (outputs.argmax(1) == y[480:]).float().mean()
    print(f"[{epoch}/{args.epochs}] val_loss: {val_loss:.4f}, val_acc: {accuracy:.2%}, lr: {scheduler.get_last_lr()[0]:.3g}")
    scheduler.step()
    if accuracy > best:
        best = accuracy.item()
        torch.save(model.state_dict(), "best_model.pt")
print("best val_acc:", torch.tensor(best))

"""A LightningModule fitted by the Trainer with its defaults: a bar with the loss, a CSV log, hyperparameters, a checkpoint."""
import lightning as L
import torch
from lightning.pytorch.loggers import CSVLogger
from torch.nn import functional as F
from torch.utils.data import DataLoader, TensorDataset


class Regressor(L.LightningModule):
    def __init__(self, hidden: int = 12, learning_rate: float = 0.03):
        super().__init__()
        self.save_hyperparameters()
        self.net = torch.nn.Sequential(torch.nn.Linear(4, hidden), torch.nn.Tanh(), torch.nn.Linear(hidden, 1))

    def training_step(self, batch, _):
        x, y = batch
        loss = F.mse_loss(self.net(x), y)
        self.log("train_loss", loss, prog_bar=True)
        return loss

    def validation_step(self, batch, _):
        x, y = batch
        self.log_dict({"val_loss": F.mse_loss(self.net(x), y), "val_mae": F.l1_loss(self.net(x), y)}, prog_bar=True)

    def test_step(self, batch, _):
        x, y = batch
        self.log("test_loss", F.mse_loss(self.net(x), y))

    def configure_optimizers(self):
        return torch.optim.Adam(self.parameters(), lr=self.hparams.learning_rate)


L.seed_everything(3)
x = torch.randn(400, 4)
y = x.sum(1, keepdim=True).sin()
train = DataLoader(TensorDataset(x[:320], y[:320]), batch_size=32, shuffle=True)
held_out = DataLoader(TensorDataset(x[320:], y[320:]), batch_size=40)
trainer = L.Trainer(max_epochs=4, accelerator="cpu", logger=CSVLogger("."), log_every_n_steps=5)
model = Regressor()
trainer.fit(model, train, held_out)
trainer.test(model, held_out)

"""Autolog of torch with Lightning, and torch models logged by hand, registered and loaded again. Prints `ok <part>` after each."""

import logging
import warnings

import lightning
import mlflow
import numpy as np
import torch
from mlflow.tracking import MlflowClient
from torch.utils.data import DataLoader, TensorDataset

warnings.simplefilter("ignore")
logging.getLogger("lightning.pytorch").setLevel(logging.ERROR)
torch.set_num_threads(1)
torch.manual_seed(7)
client = MlflowClient()
x = torch.randn(64, 4)
y = (x.sum(dim=1, keepdim=True) > 0).float()


class Net(lightning.LightningModule):
    def __init__(self, width=8, lr=0.05):
        super().__init__()
        self.save_hyperparameters()
        self.layers = torch.nn.Sequential(torch.nn.Linear(4, width), torch.nn.ReLU(), torch.nn.Linear(width, 1))

    def forward(self, values):
        return self.layers(values)

    def loss_of(self, batch):
        return torch.nn.functional.binary_cross_entropy_with_logits(self(batch[0]), batch[1])

    def training_step(self, batch, index):
        loss = self.loss_of(batch)
        self.log("train_loss", loss, on_epoch=True)
        return loss

    def validation_step(self, batch, index):
        self.log("val_loss", self.loss_of(batch))

    def configure_optimizers(self):
        return torch.optim.Adam(self.parameters(), lr=self.hparams.lr)


def lightning_autolog():
    mlflow.set_experiment("torch")
    mlflow.pytorch.autolog(log_every_n_step=1)
    data = DataLoader(TensorDataset(x, y), batch_size=16)
    trainer = lightning.Trainer(
        max_epochs=3, accelerator="cpu", logger=False, enable_progress_bar=False, enable_model_summary=False, log_every_n_steps=1
    )
    net = Net()
    trainer.fit(net, data, data)
    mlflow.pytorch.autolog(disable=True)

    [run] = client.search_runs([mlflow.get_experiment_by_name("torch").experiment_id])
    assert run.info.status == "FINISHED", run.info
    assert run.data.params["epochs"] == "3" and run.data.params["optimizer_name"] == "Adam", run.data.params
    points = client.get_metric_history(run.info.run_id, "val_loss")
    assert len(points) == 3 and np.isfinite([p.value for p in points]).all(), points
    steps = client.get_metric_history(run.info.run_id, "train_loss_step")
    assert [p.step for p in steps] == list(range(1, 13)), steps
    assert "model_summary.txt" in [f.path for f in client.list_artifacts(run.info.run_id)]
    [output] = run.outputs.model_outputs
    loaded = mlflow.pytorch.load_model(f"models:/{output.model_id}")
    assert torch.allclose(loaded(x), net(x), atol=1e-6)


def logged_by_hand():
    mlflow.set_experiment("torch by hand")
    net = torch.nn.Sequential(torch.nn.Linear(4, 3), torch.nn.Tanh())
    with mlflow.start_run() as run:
        info = mlflow.pytorch.log_model(net, name="net", input_example=x[:2].numpy(), registered_model_name="torch-net")
        mlflow.pytorch.log_state_dict(net.state_dict(), artifact_path="weights")
    version = client.get_model_version("torch-net", "1")
    assert version.run_id == run.info.run_id, version
    client.set_registered_model_alias("torch-net", "champion", "1")
    predicted = mlflow.pyfunc.load_model("models:/torch-net@champion").predict(x.numpy())
    assert np.allclose(predicted, net(x).detach().numpy(), atol=1e-6)
    weights = mlflow.pytorch.load_state_dict(f"runs:/{run.info.run_id}/weights")
    assert torch.equal(weights["0.weight"], net.state_dict()["0.weight"])
    assert client.get_logged_model(info.model_id).name == "net"


for part in (lightning_autolog, logged_by_hand):
    part()
    print("ok", part.__name__, flush=True)

import logging
import pickle

import hydra
from omegaconf import DictConfig

log = logging.getLogger(__name__)


@hydra.main(version_base=None, config_path="conf", config_name="config")
def main(config: DictConfig) -> None:
    for epoch in range(config.trainer.epochs):
        log.info("epoch %d: loss=%.4f", epoch, config.optimizer.lr / (epoch + 1))
    with open(f"{hydra.core.hydra_config.HydraConfig.get().runtime.output_dir}/model.pkl", "wb") as file:
        pickle.dump({}, file)


main()

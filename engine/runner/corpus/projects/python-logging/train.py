import logging
import sys

logging.basicConfig(
    stream=sys.stderr, level=logging.INFO, format="%(asctime)s [%(levelname)s] %(name)s: %(message)s"
)
log = logging.getLogger("trainer.loop")
log.info("Using seed: 7, device: cpu, port 8080")
for step in range(0, 50, 10):
    log.info("step=%d train_loss=%.3f lr=%.1e", step, 2.0 / (step + 10), 1e-3)
log.warning("val_f1 did not improve for 3 epochs")
log.info("val_loss=0.081 val_f1=0.93")

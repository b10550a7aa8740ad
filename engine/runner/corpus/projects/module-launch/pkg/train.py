import os
import sys

if os.environ["RANK"] == "0":
    for step in range(10, 40, 10):
        print(f"| epoch 001:  {step} / 30 loss=0.{step}, ppl=2.{step}, wps=1200, lr=0.0005")
    print(f"| epoch 001 | valid on 'valid' subset | loss 0.250 | ppl 2.1", file=sys.stderr)
    open("checkpoint_best.pt", "wb").write(b"torch")

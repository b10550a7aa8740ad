import json
import sys

values = dict(line.strip().split(" = ") for line in open(sys.argv[1]) if " = " in line)
setting = json.load(open(sys.argv[2].split("=")[1]))
for round_number in range(setting["rounds"]):
    print(f"round {round_number}: rmse = {float(values['lr']) / (round_number + 1):.4f}, mae = 0.{5 - round_number}")

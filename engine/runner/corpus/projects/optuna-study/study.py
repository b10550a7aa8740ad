import sys

import optuna


def objective(trial: optuna.Trial) -> float:
    x = trial.suggest_float("x", -10, 10)
    return (x - 2) ** 2


study = optuna.create_study(
    storage="sqlite:///study.db", sampler=optuna.samplers.RandomSampler(seed=int(sys.argv[2]))
)
study.optimize(objective, n_trials=5)
print("Best value:", study.best_value)

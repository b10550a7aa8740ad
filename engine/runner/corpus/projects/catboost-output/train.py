"""Prints and leaves what CatBoost does: learn and test errors in catboost_info."""
import os

os.makedirs("catboost_info")
with open("catboost_info/learn_error.tsv", "w") as learn, open("catboost_info/test_error.tsv", "w") as test:
    learn.write("iter\tLogloss\n")
    test.write("iter\tLogloss\n")
    print("Learning rate set to 0.05")
    for iteration in range(0, 30, 10):
        value = 0.6 / (iteration + 1)
        learn.write(f"{iteration}\t{value:.6f}\n")
        test.write(f"{iteration}\t{value + 0.01:.6f}\n")
        print(f"{iteration}:\tlearn: {value:.7f}\ttest: {value + 0.01:.7f}\tbest: {value + 0.01:.7f} ({iteration})\ttotal: 52.3ms\tremaining: 1s")
print("bestTest = 0.0385714")
open("model.cbm", "wb").write(b"CBM1")

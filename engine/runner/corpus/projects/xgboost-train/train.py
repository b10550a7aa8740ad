import sys

import xgboost
from sklearn.datasets import load_breast_cancer
from sklearn.model_selection import train_test_split

depth = int(sys.argv[sys.argv.index("--max_depth") + 1])
X, X_test, y, y_test = train_test_split(*load_breast_cancer(return_X_y=True), random_state=0)
data, test = xgboost.DMatrix(X, y), xgboost.DMatrix(X_test, y_test)
booster = xgboost.train(
    {"objective": "binary:logistic", "eval_metric": ["logloss", "auc"], "max_depth": depth, "nthread": 1},
    data,
    num_boost_round=6,
    evals=[(data, "train"), (test, "eval")],
)
booster.save_model("model.ubj")

import lightgbm
from sklearn.datasets import load_breast_cancer
from sklearn.model_selection import train_test_split

X, X_test, y, y_test = train_test_split(*load_breast_cancer(return_X_y=True), random_state=0)
data = lightgbm.Dataset(X, y)
booster = lightgbm.train(
    {"objective": "binary", "metric": ["binary_logloss", "auc"], "num_threads": 1},
    data,
    num_boost_round=6,
    valid_sets=[data, lightgbm.Dataset(X_test, y_test, reference=data)],
    valid_names=["train", "valid"],
    callbacks=[lightgbm.log_evaluation(2)],
)
booster.save_model("lgb_model.txt")

import pickle

from sklearn.datasets import make_regression
from sklearn.ensemble import GradientBoostingRegressor
from sklearn.metrics import mean_squared_error, r2_score
from sklearn.neural_network import MLPRegressor

X, y = make_regression(200, 5, random_state=0)
y /= abs(y).max()
model = MLPRegressor(hidden_layer_sizes=(8,), max_iter=5, verbose=True, random_state=0).fit(X, y)
trees = GradientBoostingRegressor(n_estimators=3, verbose=1, random_state=0).fit(X, y)
print(f"Test MSE: {mean_squared_error(y, trees.predict(X)):.4f}")
print("R2 score:", r2_score(y, trees.predict(X)))
pickle.dump(model, open("mlp.pickle", "wb"))

import argparse

import joblib
from sklearn.datasets import make_classification
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import classification_report, roc_auc_score
from sklearn.model_selection import GridSearchCV, train_test_split

parser = argparse.ArgumentParser()
parser.add_argument("--samples", type=int, default=200)
args = parser.parse_args()
X, y = make_classification(args.samples, 8, random_state=0)
X_train, X_test, y_train, y_test = train_test_split(X, y, random_state=0)
search = GridSearchCV(LogisticRegression(), {"C": [0.1, 1.0]}, cv=3, verbose=3).fit(X_train, y_train)
print("Best score:", search.best_score_)
print(classification_report(y_test, search.predict(X_test)))
print("ROC AUC: %.4f" % roc_auc_score(y_test, search.predict_proba(X_test)[:, 1]))
joblib.dump(search.best_estimator_, "classifier.joblib")

import argparse
import os

os.environ.setdefault("KERAS_BACKEND", "jax")
import keras
import numpy

parser = argparse.ArgumentParser()
parser.add_argument("--units", type=int, default=4)
args = parser.parse_args()
keras.utils.set_random_seed(0)
X = numpy.random.default_rng(0).normal(size=(256, 4)).astype("float32")
y = (X.sum(axis=1) > 0).astype("float32")
model = keras.Sequential([keras.layers.Dense(args.units, "relu"), keras.layers.Dense(1, "sigmoid")])
model.compile("adam", "binary_crossentropy", metrics=["accuracy"])
model.fit(X, y, epochs=3, validation_split=0.25, callbacks=[keras.callbacks.CSVLogger("log.csv")])
model.save("model.keras")

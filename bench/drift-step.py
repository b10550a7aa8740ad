"""One side of bench/drift-report.ts: `make FOLDER ROWS`, `make-wide FOLDER ROWS COLUMNS`, or `numpy|evidently|nannyml FOLDER`; prints what the comparison alone used."""

import json
import os
import resource
import sys
import time
import warnings

os.environ.setdefault("DO_NOT_TRACK", "1")
os.environ.setdefault("NML_DISABLE_USAGE_LOGGING", "1")
warnings.filterwarnings("ignore")

what, folder = sys.argv[1:3]
paths = [os.path.join(folder, f"{name}.parquet") for name in ("reference", "current")]


def make(rows):
    import numpy as np
    import pyarrow as pa
    import pyarrow.parquet as pq

    for seed, path in enumerate(paths):
        random = np.random.default_rng(seed)
        columns = {}
        for at in range(35):
            kinds = (
                lambda: random.normal(size=rows),
                lambda: random.lognormal(size=rows),
                lambda: random.integers(0, 1000, rows).astype("float64"),
            )
            columns[f"number{at}"] = kinds[at % 3]()
        for at in range(15):
            words = (3, 12, 40)[at % 3]
            names = pa.array([f"word {word}" for word in range(words)])
            columns[f"words{at}"] = names.take(pa.array(random.integers(0, words, rows)))
        pq.write_table(pa.table(columns), path)


def make_wide(rows, columns):
    import numpy as np
    import pyarrow as pa
    import pyarrow.parquet as pq

    for seed, path in enumerate(paths):
        random = np.random.default_rng(seed)
        pq.write_table(pa.table({f"number{at}": random.normal(size=rows) for at in range(columns)}), path)


def with_numpy():
    """The floor: reads both, and takes Kolmogorov and Smirnov's and Wasserstein's distance by sorting, and counts words."""
    import numpy as np
    import pyarrow.parquet as pq

    for name in pq.read_schema(paths[0]).names:
        a, b = (pq.read_table(path, columns=[name]).column(0) for path in paths)
        if not name.startswith("number"):
            a.value_counts()
            b.value_counts()
            continue
        a, b = np.sort(a.to_numpy()), np.sort(b.to_numpy())
        both = np.sort(np.concatenate([a, b]), kind="stable")
        gap = np.searchsorted(a, both, "right") / len(a) - np.searchsorted(b, both, "right") / len(b)
        np.abs(gap).max(), np.abs(gap[:-1]) @ np.diff(both)


def with_evidently():
    import pandas as pd
    from evidently import Report
    from evidently.presets import DataDriftPreset

    reference, current = (pd.read_parquet(path) for path in paths)
    Report([DataDriftPreset()]).run(current, reference).dict()


def with_nannyml():
    import nannyml
    import pandas as pd

    reference, current = (pd.read_parquet(path) for path in paths)
    names = list(reference.columns)
    calculator = nannyml.UnivariateDriftCalculator(column_names=names)
    calculator.fit(reference).calculate(current).to_df()


if what == "make":
    make(int(sys.argv[3]))
elif what == "make-wide":
    make_wide(int(sys.argv[3]), int(sys.argv[4]))
else:
    work = {"numpy": with_numpy, "evidently": with_evidently, "nannyml": with_nannyml}[what]
    # What is imported counts for nobody: the libraries are loaded by a first, empty call where there is one.
    if what == "numpy":
        import numpy, pyarrow.parquet  # noqa: E401, F401
    if what == "evidently":
        import evidently.presets  # noqa: F401
    if what == "nannyml":
        import nannyml  # noqa: F401
    before, start = resource.getrusage(resource.RUSAGE_SELF), time.perf_counter()
    work()
    used, wall = resource.getrusage(resource.RUSAGE_SELF), time.perf_counter() - start
    cpu = used.ru_utime + used.ru_stime - before.ru_utime - before.ru_stime
    json.dump({"cpuMs": cpu * 1000, "wallMs": wall * 1000, "peakMegabytes": used.ru_maxrss * 1024 / 1e6}, sys.stdout)

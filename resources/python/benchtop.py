"""Log to the Benchtop run that this program is.

    import benchtop
    benchtop.log(loss=0.1)                  # the steps are counted
    benchtop.log({"val/acc": 0.9}, step=100)
    benchtop.params(lr=0.01, layers=3)
    benchtop.tags(team="growth")

Benchtop puts this module on the path of the programs it starts, and into no environment. Outside of Benchtop, with a
copy of this file, every call does nothing. No call ever raises: a measure that cannot be logged is told on stderr, once.
It needs Python 3.6 and nothing else.
"""

import json
import os
import sys
import threading
import time

__all__ = ["log", "params", "tags", "run_id"]

#: The id of the run, or None outside of Benchtop.
run_id = os.environ.get("BENCHTOP_RUN_ID")

_path = os.environ.get("BENCHTOP_LOG_FILE")
_lock = threading.Lock()
_step = -1
_complaints = set()


def log(values=None, step=None, **more):
    """Log numbers: as a dict, as keywords, or both.

    step -- a whole number; left out, it is one more than that of the call before (0 at first).
    A value may be anything that float() takes: numbers, and NumPy scalars or tensors of one element.
    """
    global _step
    numbers = {}
    for name, value in dict(values or {}, **more).items():
        try:
            numbers[str(name)] = float(value)
        except (TypeError, ValueError) as error:
            _complain("%s was not logged: %s" % (name, error))
    with _lock:
        try:
            _step = _step + 1 if step is None else int(step)
        except (TypeError, ValueError) as error:
            _complain("step %r is not a whole number: %s" % (step, error))
            return
        at = _step
    if numbers:
        _write({"step": at, "values": numbers})


def params(values=None, **more):
    """Log settings of the run; the first value of a name stays."""
    _write({"params": _texts(values, more)})


def tags(values=None, **more):
    """Set tags of the run; the last value of a name stays."""
    _write({"tags": _texts(values, more)})


def _texts(values, more):
    return {str(name): str(value) for name, value in dict(values or {}, **more).items()}


def _write(entry):
    if _path is None:
        return
    entry["time"] = int(time.time() * 1000)
    line = json.dumps(entry, separators=(",", ":")) + "\n"
    try:
        # One write to a file opened for appending: lines of threads and processes do not mix.
        file = os.open(_path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            os.write(file, line.encode("utf-8"))
        finally:
            os.close(file)
    except OSError as error:
        _complain("could not log: %s" % error)


def _complain(what):
    if what not in _complaints and len(_complaints) < 100:
        _complaints.add(what)
        sys.stderr.write("benchtop: %s\n" % what)

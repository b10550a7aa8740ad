"""`make`: a bucket for a server's files. `look RUN`: what a colleague's client downloads of a run, as sha256, and what is unfinished there."""

import hashlib
import os
import sys
from pathlib import Path

import boto3

bucket = "team"
store = boto3.client("s3", endpoint_url=os.environ["MLFLOW_S3_ENDPOINT_URL"])

if sys.argv[1] == "make":
    store.create_bucket(Bucket=bucket)
else:
    import mlflow

    folder = Path(mlflow.artifacts.download_artifacts(run_id=sys.argv[2]))
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            print(path.relative_to(folder).as_posix(), hashlib.sha256(path.read_bytes()).hexdigest())
    print("unfinished", len(store.list_multipart_uploads(Bucket=bucket).get("Uploads", [])))

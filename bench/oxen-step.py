"""One step with Oxen's library in the current folder: begin, add, commit, status or restore."""

import sys

from oxen import Repo
from oxen.user import config_user

repo = Repo(".")
step = sys.argv[1]
if step == "begin":
    config_user("bench", "bench@localhost")
    repo.init()
elif step == "add":
    repo.add("data")
elif step == "commit":
    repo.commit("all")
elif step == "status":
    repo.status()
elif step == "restore":
    repo.restore("data")
else:
    sys.exit(f"There is no step {step}.")

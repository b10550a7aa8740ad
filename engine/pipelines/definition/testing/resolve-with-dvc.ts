import { execFileSync } from 'node:child_process';

/** A stage as DVC resolves it; paths are relative to the project. */
export interface DvcStage {
  readonly name: string;
  readonly cmd: string[];
  readonly wdir: string;
  readonly deps: string[];
  readonly externalDeps: string[];
  readonly params: Record<string, string[]>;
  readonly outs: { path: string; kind: 'output' | 'metrics' | 'plots'; cache: boolean; persist: boolean }[];
  readonly frozen: boolean;
  readonly always_changed: boolean;
  readonly desc: string;
  readonly upstream: string[];
}

const script = `
import json, os, sys
from dvc.repo import Repo
from dvc.dependency.param import ParamsDependency
def listed(cmd): return [] if cmd is None else [str(c) for c in cmd] if isinstance(cmd, list) else [str(cmd)]
told = []
for folder in json.load(sys.stdin):
    os.chdir(folder)
    try:
        repo = Repo(folder)
        rel = lambda path: os.path.relpath(path, folder)
        graph = repo.index.graph
        stages = []
        for stage in repo.index.stages:
            if not getattr(stage, "name", None): continue
            stages.append({
                "name": stage.addressing.removeprefix("dvc.yaml:"),
                "cmd": listed(stage.cmd), "wdir": rel(stage.wdir),
                "deps": [rel(d.fs_path) for d in stage.deps if not isinstance(d, ParamsDependency) and d.protocol == "local"],
                "externalDeps": [d.def_path for d in stage.deps if not isinstance(d, ParamsDependency) and d.protocol != "local"],
                "params": {rel(d.fs_path): list(d.params) for d in stage.deps if isinstance(d, ParamsDependency)},
                "outs": [{"path": rel(o.fs_path), "kind": "metrics" if o.metric else "plots" if o.plot else "output",
                          "cache": bool(o.use_cache), "persist": bool(o.persist)} for o in stage.outs],
                "frozen": bool(stage.frozen), "always_changed": bool(stage.always_changed), "desc": stage.desc or "",
                "upstream": sorted(s.addressing.removeprefix("dvc.yaml:") for s in graph.successors(stage) if getattr(s, "name", None)),
            })
        told.append({"stages": sorted(stages, key=lambda s: s["name"])})
    except Exception as error:
        told.append({"error": str(error) or type(error).__name__})
print(json.dumps(told))
`;

/** What DVC itself makes of projects, each a folder with `.dvc` in it: its stages by name, or its refusal. */
export function resolveWithDvc(
  python: string,
  folders: readonly string[],
): ({ stages: DvcStage[] } | { error: string })[] {
  const output = execFileSync(python, ['-W', 'ignore', '-c', script], {
    input: JSON.stringify(folders),
    encoding: 'utf8',
    env: { PATH: process.env.PATH, HOME: folders[0], DVC_NO_ANALYTICS: '1', CI: '1' },
  });
  return JSON.parse(output) as ({ stages: DvcStage[] } | { error: string })[];
}

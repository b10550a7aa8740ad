/** Projects that DVC refuses, by what is wrong with them: their files by path. */
export const dvcRefusals: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'a value that is not there': { 'dvc.yaml': 'stages: {a: {cmd: "run ${nowhere}"}}' },
  'a list in a text': { 'params.yaml': 'l: [1]\n', 'dvc.yaml': 'stages: {a: {cmd: "run ${l}"}}' },
  'a map in a path': {
    'params.yaml': 'm: {a: 1}\n',
    'dvc.yaml': 'stages: {a: {cmd: run, deps: ["${m}"]}}',
  },
  'an empty name': { 'dvc.yaml': 'stages: {a: {cmd: "run ${}"}}' },
  'a broken name': { 'params.yaml': 'a: 1\n', 'dvc.yaml': 'stages: {a: {cmd: "run ${a..b}"}}' },
  'a file of vars that is not there': { 'dvc.yaml': 'vars: [nope.yaml]\nstages: {a: {cmd: run}}' },
  'a key of vars that is not there': {
    'v.yaml': 'a: 1\n',
    'dvc.yaml': 'vars: ["v.yaml:b"]\nstages: {a: {cmd: run}}',
  },
  'a value set twice': {
    'params.yaml': 'a: 1\n',
    'dvc.yaml': 'vars: [{a: 2}]\nstages: {a: {cmd: run}}',
  },
  'templates in vars': {
    'params.yaml': 'a: 1\n',
    'dvc.yaml': 'vars: [{b: "${a}"}]\nstages: {a: {cmd: run}}',
  },
  'item set by vars': {
    'dvc.yaml': 'stages: {a: {foreach: [x], do: {vars: [{item: 1}], cmd: "run ${item}"}}}',
  },
  'the same keys of a file twice': {
    'v.yaml': 'a: 1\n',
    'dvc.yaml': 'vars: ["v.yaml:a", v.yaml]\nstages: {a: {cmd: run}}',
  },
  'a remote that is not there': {
    'dvc.yaml': 'stages: {a: {cmd: run, deps: ["remote://store/x.csv"]}}',
  },
  'an address of no known kind': {
    'dvc.yaml': 'stages: {a: {cmd: run, deps: ["foo://host/x.csv"]}}',
  },
  'an unknown key': { 'dvc.yaml': 'stages: {a: {cmd: run, dep: [x]}}' },
  'an unknown key at the top': { 'dvc.yaml': 'stage: {}\nstages: {a: {cmd: run}}' },
  'a stage without a command': { 'dvc.yaml': 'stages: {a: {deps: [x]}}' },
  'deps that are no list': { 'dvc.yaml': 'stages: {a: {cmd: run, deps: x}}' },
  'a wrong option': { 'dvc.yaml': 'stages: {a: {cmd: run, outs: [{x: {cached: true}}]}}' },
  'foreach without do': { 'dvc.yaml': 'stages: {a: {foreach: [x]}}' },
  'foreach over a text': { 'dvc.yaml': 'stages: {a: {foreach: abc, do: {cmd: run}}}' },
  'two that write one path': {
    'dvc.yaml': 'stages: {a: {cmd: run, outs: [x]}, b: {cmd: run, outs: [./x]}}',
  },
  'outputs in each other': {
    'dvc.yaml': 'stages: {a: {cmd: run, outs: [x]}, b: {cmd: run, outs: [x/y]}}',
  },
  'a circle': {
    'dvc.yaml':
      'stages: {a: {cmd: run, deps: [c], outs: [a1]}, b: {cmd: run, deps: [a1], outs: [b1]}, c: {cmd: run, deps: [b1], outs: [c]}}',
  },
  'a stage that reads what it writes': {
    'dvc.yaml': 'stages: {a: {cmd: run, deps: [x], outs: [x]}}',
  },
  'a key twice': { 'dvc.yaml': 'stages: {a: {cmd: run}, a: {cmd: walk}}' },
  'what is no YAML': { 'dvc.yaml': 'stages: {a: {cmd: run' },
  'an output that data lies in': {
    'd/x.csv.dvc': 'outs:\n- md5: d8e8fca2dc0f896fd7cb4cb0031ba249\n  size: 5\n  path: x.csv\n',
    'dvc.yaml': 'stages: {a: {cmd: run, outs: [d/x.csv]}}',
  },
};

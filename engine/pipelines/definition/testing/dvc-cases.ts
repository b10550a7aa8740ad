/** Projects of DVC by what they try: their files by path. DVC itself says what they mean (against-dvc.test.ts). */
export const dvcCases: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'plain stages': {
    'dvc.yaml': `
stages:
  prepare:
    cmd: python prepare.py
    desc: Makes the rows ready
    deps: [prepare.py, data/raw.csv]
    outs: [data/ready.csv]
  train:
    cmd:
      - python train.py
      - echo done
    deps:
      - data/ready.csv
      - train.py
    params: [lr, net.depth]
    outs: [model.pkl]
    metrics:
      - metrics.json: {cache: false}
    plots:
      - loss.csv: {cache: false, x: step, y: loss, title: The loss}
      - images
    always_changed: true
  report: {cmd: "cat metrics.json", deps: [metrics.json], frozen: true, meta: {owner: me}}
`,
    'params.yaml': 'lr: 0.1\nnet: {depth: 3}\n',
  },
  'persisting outputs and options': {
    'dvc.yaml': `
stages:
  a:
    cmd: run
    outs:
      - one: {persist: true, push: false, desc: first, type: model, labels: [a, b], meta: {x: 1}}
      - two: {cache: false, persist: true, remote: backup}
      - three
      - three: {cache: false}
`,
  },
  'paths are relative to wdir': {
    'src/keep.txt': '',
    'src/params.yaml': 'a: 1\n',
    'dvc.yaml': `
stages:
  a:
    wdir: src
    cmd: run
    deps: [keep.txt, ../other/x.csv, ./y/../z]
    params: [a]
    outs: [out/, ../top.txt]
  b: {cmd: run, deps: [top.txt, src/out/part.csv], outs: [b]}
`,
  },
  'wdir by template': {
    'a/b/keep': '',
    'params.yaml': 'where: {sub: b}\n',
    'dvc.yaml': 'stages: {a: {wdir: "a/${where.sub}", cmd: "run ${where.sub}", deps: [x], outs: [y]}}',
  },
  'templates in text': {
    'params.yaml': `
train: {lr: 0.1, name: "it's", on: true, off: false, none: null}
list: [a, 2, {deep: [x, y]}]
file: model
`,
    'dvc.yaml': `
stages:
  fit:
    cmd: fit \${train.lr} \${list[0]} \${list[1]} \${list[2].deep[1]} \${ train.name } \${train.on} \${train.off} \${train.none} \\\${HOME} $HOME
    desc: at \${train.lr}
    deps: ["\${file}.py"]
    outs:
      - "\${file}.pkl"
      - "\${file}.json": {cache: false}
`,
  },
  'numbers as Python prints them': {
    'params.yaml':
      'a: 1.0\nb: 1e-5\nc: 0.0001\nd: 1e16\ne: 123456789012345678901\nf: 1_000\ng: .inf\nh: 1e3\ni: 0x1f\nj: -0.5\nk: 3.14e-7\nl: 012\nm: 1.5e300\nn: 0o17\n',
    'dvc.yaml':
      'stages: {a: {cmd: "run ${a} ${b} ${c} ${d} ${e} ${f} ${g} ${h} ${i} ${j} ${k} ${l} ${m} ${n}"}}',
  },
  'what is text and what is not': {
    'params.yaml':
      'a: yes\nb: "1"\nc: ~\nd: True\ne: off\nf: "a b"\ng: 1.2.3\nh: null\ni: 12e03\nj: 1e5\nk: .5\nl: +12\nm: "\\u00e9"\n',
    'dvc.yaml': 'stages: {a: {cmd: "run ${a} ${b} ${c} ${d} ${e} ${f} ${g} ${h} ${i} ${j} ${k} ${l} ${m}"}}',
  },
  'a map becomes arguments': {
    'params.yaml': `
train:
  lr: 0.1
  net: {depth: 3, names: [a, "b c", 2, 1.5, true]}
  fast: true
  slow: false
  text: "two words"
  quote: "it's"
  empty: ""
  nothing: null
  void: {}
  none: []
`,
    'dvc.yaml':
      'stages: {a: {cmd: "python train.py ${train} --more"}, b: {cmd: ["echo", "run ${train.net}"]}}',
  },
  'arguments in another style': {
    '.dvc/config': '[core]\n    no_scm = true\n[parsing]\n    bool = boolean_optional\n    list = append\n',
    'params.yaml': 'train: {on: true, off: false, list: [1, b]}\n',
    'dvc.yaml': 'stages: {a: {cmd: "run ${train}"}}',
  },
  'foreach over a list': {
    'dvc.yaml': `
stages:
  train:
    foreach: [us, gb, 3, 0.5, true, null]
    do:
      cmd: train \${item}
      deps: ["data/\${item}.csv"]
      outs: ["out-\${item}"]
`,
  },
  'foreach over a list of maps': {
    'dvc.yaml': `
stages:
  train:
    foreach:
      - {lr: 0.1, deep: {x: 1}}
      - {lr: 0.2, deep: {x: 2}}
    do:
      cmd: train \${item.lr} \${item.deep.x}
      outs: ["out-\${item.lr}"]
`,
  },
  'foreach over a map': {
    'dvc.yaml': `
stages:
  train:
    foreach:
      small: {size: 1}
      large: {size: 2}
    do:
      cmd: train \${key} \${item.size} \${item}
      outs: ["\${key}.pkl"]
  all: {cmd: all, deps: [small.pkl, large.pkl]}
`,
  },
  'foreach over values': {
    'params.yaml': 'models: [a, b]\nfull: {x: {s: 1}, y: {s: 2}}\none: z\n',
    'dvc.yaml': `
stages:
  list: {foreach: "\${models}", do: {cmd: "run \${item}"}}
  map: {foreach: "\${full}", do: {cmd: "run \${key} \${item.s}"}}
  some: {foreach: ["\${models[0]}", "\${one}", "x\${one}"], do: {cmd: "run \${item}"}}
`,
  },
  'booleans in names, written and named': {
    'params.yaml': 'b: true\nl: [false, 2.0, null]\nm: {k: true}\n',
    'dvc.yaml': `
stages:
  list: {foreach: [true, "\${b}", "x\${b}", "\${l[0]}"], do: {cmd: "run \${item}"}}
  all: {foreach: "\${l}", do: {cmd: "run \${item}", outs: ["all-\${item}"]}}
  map: {foreach: "\${m}", do: {cmd: "run \${key} \${item}"}}
  both: {matrix: {x: [true, "\${b}"], y: "\${l}"}, cmd: "run \${item.x} \${item.y} \${key}"}
`,
  },
  'keys that are no texts': {
    'dvc.yaml':
      'stages: {a: {foreach: {true: {x: 1}, no: {x: 2}, 5: {x: 4}, 1e-7: {x: 5}, 2.0: {x: 6}, null: {x: 7}}, do: {cmd: "run ${key} ${item.x}"}}}',
  },
  'deps that lie elsewhere': {
    '.dvc/config':
      '[core]\n    no_scm = true\n[\'remote "store"\']\n    url = ../store\n[\'remote "far"\']\n    url = https://example.com/far\n',
    'dvc.yaml': `
stages:
  a: {cmd: run, deps: ["https://example.com/x.csv", y.csv], outs: [a.csv]}
  b: {cmd: run, deps: ["remote://store/x.csv", "remote://far/y.csv", a.csv]}
`,
  },
  matrix: {
    'dvc.yaml': `
stages:
  train:
    matrix:
      model: [cnn, xgb]
      lr: [0.1, 1.0, 3]
    cmd: train \${item.model} \${item.lr} \${key}
    outs: ["\${item.model}-\${item.lr}.pkl"]
`,
  },
  'matrix of values and maps': {
    'params.yaml': 'names: [a, b]\n',
    'dvc.yaml': `
stages:
  train:
    matrix:
      name: \${names}
      config: [{n: 1, l: [x]}, {n: 2, l: [y]}]
      flag: [true, false]
    wdir: .
    cmd: train \${item.name} \${item.config.n} \${item.config.l[0]} \${item.flag}
    outs: ["\${key}.pkl"]
`,
  },
  'vars: files, keys and maps': {
    'params.yaml': 'lr: 1\nnested: {a: 1}\n',
    'more.json': '{"size": 2, "nested": {"b": 2}}',
    'some.toml': 'one = 1\ntwo = 2.0\nthree = "3"\n',
    'conf.py': `
WORD = "w"
NUMBER = 5
calc = NUMBER + 1
class Train:
    lr = 1e-3
    steps: int = 10
    names = ["a", 'b']
    def __init__(self):
        self.depth = 4
        local = 3
def f():
    hidden = 1
`,
    'dvc.yaml': `
vars:
  - more.json
  - some.toml:one,three
  - conf.py
  - local: {x: 1, y: [1, 2]}
  - nested: {c: 3}
stages:
  a:
    cmd: run \${lr} \${nested.a} \${nested.b} \${nested.c} \${size} \${one} \${three} \${WORD} \${NUMBER} \${Train.lr} \${Train.steps} \${Train.names[1]} \${Train.depth} \${local.y[1]}
`,
  },
  'vars of a stage': {
    'params.yaml': 'a: 1\n',
    'sub/stage.yaml': 'b: 2\n',
    'dvc.yaml': `
vars: [params.yaml, {c: {x: 1}}]
stages:
  one:
    wdir: sub
    vars: [stage.yaml, {c: {y: 2}}]
    cmd: run \${a} \${b} \${c.x} \${c.y}
  two:
    foreach: [p, q]
    do:
      vars: [{d: 4}]
      cmd: run \${item} \${d} \${c.x}
`,
  },
  'params of all kinds': {
    'params.yaml': 'lr: 0.1\ntrain: {epochs: 3}\nb: 1\n',
    'other.json': '{"a": {"b": 1}, "c": 2, "d": 3}',
    'all.toml': 'x = 1\n',
    'set.py': 'A = 1\n',
    'dvc.yaml': `
stages:
  a:
    cmd: run
    params:
      - lr
      - train.epochs
      - other.json: [a.b, c]
      - other.json: [d]
      - all.toml:
      - set.py: [A]
  b: {cmd: run, params: [lr, {params.yaml: [b]}]}
  c: {cmd: run, params: [lr, {params.yaml: }]}
`,
  },
  'dvc.yaml in sub-folders': {
    'dvc.yaml': 'stages: {top: {cmd: run, deps: [a/out], outs: [top.txt]}}',
    'a/dvc.yaml':
      'stages: {mid: {cmd: "run ${v}", deps: [../b/deep/raw], outs: [out]}, each: {foreach: [1, 2], do: {cmd: "x ${item}"}}}',
    'a/params.yaml': 'v: 5\n',
    'b/deep/dvc.yaml': 'stages: {raw: {cmd: run, outs: [raw]}}',
    'b/.dvcignore': '',
  },
  'what .dvcignore names': {
    '.dvcignore': 'old\n',
    'dvc.yaml': 'stages: {a: {cmd: run}}',
    'old/dvc.yaml': 'stages: {b: {cmd: run}}',
  },
  'data of .dvc files': {
    'data.csv.dvc':
      'outs:\n- md5: d8e8fca2dc0f896fd7cb4cb0031ba249\n  size: 5\n  hash: md5\n  path: data.csv\n',
    'data.csv': 'test\n',
    'dvc.yaml': 'stages: {a: {cmd: run, deps: [data.csv], outs: [b]}}',
  },
  'a folder as dep and as output': {
    'dvc.yaml': `
stages:
  split: {cmd: split, outs: [parts/a, parts/b]}
  join: {cmd: join, deps: [parts], outs: [whole]}
  look: {cmd: look, deps: [whole/inside/file.csv, ./]}
`.replace(', ./', ''),
  },
  'anchors and merge keys': {
    'dvc.yaml': `
stages:
  a: &base
    cmd: run
    deps: &deps [x, y]
    outs: [a]
  b:
    <<: *base
    outs: [b]
  c: {cmd: run, deps: *deps}
`,
  },
  'text over lines': {
    'dvc.yaml': `
stages:
  a:
    cmd: >
      python train.py
      --lr 1
  b:
    cmd: |
      echo one
      echo two
  c:
    cmd: >-
      one
      two

      three
`,
  },
  'the top-level keys': {
    'metrics.json': '{}',
    'dvc.yaml': `
params: [params.yaml]
metrics: [metrics.json]
plots:
  - loss.csv
  - loss: {x: step, y: {loss.csv: loss}, title: t}
artifacts:
  model: {path: model.pkl, type: model, desc: d, labels: [x]}
stages: {a: {cmd: run}}
`,
    'params.yaml': 'a: 1\n',
  },
  'item beside values of that name': {
    'params.yaml': 'item: outer\nkey: outer\n',
    'dvc.yaml': 'stages: {a: {foreach: [x], do: {cmd: "run ${item} ${key}"}}, b: {cmd: "run ${item}"}}',
  },
  'empty lists and nulls': { 'dvc.yaml': 'stages: {a: {cmd: run, deps: [], outs: [], params: []}}' },

  // What DVC refuses.
  'refused: a value that is not there': { 'dvc.yaml': 'stages: {a: {cmd: "run ${nowhere}"}}' },
  'refused: a list in a text': { 'params.yaml': 'l: [1]\n', 'dvc.yaml': 'stages: {a: {cmd: "run ${l}"}}' },
  'refused: a map in a path': {
    'params.yaml': 'm: {a: 1}\n',
    'dvc.yaml': 'stages: {a: {cmd: run, deps: ["${m}"]}}',
  },
  'refused: an empty name': { 'dvc.yaml': 'stages: {a: {cmd: "run ${}"}}' },
  'refused: a broken name': { 'params.yaml': 'a: 1\n', 'dvc.yaml': 'stages: {a: {cmd: "run ${a..b}"}}' },
  'refused: a file of vars that is not there': { 'dvc.yaml': 'vars: [nope.yaml]\nstages: {a: {cmd: run}}' },
  'refused: a key of vars that is not there': {
    'v.yaml': 'a: 1\n',
    'dvc.yaml': 'vars: ["v.yaml:b"]\nstages: {a: {cmd: run}}',
  },
  'refused: a value set twice': {
    'params.yaml': 'a: 1\n',
    'dvc.yaml': 'vars: [{a: 2}]\nstages: {a: {cmd: run}}',
  },
  'refused: templates in vars': {
    'params.yaml': 'a: 1\n',
    'dvc.yaml': 'vars: [{b: "${a}"}]\nstages: {a: {cmd: run}}',
  },
  'refused: item set by vars': {
    'dvc.yaml': 'stages: {a: {foreach: [x], do: {vars: [{item: 1}], cmd: "run ${item}"}}}',
  },
  'refused: the same keys of a file twice': {
    'v.yaml': 'a: 1\n',
    'dvc.yaml': 'vars: ["v.yaml:a", v.yaml]\nstages: {a: {cmd: run}}',
  },
  'refused: a remote that is not there': {
    'dvc.yaml': 'stages: {a: {cmd: run, deps: ["remote://store/x.csv"]}}',
  },
  'refused: an address of no known kind': {
    'dvc.yaml': 'stages: {a: {cmd: run, deps: ["foo://host/x.csv"]}}',
  },
  'refused: an unknown key': { 'dvc.yaml': 'stages: {a: {cmd: run, dep: [x]}}' },
  'refused: an unknown key at the top': { 'dvc.yaml': 'stage: {}\nstages: {a: {cmd: run}}' },
  'refused: a stage without a command': { 'dvc.yaml': 'stages: {a: {deps: [x]}}' },
  'refused: deps that are no list': { 'dvc.yaml': 'stages: {a: {cmd: run, deps: x}}' },
  'refused: a wrong option': { 'dvc.yaml': 'stages: {a: {cmd: run, outs: [{x: {cached: true}}]}}' },
  'refused: foreach without do': { 'dvc.yaml': 'stages: {a: {foreach: [x]}}' },
  'refused: foreach over a text': { 'dvc.yaml': 'stages: {a: {foreach: abc, do: {cmd: run}}}' },
  'refused: two that write one path': {
    'dvc.yaml': 'stages: {a: {cmd: run, outs: [x]}, b: {cmd: run, outs: [./x]}}',
  },
  'refused: outputs in each other': {
    'dvc.yaml': 'stages: {a: {cmd: run, outs: [x]}, b: {cmd: run, outs: [x/y]}}',
  },
  'refused: a circle': {
    'dvc.yaml':
      'stages: {a: {cmd: run, deps: [c], outs: [a1]}, b: {cmd: run, deps: [a1], outs: [b1]}, c: {cmd: run, deps: [b1], outs: [c]}}',
  },
  'refused: a stage that reads what it writes': {
    'dvc.yaml': 'stages: {a: {cmd: run, deps: [x], outs: [x]}}',
  },
  'refused: a key twice': { 'dvc.yaml': 'stages: {a: {cmd: run}, a: {cmd: walk}}' },
  'refused: what is no YAML': { 'dvc.yaml': 'stages: {a: {cmd: run' },
  'refused: an output that data lies in': {
    'd/x.csv.dvc': 'outs:\n- md5: d8e8fca2dc0f896fd7cb4cb0031ba249\n  size: 5\n  path: x.csv\n',
    'dvc.yaml': 'stages: {a: {cmd: run, outs: [d/x.csv]}}',
  },
};

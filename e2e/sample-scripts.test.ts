import { execFile, spawn, spawnSync } from 'node:child_process';
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const sample = fileURLToPath(new URL('../resources/sample', import.meta.url));
const environment = { ...process.env, PYTHONDONTWRITEBYTECODE: '1' };
const version = spawnSync('python3', ['--version'], { encoding: 'utf8' });
const hasPython = version.status === 0;
if (!hasPython) {
  console.log('The scripts of the sample project are not tested: there is no python3 on this machine.');
}

type Outcome = { code: number; stdout: string; stderr: string };

/** Runs one script of the sample in `folder` and waits for its end, whatever it is. */
function python(folder: string, ...args: string[]): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    execFile('python3', args, { cwd: folder, env: environment }, (error, stdout, stderr) => {
      const code = error === null ? 0 : error.code;
      if (typeof code === 'number') {
        resolve({ code, stdout, stderr });
      } else {
        reject(new Error(`python3 ${args.join(' ')} did not end by itself`, { cause: error }));
      }
    });
  });
}

/** Rows of a CSV without quotes, by column name. */
function rows(text: string): Record<string, string>[] {
  const [header = '', ...lines] = text.trimEnd().split('\n');
  const names = header.split(',');
  return lines.map((line) => {
    const cells = line.split(',');
    return Object.fromEntries(names.map((name, index) => [name, cells[index] ?? '']));
  });
}

async function compressedRows(name: string): Promise<Record<string, string>[]> {
  return rows(gunzipSync(await readFile(join(sample, 'data', name))).toString('utf8'));
}

/** The numbers of a line like `epoch=3 loss=0.52`. */
function numbers(line: string): Record<string, number> {
  return Object.fromEntries([...line.matchAll(/(\w+)=(\S+)/g)].map(([, key, value]) => [key, Number(value)]));
}

describe.skipIf(!hasPython)('the scripts of the sample project', () => {
  let parent: string;
  /** Prepared from all the data. */
  let whole: string;
  /** Every eighth prepared flight, for what does not depend on how good the model is. */
  let small: string;
  let prepared: Outcome;

  beforeAll(async () => {
    parent = await mkdtemp(join(tmpdir(), 'benchtop-sample-'));
    whole = join(parent, 'whole');
    small = join(parent, 'small');
    const made = /[\\/](work|out|recorded|__pycache__)$/;
    await cp(sample, whole, { recursive: true, filter: (source) => !made.test(source) });
    prepared = await python(whole, 'prepare.py');
    await cp(whole, small, { recursive: true });
    for (const name of ['train.csv', 'valid.csv']) {
      const lines = (await readFile(join(whole, 'work', name), 'utf8')).split('\n');
      await writeFile(
        join(small, 'work', name),
        `${lines.filter((_, index) => index % 8 === 0).join('\n')}\n`,
      );
    }
  }, 180_000);

  afterAll(async () => {
    await rm(parent, { recursive: true, force: true });
  });

  it('prepare, train and evaluate make their files, and the model beats chance in every month', async () => {
    expect(prepared).toMatchObject({ code: 0, stderr: '' });
    expect(numbers(prepared.stdout).train_rows).toBeGreaterThan(60_000);

    const trained = await python(whole, 'train.py', '--epochs', '3');
    expect(trained).toMatchObject({ code: 0, stderr: '' });
    const epochs = trained.stdout.split('\n').filter((line) => line.startsWith('epoch='));
    expect(epochs.map((line) => numbers(line).epoch)).toEqual([1, 2, 3]);
    const [first, , last] = epochs.map(numbers);
    expect(last?.loss).toBeLessThan(first?.loss ?? 0);
    expect(last?.val_auc).toBeGreaterThan(0.68);

    const evaluated = await python(whole, 'evaluate.py');
    expect(evaluated).toMatchObject({ code: 0, stderr: '' });
    const lines = evaluated.stdout.trimEnd().split('\n');
    const months = lines.slice(0, 12).map((line) => JSON.parse(line) as Record<string, number | string>);
    expect(months.map((month) => month.step)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
    expect(months.map((month) => month.month)).toEqual(
      months.map((_, index) => `2013-${String(index + 1).padStart(2, '0')}`),
    );
    for (const month of months) {
      expect(month.auc, String(month.month)).toBeGreaterThan(0.58);
      expect(month.brier, String(month.month)).toBeLessThan(0.25);
    }
    const overall = numbers(lines[12] ?? '');
    expect(overall.test_auc).toBeGreaterThan(0.68);
    // Far better than this would mean that the model has seen the answer.
    expect(overall.test_auc).toBeLessThan(0.8);

    expect((await readdir(join(whole, 'out'))).toSorted()).toEqual([
      'metrics.json',
      'model.json',
      'months.csv',
      'months.svg',
      'report.md',
      'scored',
    ]);
    const [scored, ...rows] = (await readFile(join(whole, 'out/scored/test.csv'), 'utf8')).split(
      '\n',
      21_489,
    );
    expect(rows).toHaveLength(overall.test_rows ?? 0);
    expect(scored).toMatch(/^date,.*,late,p_late$/);
    expect(scored).not.toContain('arr_delay');
    expect(await readFile(join(whole, 'out/report.md'), 'utf8')).toContain('**AUC 0.7');
    expect(JSON.parse(await readFile(join(whole, 'out/metrics.json'), 'utf8'))).toMatchObject({
      auc: overall.test_auc,
    });
  }, 180_000);

  it('knows nothing of a flight that was not on record two hours before its hour of departure', async () => {
    const board = new Map(
      (await compressedRows('departures.csv.gz')).map((row) => [`${row.origin} ${row.time_hour}`, row]),
    );
    const weather = new Map(
      (await compressedRows('weather.csv.gz')).map((row) => [`${row.origin} ${row.time_hour}`, row]),
    );
    const flights = rows(await readFile(join(whole, 'work/test/2013-07.csv'), 'utf8'));
    expect(flights.length).toBeGreaterThan(1000);
    for (const flight of flights) {
      // In July New York is four hours behind UTC.
      const departureMs = Date.parse(`${flight.date}T00:00:00Z`) + (Number(flight.hour) + 4) * 3_600_000;
      const key = (hoursBefore: number) =>
        `${flight.origin} ${new Date(departureMs - hoursBefore * 3_600_000).toISOString().replace('.000', '')}`;
      // The hour that begins three hours before is the last that is over two hours before.
      const seen = [3, 4, 5].map((hoursBefore) => board.get(key(hoursBefore)));
      const departed = seen.reduce((sum, row) => sum + Number(row?.departed ?? 0), 0);
      const late = seen.reduce((sum, row) => sum + Number(row?.departed_late ?? 0), 0);
      expect(flight.departed_3h).toBe(String(departed));
      if (departed === 0) {
        expect(flight.late_share_3h).toBe('');
      } else {
        expect(Number(flight.late_share_3h)).toBeCloseTo(late / departed, 3);
      }
      const sky = weather.get(key(3));
      if (sky !== undefined) {
        expect([flight.temp, flight.visib, flight.precip]).toEqual([sky.temp, sky.visib, sky.precip]);
      }
    }
  });

  it('keeps the days of training, validation and test apart', async () => {
    const days = async (name: string) =>
      new Set(rows(await readFile(join(whole, 'work', name), 'utf8')).map((row) => row.date));
    const train = await days('train.csv');
    const valid = await days('valid.csv');
    const months = await readdir(join(whole, 'work/test'));
    expect(months).toHaveLength(12);
    const test = (await Promise.all(months.map((name) => days(join('test', name))))).flatMap((set) => [
      ...set,
    ]);
    expect(train.size + valid.size + test.length).toBe(365);
    expect(new Set([...train, ...valid, ...test]).size).toBe(365);
  });

  it('makes the same model, byte for byte, from the same seed, and another from another', async () => {
    const model = async (seed: string) => {
      expect(await python(small, 'train.py', '--epochs', '2', '--seed', seed)).toMatchObject({
        code: 0,
        stderr: '',
      });
      return JSON.parse(await readFile(join(small, 'out/model.json'), 'utf8')) as { weights: object };
    };
    const bytes = async () => (await readFile(join(small, 'out/model.json'))).toString('hex');
    const first = await model('7');
    const firstBytes = await bytes();
    await model('7');
    expect(await bytes()).toBe(firstBytes);
    expect((await model('8')).weights).not.toEqual(first.weights);
  });

  it.each([
    [['train.py', '--learning-rate', 'fast'], /argument --learning-rate: invalid .* value: 'fast'/],
    [['train.py', '--learning-rate', 'nan'], /argument --learning-rate: nan is not a number above zero/],
    [['train.py', '--epochs', '0'], /argument --epochs: 0 is not 1 or more/],
    [['prepare.py', '--hours-ahead', '99'], /argument --hours-ahead: 99 is not between 0 and 24/],
    [['evaluate.py', '--threshold', '2'], /argument --threshold: 2 is not between 0 and 1/],
    [['train.py', '--momentum', '0.9'], /unrecognized arguments: --momentum 0.9/],
  ])('refuses %j and says why', async (args, reason) => {
    const outcome = await python(small, ...args);
    expect(outcome).toMatchObject({ code: 2, stdout: '' });
    expect(outcome.stderr).toMatch(reason);
  });

  it('fails with a traceback when the loss leaves the numbers', async () => {
    const outcome = await python(small, 'train.py', '--learning-rate', '1e9', '--l2', '1', '--epochs', '5');
    expect(outcome.code).toBe(1);
    expect(outcome.stdout).toMatch(/val_loss=(nan|inf) val_auc=nan\s*$/);
    expect(outcome.stderr).toMatch(
      /^Traceback[\s\S]*FloatingPointError: the loss is (nan|inf) after epoch \d/,
    );
  });

  it('prints as it goes, and leaves its best model when it is stopped midway', async () => {
    await rm(join(small, 'out'), { recursive: true, force: true });
    const child = spawn('python3', ['train.py', '--epochs', '100000'], {
      cwd: small,
      env: environment,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const ended = new Promise((resolve) => child.once('exit', (_, signal) => resolve(signal)));
    let printed = '';
    for await (const chunk of child.stdout) {
      printed += String(chunk);
      if (printed.includes('epoch=3 ')) {
        child.kill('SIGTERM');
      }
    }
    expect(await ended).toBe('SIGTERM');
    expect(JSON.parse(await readFile(join(small, 'out/model.json'), 'utf8'))).toMatchObject({
      settings: { seed: 1 },
    });
  });
});

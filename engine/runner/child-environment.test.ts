import { expect, test } from 'vitest';
import { childEnvironment } from './child-environment.ts';

const asked = { SEED: '7' };
const run = { id: 'r', trackingUri: 'http://r', told: '/told', helperPath: '/helper', gpus: [1] };

test('runs that differ by what is their own alone have the same variables, others have not', () => {
  const own = { PATH: '/bin', PYTHONPATH: '/mine', BENCHTOP_RUN_ID: 'above' };
  const first = childEnvironment(own, asked, run);
  expect(first.environment).toEqual({
    PATH: '/bin',
    SEED: '7',
    PYTHONUNBUFFERED: '1',
    MLFLOW_DISABLE_TELEMETRY: 'true',
    WANDB_MODE: 'offline',
    CUDA_VISIBLE_DEVICES: '1',
    CUDA_DEVICE_ORDER: 'PCI_BUS_ID',
    PYTHONPATH: '/mine:/helper',
  });
  expect(first.ownEnvironment).toEqual({
    BENCHTOP_RUN_ID: 'r',
    BENCHTOP_LOG_FILE: '/told',
    MLFLOW_TRACKING_URI: 'http://r',
  });
  const second = childEnvironment(own, { ...asked }, { ...run, id: 's', trackingUri: null });
  expect(second.environment).toBe(first.environment);
  expect(second.ownEnvironment).toEqual({ BENCHTOP_RUN_ID: 's', BENCHTOP_LOG_FILE: '/told' });
  const environmentOf = (...differing: Parameters<typeof childEnvironment>) =>
    childEnvironment(...differing).environment;
  expect(environmentOf(own, { SEED: '8' }, run)['SEED']).toBe('8');
  expect(environmentOf(own, { OTHER: '7' }, run)['SEED']).toBeUndefined();
  expect(environmentOf(own, {}, run)['SEED']).toBeUndefined();
  expect(environmentOf(own, asked, { ...run, gpus: [0] })['CUDA_VISIBLE_DEVICES']).toBe('0');
  expect(environmentOf({ PATH: '/usr/bin' }, asked, run)['PATH']).toBe('/usr/bin');
});

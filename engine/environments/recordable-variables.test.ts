import { expect, test } from 'vitest';
import { recordableVariables } from './recordable-variables.ts';

test('only listed variables are recorded, by name, and secrets among them are left out', () => {
  expect(
    recordableVariables({
      SLURM_JWT: 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIi.sig',
      SLURM_JOB_ID: '17',
      OMP_NUM_THREADS: '4',
      CUDA_VISIBLE_DEVICES: '',
      PYTHONHASHSEED: '0',
      LANG: 'C.UTF-8',
      R_LIBS_USER: '/home/u/R',
      TORCH_HUB_TOKEN: 'plain',
      // Terraform's, not TensorFlow's.
      TF_VAR_database: 'x',
      TF_ENABLE_ONEDNN_OPTS: '0',
      TORCH_MIRROR: 'https://me:secret@mirror.example/tf',
      JULIA_PKG_SERVER: 'https://pkg.example',
      NCCL_EXTRA: 'ghp_0123456789abcdef',
      HF_TOKEN: 'hf_abcdefghijk',
      AWS_SECRET_ACCESS_KEY: 'x',
      MLFLOW_TRACKING_URI: 'http://run:token@127.0.0.1:1',
      HOME: '/home/u',
      USER: 'u',
      TZ: undefined,
    }),
  ).toEqual({
    CUDA_VISIBLE_DEVICES: '',
    JULIA_PKG_SERVER: 'https://pkg.example',
    LANG: 'C.UTF-8',
    NCCL_EXTRA: '[redacted]',
    OMP_NUM_THREADS: '4',
    PYTHONHASHSEED: '0',
    R_LIBS_USER: '/home/u/R',
    SLURM_JOB_ID: '17',
    SLURM_JWT: '[redacted]',
    TF_ENABLE_ONEDNN_OPTS: '0',
    TORCH_HUB_TOKEN: '[redacted]',
    TORCH_MIRROR: '[redacted]',
  });
});

import { expect, test } from 'vitest';
import { movedCommand } from './moved-command.ts';

const move = { from: '/home/me/flights', to: '/scratch/1', kept: ['/home/me/flights/.venv'] };

test('paths into the folder are pointed elsewhere, also within the words of a shell', () => {
  expect(
    movedCommand(
      [
        '/home/me/flights/.venv/bin/python',
        'train.py',
        '--data=/home/me/flights/data/a.csv',
        '/home/me/flights',
        '/home/me/flights-old/b.csv',
      ],
      move,
    ),
  ).toEqual([
    '/home/me/flights/.venv/bin/python',
    'train.py',
    '--data=/scratch/1/data/a.csv',
    '/scratch/1',
    '/home/me/flights-old/b.csv',
  ]);
  expect(movedCommand(['sh', '-c', "cd /home/me/flights && cat '/home/me/flights/x y'; ls"], move)).toEqual([
    'sh',
    '-c',
    "cd /scratch/1 && cat '/scratch/1/x y'; ls",
  ]);
});

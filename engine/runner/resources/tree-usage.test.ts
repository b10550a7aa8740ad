import { expect, test } from 'vitest';
import type { ProcessUsage } from './process-usage.ts';
import { treeUsage, type TreeReading } from './tree-usage.ts';

const usage = (startTicks: number, cpuTicks: number, bytes: number | null = 0): ProcessUsage => ({
  startTicks,
  cpuTicks,
  residentPages: 10,
  disk: bytes === null ? null : { readBytes: bytes, writtenBytes: 2 * bytes },
});
const reading = (atMs: number, members: Record<number, ProcessUsage>): TreeReading => ({
  atMs,
  atTicks: 1000 + atMs / 10,
  members: new Map(Object.entries(members).map(([pid, each]) => [Number(pid), each])),
});
const between = (before: Record<number, ProcessUsage>, after: Record<number, ProcessUsage>) =>
  treeUsage(reading(0, before), reading(2000, after), 100);

test('a tree’s use is the sum of its members’, over the time between', () => {
  const { cpuCores, residentPages, disk } = between(
    { 1: usage(900, 50, 100), 2: usage(950, 10, 0) },
    { 1: usage(900, 150, 300), 2: usage(950, 210, 50) },
  );
  expect(cpuCores).toBe(1.5);
  expect(residentPages).toBe(20);
  expect(disk).toEqual({ readBytesPerS: 125, writtenBytesPerS: 250 });
});

test('what a child used is kept when its parent has awaited it, and counted once', () => {
  expect(between({ 1: usage(900, 0), 2: usage(950, 100) }, { 1: usage(900, 120) }).cpuCores).toBe(0.1);
});

test('a child born and awaited in between counts through its parent, one still running by itself', () => {
  expect(between({ 1: usage(900, 0) }, { 1: usage(900, 40), 3: usage(1100, 60) }).cpuCores).toBe(0.5);
});

test('a process found late does not bring its past along', () => {
  expect(between({ 1: usage(900, 0) }, { 1: usage(900, 20), 3: usage(950, 5000) }).cpuCores).toBe(0.1);
});

test('another process with a pid seen before is another process', () => {
  expect(
    between({ 1: usage(900, 0), 2: usage(950, 0) }, { 1: usage(900, 0), 2: usage(1100, 30) }).cpuCores,
  ).toBe(0.15);
});

test('one that left without being awaited takes its past away: zero, not below', () => {
  expect(between({ 1: usage(900, 0), 2: usage(950, 500) }, { 1: usage(900, 10) }).cpuCores).toBe(0);
});

test('disk traffic that one member does not tell is not told for the tree', () => {
  expect(between({ 1: usage(900, 0) }, { 1: usage(900, 0, null) }).disk).toBeNull();
});

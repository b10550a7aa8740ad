#!/usr/bin/env node
import { enterProductNode, projectRoot } from './bootstrap.mjs';

// The command `benchtop`: in a checkout it installs and builds what is missing, in a package it starts at once.
await enterProductNode(import.meta.url);
const { buildBeforeStart } = await import('./build.mjs');
await buildBeforeStart(projectRoot);
const { runCli } = await import('./run-cli.mjs');
await runCli(projectRoot, process.argv.slice(2));

import { type Reporter, type TestModule } from 'vitest/node';
import { noTests, type TestSums, writeSums } from './test-sums.mjs';

/** Counts what vitest ran for the last line of `npm test`. */
export default class VitestSums implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly unknown[]): void {
    const sums: TestSums = noTests();
    sums.failed = unhandledErrors.length;
    for (const module of modules) {
      // Errors beside the tests: a file that does not load, a hook that throws.
      sums.failed += module.errors().length;
      for (const suite of module.children.allSuites()) sums.failed += suite.errors().length;
      for (const test of module.children.allTests()) {
        const result = test.result();
        if (result.state === 'passed') sums.passed += 1;
        else if (result.state === 'skipped') {
          sums.skipped.push({
            name: `${module.relativeModuleId} > ${test.fullName}`,
            reason: result.note ?? 'no reason given',
          });
        } else sums.failed += 1;
      }
    }
    writeSums(sums);
  }
}

import { type FullConfig, type Reporter, type Suite } from '@playwright/test/reporter';
import { noTests, type TestSums, writeSums } from './test-sums.mjs';

/** Counts what Playwright ran for the last line of `npm test`. */
export default class PlaywrightSums implements Reporter {
  private suite: Suite | null = null;
  private errors = 0;

  onBegin(_config: FullConfig, suite: Suite): void {
    this.suite = suite;
  }

  onError(): void {
    this.errors += 1;
  }

  onEnd(): void {
    const sums: TestSums = noTests();
    sums.failed = this.errors;
    for (const test of this.suite?.allTests() ?? []) {
      const outcome = test.outcome();
      // A test that passed only when repeated has shown a defect.
      if (outcome === 'expected') sums.passed += 1;
      else if (outcome === 'skipped') {
        const reason = test.annotations.find(({ type }) => type === 'skip' || type === 'fixme')?.description;
        sums.skipped.push({
          name: test.titlePath().filter(Boolean).join(' > '),
          reason: reason ?? 'no reason given',
        });
      } else sums.failed += 1;
    }
    writeSums(sums);
  }
}

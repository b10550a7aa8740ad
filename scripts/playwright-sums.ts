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
      const name = test.titlePath().filter(Boolean).join(' > ');
      if (outcome === 'expected') sums.passed += 1;
      else if (outcome === 'flaky') {
        sums.passed += 1;
        // Passed when repeated: not hidden, since it is a defect of the test or of the product.
        console.log(`flaky: ${name}: passed in its second attempt only`);
      } else if (outcome === 'skipped') {
        const reason = test.annotations.find(({ type }) => type === 'skip' || type === 'fixme')?.description;
        sums.skipped.push({
          name,
          reason: reason ?? 'no reason given',
        });
      } else sums.failed += 1;
    }
    writeSums(sums);
  }
}

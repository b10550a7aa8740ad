import { servePage } from './serve-page.ts';

// `node e2e/chart/serve.ts`: the chart's test page for a browser of one's own, and for bench/chart-redraw.ts.
const served = await servePage();
console.log(`chart page ready ${served.url}`);
process.once('SIGTERM', () => void served.close());
process.once('SIGINT', () => void served.close());

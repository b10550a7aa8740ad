/** The ten run colours in the order of assignment, as [light theme, dark theme]. Computed for protan, deutan and tritan sight. */
export const runColours = [
  ['#1531A4', '#3DA8F4'],
  ['#E0700D', '#E97C17'],
  ['#CC6ABC', '#AE619A'],
  ['#7F5C15', '#F6DC3B'],
  ['#393D48', '#A2A2A2'],
  ['#0B628A', '#4ED2EE'],
  ['#8E5BE5', '#8B5FE7'],
  ['#0D7E6D', '#67F7DD'],
  ['#721B00', '#C25F4A'],
  ['#61A173', '#ABC885'],
] as const;

/** The same hues moved towards ink or paper where needed, so that 11 px text in them keeps 4.5:1 on the surface. */
export const runTextColours = [
  ['#1531A4', '#3DA8F4'],
  ['#A85005', '#E97C17'],
  ['#A3428F', '#C583B4'],
  ['#7F5C15', '#F6DC3B'],
  ['#393D48', '#A2A2A2'],
  ['#0B628A', '#4ED2EE'],
  ['#7A45D6', '#A583F2'],
  ['#0D7E6D', '#67F7DD'],
  ['#721B00', '#DB7F6B'],
  ['#3F7A50', '#ABC885'],
] as const;

/** What a chart needs besides run colours. A page may point these at its own tokens; each must compute to a plain colour. */
export const chartNeutrals = {
  surface: ['#FFFFFF', '#17191D'],
  text: ['#1B1E24', '#E6E8EC'],
  muted: ['#5B6270', '#A3A9B5'],
  hairline: ['#DADDE3', '#2E323A'],
  baseline: ['#A9AFBA', '#565C68'],
  accent: ['#1F5FD0', '#7AA7FF'],
} as const;

export type ChartNeutral = keyof typeof chartNeutrals;

/** Dashes of the second ten, the third ten and so on, in CSS pixels. The first ten are solid. */
const dashes: readonly (readonly number[])[] = [[], [6, 3], [2, 3], [6, 3, 2, 3]];

export type EndMarker = 'circle' | 'square' | 'triangle' | 'diamond' | 'cross';
const endMarkers: readonly EndMarker[] = ['circle', 'square', 'triangle', 'diamond', 'cross'];

/** CSS value of a run's line colour in the current theme, for swatches, bars and sparklines. */
export function runColour(colourIndex: number): string {
  return `var(--run-${(colourIndex % runColours.length) + 1})`;
}

/** CSS value of a run's colour for small text. */
export function runTextColour(colourIndex: number): string {
  return `var(--run-text-${(colourIndex % runColours.length) + 1})`;
}

/** Dash pattern of a run's line: colours that repeat past ten are told apart by it. */
export function runDash(colourIndex: number): readonly number[] {
  return dashes[Math.floor(colourIndex / runColours.length) % dashes.length] ?? [];
}

/** Colours six to ten also carry a marker at the line's end. */
export function runEndMarker(colourIndex: number): EndMarker | null {
  return endMarkers[(colourIndex % runColours.length) - 5] ?? null;
}

/** Style sheet that defines the variables for both themes; Mantine's attribute wins over the system's preference. */
export function runColourCss(): string {
  const block = (theme: 0 | 1): string =>
    [
      ...runColours.map((pair, at) => `--run-${at + 1}:${pair[theme]}`),
      ...runTextColours.map((pair, at) => `--run-text-${at + 1}:${pair[theme]}`),
      ...Object.entries(chartNeutrals).map(([name, pair]) => `--chart-${name}:${pair[theme]}`),
    ].join(';');
  // :where() keeps the specificity at nought, so that a page can point any variable elsewhere.
  return [
    `:where(:root){${block(0)}}`,
    `@media (prefers-color-scheme:dark){:where(:root:not([data-mantine-color-scheme='light'])){${block(1)}}}`,
    `:where(:root[data-mantine-color-scheme='dark']){${block(1)}}`,
  ].join('\n');
}

let isInstalled = false;

/** Makes the variables known to the document. A constructed sheet needs no nonce under a strict content security policy. */
export function installRunColours(): void {
  if (isInstalled) return;
  isInstalled = true;
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(runColourCss());
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
}

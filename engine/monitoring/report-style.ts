/** How the report looks: the window's paper and ink, light or dark as its reader has it. */
export const reportStyle = `
:root { color-scheme: light dark; --surface: #fff; --text: #1b1e24; --muted: #5b6270; --hairline: #dadde3; --one: #1531a4; --other: #e0700d;
  --small: #fdf3dc; --medium: #fbe0b5; --large: #f8c9a4; }
@media (prefers-color-scheme: dark) {
  :root { --surface: #17191d; --text: #e6e8ec; --muted: #a3a9b5; --hairline: #2e323a; --one: #3da8f4; --other: #e97c17;
    --small: #332c1b; --medium: #4a3914; --large: #5f3d17; }
}
body { margin: 0; background: var(--surface); color: var(--text); font: 13px/20px system-ui, sans-serif; font-variant-numeric: tabular-nums; }
main { max-width: 1200px; margin: 0 auto; padding: 24px 16px; }
h1 { font-size: 20px; line-height: 28px; font-weight: 600; margin: 0 0 4px; }
h2 { font-size: 15px; font-weight: 500; margin: 32px 0 8px; }
h3 { font-size: 13px; font-weight: 500; margin: 20px 0 0; }
p { margin: 0 0 4px; }
.about { font-size: 15px; }
.quiet, small, thead th { color: var(--muted); font-weight: 400; }
.sideways { overflow-x: auto; }
table { border-collapse: collapse; font-size: 12px; line-height: 16px; }
th { font-weight: 400; text-align: left; white-space: nowrap; }
td, th { padding: 5px 12px 5px 0; border-bottom: 1px solid var(--hairline); }
.number, .cell { text-align: right; white-space: nowrap; }
.cell { padding-left: 8px; padding-right: 8px; }
.alarm-small, .alarm-negligible { background: var(--small); }
.alarm-medium { background: var(--medium); }
.alarm-large { background: var(--large); }
.bins td { white-space: nowrap; min-width: 120px; }
.bins i { display: inline-block; height: 9px; margin-right: 6px; vertical-align: middle; }
.reference { background: var(--one); }
.current { background: var(--other); }
.beside { display: flex; flex-wrap: wrap; gap: 8px 24px; align-items: flex-start; }
.ground { fill: none; stroke: var(--hairline); }
.honest { stroke: var(--muted); stroke-dasharray: 3 3; }
.then { fill: none; stroke: var(--one); stroke-width: 1.5; }
.now { fill: var(--other); stroke: var(--other); }
`;

/** Colours and lines of the drawing, in light and dark; each arrow differs by its line as well as by its colour. */
export const flowStyle = `
.flow {
  --paper: #ffffff; --ink: #1c2733; --muted: #57636f; --box: #f5f7f9; --edge: #c8d0d8; --head: #33475b; --headInk: #ffffff;
  --made: #7a3fc4; --taken: #0b5fc9; --auto: #14743a; --back: #ad4e00;
  font-family: 'Segoe UI', system-ui, -apple-system, Roboto, 'Noto Sans', 'Liberation Sans', sans-serif;
}
@media (prefers-color-scheme: dark) {
  .flow {
    --paper: #0f141a; --ink: #e7edf3; --muted: #9dabb9; --box: #1a222c; --edge: #3b4754; --head: #2f4256; --headInk: #f2f6fa;
    --made: #c6a3ff; --taken: #6cb2ff; --auto: #58cc80; --back: #ffa657;
  }
}
.flow text { fill: var(--ink); font-size: 12px; }
.flow .paper { fill: var(--paper); }
.flow .title { font-size: 19px; font-weight: 700; }
.flow .muted, .flow .meaning { fill: var(--muted); }
.flow .section { font-size: 12.5px; font-weight: 600; fill: var(--muted); letter-spacing: .02em; }
.flow .rule { stroke: var(--edge); stroke-width: 1; }
.flow .column rect { fill: var(--head); }
.flow .column text { fill: var(--headInk); font-size: 15px; font-weight: 700; text-anchor: middle; }
.flow .cell rect { fill: var(--box); stroke: var(--edge); stroke-width: 1; }
.flow .cell text { text-anchor: middle; }
.flow .cell .name { font-size: 14px; font-weight: 600; }
.flow .cell .mode { fill: var(--muted); }
.flow .lane text { text-anchor: middle; }
.flow .kind { font-weight: 700; }
.flow .line { fill: none; stroke-width: 2; }
.flow .made-from .line { stroke: var(--made); stroke-width: 2; stroke-dasharray: 1.5 4.5; stroke-linecap: round; }
.flow .taken-over .line { stroke: var(--taken); }
.flow .updated-back .line { stroke: var(--back); stroke-dasharray: 8 5; }
.flow .updated-automatically .line { stroke: var(--auto); stroke-width: 5; }
.flow .updated-automatically .core { fill: none; stroke: var(--paper); stroke-width: 1.8; }
.flow .made-from .tip, .flow .made-from .kind { fill: var(--made); }
.flow .taken-over .tip, .flow .taken-over .kind { fill: var(--taken); }
.flow .updated-back .tip, .flow .updated-back .kind { fill: var(--back); }
.flow .updated-automatically .tip, .flow .updated-automatically .kind { fill: var(--auto); }
`

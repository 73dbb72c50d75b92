"""How the page for the web looks: the colours of the window, light and dark, and paper when it is printed.

The pairs of colours that carry text keep WCAG 2.1 AA. Lengths follow the reader's own size of text; where there is little
room the margin of the codes moves above the text.
"""

from __future__ import annotations

STYLE = """\
:root {
  color-scheme: light dark;
  --paper: #ffffff; --ink: #1d2125; --soft: #565c64; --accent: #0a6658; --line: #dcd8ce; --strong: #1d2125;
  --margin: 13rem; --gap: 1.5rem;
}
@media (prefers-color-scheme: dark) {
  :root { --paper: #16191c; --ink: #ecebe6; --soft: #b3b9c0; --accent: #63cdb8; --line: #363c42; --strong: #7d858d; }
}
* { box-sizing: border-box; }
body {
  margin: 0 auto; padding: 2.5rem 1.5rem 4rem; max-width: 60rem; background: var(--paper); color: var(--ink);
  font: 1.0625rem/1.55 "Source Sans 3", "Source Sans Pro", system-ui, -apple-system, "Segoe UI", "Noto Sans", sans-serif;
  overflow-wrap: break-word;
}
.skip { position: absolute; left: 1rem; top: -4rem; padding: .5rem 1rem; background: var(--accent); color: var(--paper); }
.skip:focus { top: 1rem; }
a { color: var(--accent); }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 3px; }
main:focus { outline: none; }
p { margin: 0 0 .7rem; }
header { margin-bottom: 2.5rem; }
.sort { color: var(--accent); font-weight: 600; font-size: 1.15rem; margin-bottom: 1.1rem; }
.over { color: var(--soft); margin-bottom: .3rem; }
h1 { font-size: 2.3rem; line-height: 1.15; margin: 0 0 .7rem; letter-spacing: -.01em; }
.under { font-size: 1.2rem; margin: 0; }
h2 { font-size: 1.45rem; line-height: 1.3; margin: 3rem 0 1rem; padding-top: .6rem; border-top: 2px solid var(--strong); }
h3 { font-size: 1.25rem; line-height: 1.3; margin: 2.6rem 0 1rem; }
h4 { font-size: 1.08rem; line-height: 1.4; margin: 2rem 0 .7rem; }
h3, h4 { font-weight: 600; }
.mark { color: var(--accent); font-weight: 600; }
.marked .mark { font-size: 1rem; padding-top: .12em; display: block; }
.points { margin: 0 0 1rem; padding-inline-start: 1.1rem; }
.points li { margin-bottom: .3rem; }
.points li::marker { color: var(--accent); content: "–  "; }
.quiet, .after, .elsewhere { color: var(--soft); }
.after, .elsewhere { font-size: .9rem; }
.elsewhere { margin-top: .7rem; }
table { border-collapse: collapse; width: 100%; margin: 0 0 1.2rem; }
th, td { text-align: start; vertical-align: top; padding: .35rem .8rem .35rem 0; border-bottom: 1px solid var(--line); }
th { font-weight: 400; }
thead th, .facts th { color: var(--soft); font-size: .92rem; }
.list .number, .number { text-align: end; overflow-wrap: normal; white-space: nowrap; font-variant-numeric: tabular-nums; padding-inline-end: 0; }
.total > * { font-weight: 600; }
.chart { margin-top: 1.6rem; }
caption { text-align: start; font-weight: 600; padding-bottom: .3rem; }
.chart { table-layout: fixed; }
.chart th { width: 45%; }
.chart tbody > tr > * { border: 0; padding-block: .28rem; }
.chart thead .number { text-align: start; }
.chart .mark { font-size: .92rem; display: block; }
.bar { display: flex; align-items: center; gap: .6rem; }
.bar svg { flex: 1; height: .85rem; }
.bar rect { fill: var(--accent); }
.bar .number { min-width: 3ch; font-weight: 600; }
.entries { list-style: none; margin: 0; padding: 0; }
.entry { padding: .85rem 0; border-bottom: 1px solid var(--line); }
.entry:target { background: color-mix(in srgb, var(--accent) 12%, transparent); }
.said, .facts td, .list td, .list th, h1, h2, h3, h4 { overflow-wrap: anywhere; }
.said p:last-child { margin-bottom: 0; }
.beside { font-size: .88rem; color: var(--soft); }
.beside ul { list-style: none; margin: 0; padding: 0; display: flex; flex-wrap: wrap; gap: 0 .9rem; }
.beside { margin-bottom: .3rem; }
.code { color: var(--accent); font-size: .84rem; font-weight: 600; margin: 0; padding-top: .1rem; font-variant-numeric: tabular-nums; }
.title { font-weight: 600; margin-bottom: .25rem; }
footer { margin-top: 3.5rem; border-top: 1px solid var(--line); padding-top: .7rem; color: var(--soft); font-size: .9rem; }
footer { display: flex; flex-wrap: wrap; justify-content: space-between; gap: 0 2rem; }
footer p { margin: 0; }
@media (min-width: 46rem), print {
  .entry, .marked { display: grid; grid-template-columns: var(--margin) minmax(0, 1fr); column-gap: var(--gap); }
  .marked > :only-child { grid-column: 2; }
  .beside ul { display: block; }
  main > p, .points, .list, .chart, .elsewhere { margin-inline-start: calc(var(--margin) + var(--gap)); }
  .list, .chart { width: calc(100% - var(--margin) - var(--gap)); }
  .facts th { width: calc(var(--margin) + var(--gap)); }
  .chart th { position: relative; }
  .chart .mark { position: absolute; inset-inline-start: calc(-1 * var(--margin) - var(--gap)); }
}
@media print {
  :root { --paper: #fff; --ink: #000; --soft: #444; --accent: #0a6658; --line: #bbb; --strong: #000; --margin: 9.5rem; }
  @page { size: A4; margin: 20mm; }
  html { font-size: 10.5pt; }
  body { max-width: none; padding: 0; }
  .skip { display: none; }
  h2, h3, h4, caption { break-after: avoid; }
  tr, .beside, .title { break-inside: avoid; }
  a { color: inherit; text-decoration: none; }
  .bar rect { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
}
@media (forced-colors: active) { .bar rect { fill: CanvasText; } }
"""

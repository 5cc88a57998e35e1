/** Texts and axes of the charts take their colour from the page, so that light, dark and paper need no charts of their own. */
export const style = `
  :root { color-scheme: light dark; --ink: #222; --paper: #fff; --soft: #666; --line: #ddd }
  @media (prefers-color-scheme: dark) { :root { --ink: #e6e6e6; --paper: #16181c; --soft: #a0a4ab; --line: #3a3d44 } }
  body { font: 16px/1.5 system-ui, "PingFang SC", "Microsoft YaHei", sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; color: var(--ink); background: var(--paper) }
  h1, h2 { line-height: 1.2 }
  dl { display: flex; flex-wrap: wrap; gap: 1rem; margin: 1.5rem 0 }
  dl div { flex: 1 1 8rem; border: 1px solid var(--line); border-radius: 6px; padding: 0.6rem 0.8rem }
  dt, .nothing { color: var(--soft); font-size: 0.9rem }
  dd { margin: 0; font-size: 1.7rem; font-variant-numeric: tabular-nums }
  figure { margin: 2rem 0; break-inside: avoid; overflow-x: auto }
  figcaption { font-weight: 600 }
  svg { display: block; width: 100%; min-width: 36rem; height: auto }
  .wide { overflow-x: auto }
  table { border-collapse: collapse; width: 100%; font-size: 0.9rem }
  th, td { border-bottom: 1px solid var(--line); padding: 0.35rem 0.5rem; text-align: left; vertical-align: top; overflow-wrap: anywhere }
  th { overflow-wrap: normal }
  .number { text-align: right; font-variant-numeric: tabular-nums }
  tr { break-inside: avoid }
  @media print { :root { --ink: #000; --paper: #fff; --soft: #444; --line: #bbb; color-scheme: light } body { margin: 0; max-width: none; print-color-adjust: exact } figure, .wide { overflow: visible } svg { min-width: 0 } }
`;

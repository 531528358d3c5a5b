/** The page's style sheet: dark or light as the reader's system, one column on a narrow screen. */

const COLOURS = `
:root{color-scheme:dark light;--bg:#0b0d10;--panel:#12151a;--raised:#1a1f26;--line:#252b34;
--text:#e6e9ee;--soft:#c6ccd6;--mute:#8b95a3;--faint:#6b7582;--accent:#4cc2b4;--accent2:#2d6cdf;
--bad:#ff6b5e;--warn:#f2b84b;--ok:#3f9f74;--okText:#58c98b;--shade:#ffffff08}
@media (prefers-color-scheme:light){:root{--bg:#f5f6f8;--panel:#fff;--raised:#eef1f4;--line:#dfe3e9;
--text:#161b22;--soft:#343c47;--mute:#5d6875;--faint:#7d8794;--accent:#0f8a7c;--accent2:#2d6cdf;
--bad:#d8402f;--warn:#c98a0c;--ok:#3a9d6e;--okText:#1c8654;--shade:#00000009}}`;

const CHARTS = `
svg.chart{display:block;width:100%;height:auto;overflow:visible}
svg text{fill:var(--faint);font-size:10.5px}svg text.row{fill:var(--mute);font-size:11.5px}
.axis,.grid-line,svg .grid{stroke:var(--line);stroke-width:1}
svg .shade{fill:var(--shade)}
rect.bad,.seg.bad{fill:var(--bad)}rect.warn{fill:var(--warn)}rect.ok{fill:var(--ok)}
rect.accepted{fill:var(--ok)}rect.fixed{fill:var(--accent)}rect.excluded{fill:var(--bad)}
rect.flagged{fill:var(--warn)}rect.open{fill:var(--raised)}
.curve{fill:none;stroke-width:1.8;stroke-linejoin:round;stroke-linecap:round}
.curve.dashed{stroke-dasharray:4 4}`;

/** The style of an SVG file that holds one chart. */
export const CHART_FILE_STYLE = `${COLOURS}${CHARTS}
svg{font:14px/1.5 Inter,system-ui,sans-serif;font-variant-numeric:tabular-nums}
`.replace(/\n/g, '');

export const STYLE = `${COLOURS}
*{box-sizing:border-box}
body{margin:0;background:var(--bg);color:var(--text);font:14px/1.5 Inter,system-ui,-apple-system,
"Segoe UI",Roboto,sans-serif;font-variant-numeric:tabular-nums;-webkit-text-size-adjust:100%}
header,main,footer{max-width:1180px;margin:0 auto;padding:0 28px}
header{padding-top:34px;padding-bottom:8px}
.brand{display:flex;align-items:center;gap:9px;color:var(--mute);font-weight:600;letter-spacing:.2px}
.brand i{width:17px;height:17px;border-radius:5px;
background:linear-gradient(135deg,var(--accent),var(--accent2))}
h1{font-size:30px;line-height:1.2;letter-spacing:-.6px;margin:16px 0 4px;font-weight:650;
overflow-wrap:anywhere}
.sub{color:var(--mute);margin:0;overflow-wrap:anywhere}
h2{font-size:17px;letter-spacing:-.2px;margin:44px 0 4px;font-weight:620}
.note{color:var(--mute);margin:0 0 16px;max-width:74ch}
.panel.warning,.panel.note{margin:18px 0 0;max-width:none}.panel.warning{border-color:var(--warn)}
h3{margin:0 0 10px;font-size:11px;font-weight:600;letter-spacing:.6px;text-transform:uppercase;
color:var(--faint)}
.tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(164px,1fr));gap:12px;margin-top:26px}
.panel,.tile{background:var(--panel);border:1px solid var(--line);border-radius:13px}
.tile{padding:15px 17px}.tile b{display:block;font-size:27px;line-height:1.2;font-weight:620;
letter-spacing:-.5px}.tile span{color:var(--mute);font-size:13px;display:block}
.tile.bad b{color:var(--bad)}
.panel{padding:18px 20px}
.grid{display:grid;gap:14px}.three{grid-template-columns:repeat(auto-fit,minmax(300px,1fr))}
.two{grid-template-columns:repeat(auto-fit,minmax(400px,1fr))}
.dot{display:inline-block;width:9px;height:9px;border-radius:50%;margin-right:7px;
vertical-align:baseline;flex:none;box-shadow:inset 0 0 0 1px #0003}
.head{display:flex;align-items:baseline;justify-content:space-between;gap:10px;margin-bottom:8px}
.head .name{font-weight:600;text-transform:capitalize}.head small{color:var(--mute);font-size:12.5px}
${CHARTS}
.legend{display:flex;flex-wrap:wrap;gap:4px 16px;color:var(--mute);font-size:12.5px;margin-top:10px}
.legend span{display:flex;align-items:center}
.legend i{display:inline-block;width:16px;border-top:2px solid;margin-right:7px}
.legend i.dashed{border-top-style:dashed}.legend i.box{border:0;height:9px;width:9px;border-radius:3px}
svg.stack{display:block;width:100%;height:9px;border-radius:5px}
.cards{display:grid;grid-template-columns:repeat(auto-fill,minmax(258px,1fr));gap:14px}
.card{background:var(--panel);border:1px solid var(--line);border-radius:13px;overflow:hidden;
display:flex;flex-direction:column;break-inside:avoid}
.shot{background:#050607;aspect-ratio:1;position:relative}
.shot svg{position:absolute;inset:0;width:100%;height:100%;display:block}
.shot .rank{position:absolute;left:10px;top:9px;background:#0b0d10cc;color:#e6e9ee;border-radius:7px;
padding:1px 8px;font-weight:600;font-size:13px}
.shot .none{position:absolute;inset:0;display:grid;place-items:center;color:#8b95a3;padding:24px;
text-align:center;font-size:13px}
.label{fill-opacity:.13;stroke-width:2.2;stroke-linejoin:round}
.halo{fill:none;stroke:#000;stroke-opacity:.45;stroke-width:4;stroke-linejoin:round}
.proposal{fill:none;stroke:#f5f5f5;stroke-width:1.6;stroke-dasharray:5 4}
.body{padding:13px 15px 15px;display:flex;flex-direction:column;flex:1}
.who{display:flex;align-items:center;gap:8px;font-weight:600;min-width:0}
.who .id{overflow:hidden;text-overflow:ellipsis;white-space:nowrap}
.who .s{margin-left:auto;display:flex;align-items:center;color:var(--mute);font-weight:500;
font-size:12.5px;white-space:nowrap}
.why{margin:7px 0 12px;color:var(--soft);font-size:13.5px}
.nums{display:grid;grid-template-columns:repeat(3,1fr);gap:6px;margin-top:auto;padding-top:10px;
border-top:1px solid var(--line);font-size:13px}
.nums span{display:block;color:var(--faint);font-size:11px}
.tags{display:flex;gap:6px;flex-wrap:wrap;margin:-4px 0 11px}
.tag{font-size:11.5px;padding:1px 8px;border-radius:20px;background:var(--raised);color:var(--mute)}
.tag.fixed{color:var(--accent)}.tag.accepted{color:var(--okText)}.tag.excluded{color:var(--bad)}
.tag.flagged{color:var(--warn)}
table{width:100%;border-collapse:collapse;font-size:13.5px}
th{font-size:11.5px;font-weight:550;color:var(--faint);text-align:right;padding:0 0 7px 14px}
td{text-align:right;padding:6px 0 6px 14px;border-top:1px solid var(--line)}
th:first-child,td:first-child{text-align:left;padding-left:0}
td.l,th.l{text-align:left}td .dot{margin-right:6px}.up{color:var(--bad)}.down{color:var(--okText)}
.wide{overflow-x:auto}.id-cell{max-width:260px;overflow:hidden;text-overflow:ellipsis;white-space:nowrap}
footer{color:var(--faint);font-size:12.5px;padding-top:40px;padding-bottom:44px}
footer p{margin:0 0 6px;max-width:84ch}
@media (max-width:520px){header,main,footer{padding-left:16px;padding-right:16px}
.two,.three{grid-template-columns:1fr}}
@media print{body{background:#fff}.card,.panel,.tile{break-inside:avoid}}
`.replace(/\n/g, '');

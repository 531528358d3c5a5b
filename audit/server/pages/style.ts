/** The look of the server's own pages, inline with its hash in the content security policy. */
import { createHash } from 'node:crypto';

export const STYLE = `
:root{color-scheme:dark;--bg:#0b0d10;--panel:#12151a;--raised:#1a1f26;--line:#252b34;--text:#e6e9ee;
--mute:#9aa4b2;--faint:#7a8594;--accent:#4cc2b4;--bad:#ff6b5e;--warn:#f2b84b;--ok:#58c98b}
*{box-sizing:border-box}
body{margin:0;background:var(--bg);color:var(--text);
font:13px/1.45 Inter,"Segoe UI",system-ui,-apple-system,"DejaVu Sans",sans-serif;
font-variant-numeric:tabular-nums}
a{color:inherit;text-decoration:none}
a:focus-visible,button:focus-visible,input:focus-visible{outline:2px solid var(--accent);
outline-offset:-2px}
h1,h2,h3,p{margin:0}
h2{font-size:11px;font-weight:600;letter-spacing:.6px;text-transform:uppercase;color:var(--faint);
margin-bottom:9px}
.app{height:100vh;display:grid;grid-template:44px minmax(0,1fr)/312px minmax(0,1fr) 348px;
overflow:hidden}
header{grid-column:1/-1;display:flex;align-items:center;gap:18px;padding:0 14px;
border-bottom:1px solid var(--line);background:var(--panel);white-space:nowrap;overflow:hidden}
.logo{font-weight:650;letter-spacing:.2px;display:flex;gap:8px;align-items:center}
.logo svg{display:block}
.mute{color:var(--mute)}.faint{color:var(--faint)}
.bad{color:var(--bad)}.warn{color:var(--warn)}.ok{color:var(--ok)}
.push{margin-left:auto}
.progress{display:flex;gap:10px;align-items:center;color:var(--mute)}
.chip{padding:2px 9px;border-radius:20px;border:1px solid var(--line);color:var(--mute);
font-size:12px}
.chip.on{border-color:transparent;background:#1d3a38;color:#9fe6dc}
aside{background:var(--panel);display:flex;flex-direction:column;min-height:0}
.queue{border-right:1px solid var(--line)}.inspector{border-left:1px solid var(--line);
overflow-y:auto}
.tools{padding:10px 12px;display:grid;gap:8px;border-bottom:1px solid var(--line)}
.tools div{display:flex;gap:6px;flex-wrap:wrap}
input[type=search]{width:100%;background:var(--bg);border:1px solid var(--line);border-radius:8px;
padding:6px 10px;color:var(--text);font:inherit}
.rows{overflow-y:auto;flex:1;min-height:0;margin:0;padding:0;list-style:none}
.row{display:grid;grid-template-columns:30px 52px minmax(0,1fr);gap:10px;padding:8px 12px 8px 8px;
align-items:center;border-left:2px solid transparent}
.row:hover{background:#161a20}.row.on{background:var(--raised);border-color:var(--accent)}
.row .n{color:var(--faint);text-align:right}
.row img{width:52px;height:52px;border-radius:6px;display:block;object-fit:cover;background:#000}
.row .name{display:flex;gap:8px;align-items:center}
.row .name b{font-weight:500;overflow:hidden;text-overflow:ellipsis;white-space:nowrap}
.row .s{display:flex;gap:7px;align-items:center;margin-top:4px;color:var(--mute);font-size:12px}
.row .because{display:block;margin-top:3px;color:var(--faint);font-size:11px;overflow:hidden;
text-overflow:ellipsis;white-space:nowrap}
.tag{font-size:11px;padding:1px 6px;border-radius:4px;margin-left:auto;background:#ffffff0a}
.pager{display:flex;justify-content:space-between;padding:9px 12px;border-top:1px solid var(--line);
color:var(--mute)}
main{position:relative;background:#050607;min-width:0;min-height:0;overflow:hidden}
main .picture{position:absolute;inset:0;width:100%;height:100%;object-fit:contain}
.float{position:absolute;left:0;right:0;margin:auto;width:max-content;max-width:94%;display:flex;
gap:4px;background:#12151af0;border:1px solid var(--line);border-radius:11px;padding:5px;
white-space:nowrap}
.layers{top:12px}.layers span{padding:4px 10px;color:var(--text);display:flex;gap:7px;
align-items:center}
.verdicts{bottom:14px;gap:8px;padding:7px;border-radius:13px}
.read{position:absolute;left:14px;bottom:20px;color:#c6ccd6;font-size:12px;
background:#12151ad9;border-radius:8px;padding:5px 10px}
button{font:inherit;color:var(--text);background:var(--raised);border:1px solid var(--line);
border-radius:9px;padding:8px 14px;cursor:pointer}
button:hover{background:#222932}
button.primary{background:var(--accent);color:#05201d;border-color:transparent;font-weight:600}
form.inline{display:contents}
.card{padding:14px 16px;border-bottom:1px solid var(--line)}
.figure{display:flex;align-items:baseline;gap:10px}
.big{font-size:27px;font-weight:600;letter-spacing:-.4px}
.why{margin-top:10px;color:#c6ccd6}.why li{margin:3px 0}.why ul{margin:0;padding-left:16px}
table{border-collapse:collapse;width:100%}th{color:var(--faint);font-size:11px;font-weight:500}
th,td{text-align:right;padding:3px 0}th:first-child,td:first-child{text-align:left}
.history{display:grid;gap:8px}.history b{font-weight:500}
.plain{max-width:560px;margin:14vh auto;padding:0 24px}
.plain h1{font-size:21px;font-weight:600;margin:18px 0 8px}.plain p{color:var(--mute);margin:8px 0}
.plain code{color:var(--text);background:var(--raised);border-radius:5px;padding:2px 6px}
.projects{display:grid;gap:8px;margin:16px 0;padding:0;list-style:none}
.projects li{background:var(--panel);border:1px solid var(--line);border-radius:10px;
padding:12px 14px;display:flex;gap:14px;align-items:center}
.empty{padding:26px 16px;color:var(--mute)}
@media (max-width:1000px){.app{grid-template:44px minmax(320px,60vh) auto/260px minmax(0,1fr);
height:auto;overflow:visible}.inspector{grid-column:1/-1}}
`;

const STYLE_HASH = createHash('sha256').update(STYLE).digest('base64');

/** Nothing but this server's pictures, this style and its own forms; no script at all. */
export const PAGE_POLICY =
  `default-src 'none'; img-src 'self'; style-src 'sha256-${STYLE_HASH}'; form-action 'self'; ` +
  "base-uri 'none'; frame-ancestors 'none'";

// Draws a list of messages as one PNG, a contact sheet:
//
//   npm install --ignore-scripts            (once, beside this file)
//   node render.mjs messages.json sheet.png [columns]
//
// messages.json is a list of {"name": "…", "text": "…", "blocks": […]}; a view counts as well. It needs Chromium: the one
// that CHROMIUM names, else /usr/bin/chromium (apt-get install chromium). What the renderer cannot draw (data_table in
// slack-blocks-to-jsx 1.1.1) is drawn here as a plain table and marked so. The Go function judge.Render does all of this.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { createElement as h } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { Message } from 'slack-blocks-to-jsx';

const [from, to, columns = '3'] = process.argv.slice(2);
const width = 600; // of a message, in pixels, about that of Slack's window beside its sidebar
const logo = 'data:image/svg+xml,' + encodeURIComponent(
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 36 36"><rect width="36" height="36" rx="6" fill="#4a154b"/></svg>');

const words = (cell) => cell.text ?? (cell.value !== undefined ? String(cell.value) : JSON.stringify(cell.elements ?? ''));

// standIn is a plain table for a data_table.
function standIn(block) {
  const [head, ...rows] = block.rows;
  const row = (cells, tag) => h('tr', null, ...cells.map((c, i) => h(tag, { key: i }, words(c))));
  return h('figure', { className: 'standin' }, h('table', null,
    h('caption', null, `${block.caption} (data_table, drawn by render.mjs)`),
    h('thead', null, row(head, 'th')), h('tbody', null, ...rows.map((r) => row(r, 'td')))));
}

// draw cuts a message at what the renderer does not know.
function draw(message) {
  const parts = [];
  let run = [];
  const flush = () => {
    if (run.length) {
      parts.push(h(Message, {
        key: parts.length, blocks: run, logo, name: 'careerbot', theme: 'light', time: new Date(0), withoutWrapper: parts.length > 0,
      }));
    }
    run = [];
  };
  for (const block of message.blocks ?? []) {
    if (block.type === 'data_table') {
      flush();
      parts.push(standIn(block));
    } else {
      run.push(block);
    }
  }
  flush();
  return h('section', null, h('h2', null, message.name ?? ''), ...parts, h('p', { className: 'text' }, message.text ?? ''));
}

function page(messages) {
  const style = readFileSync(fileURLToPath(import.meta.resolve('slack-blocks-to-jsx')).replace(/index\.[a-z]+$/, 'style.css'), 'utf8');
  const own = `body{margin:16px;background:#f4f4f4;font:15px Lato,"Noto Sans",sans-serif;columns:${columns};column-gap:16px}
    section{break-inside:avoid;background:#fff;border:1px solid #ccc;border-radius:6px;margin:0 0 16px;padding:8px;width:fit-content;min-width:${width}px}
    h2{font-size:13px;color:#666;margin:0 0 8px;font-family:monospace} .text{font-size:12px;color:#999;margin:8px 0 0;white-space:pre-wrap}
    .standin{margin:8px 0 8px 44px} .standin table{border-collapse:collapse;font-size:13px} .standin caption{text-align:left;color:#666;white-space:nowrap} section>div{max-width:100%;border:0!important;box-sizing:border-box}
    .standin td,.standin th{border:1px solid #ddd;padding:4px 8px;text-align:left}`;
  return `<!doctype html><meta charset="utf-8"><style>${style}</style><style>${own}</style>`
    + messages.map((m) => renderToStaticMarkup(draw(m))).join('\n')
    + '<script>document.documentElement.dataset.height = document.documentElement.scrollHeight</script>';
}

function chromium(profile, ...args) {
  return execFileSync(process.env.CHROMIUM ?? '/usr/bin/chromium', ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic',
    '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--hide-scrollbars',
    `--user-data-dir=${profile}`, ...args], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'], maxBuffer: 1 << 28, timeout: 120000 });
}

const messages = JSON.parse(readFileSync(from, 'utf8'));
const dir = mkdtempSync(join(tmpdir(), 'slack-render-'));
try {
  const html = join(dir, 'sheet.html');
  writeFileSync(html, page(messages));
  const wide = Number(columns) * (width + 60) + 16;
  const address = pathToFileURL(html).href;
  const dom = chromium(join(dir, 'profile'), `--window-size=${wide},600`, '--dump-dom', address);
  const height = Math.min(16000, Number(/data-height="(\d+)"/.exec(dom)[1]) + 16);
  chromium(join(dir, 'profile'), `--window-size=${wide},${height}`, `--screenshot=${resolve(to)}`, address);
} finally {
  rmSync(dir, { recursive: true, force: true });
}

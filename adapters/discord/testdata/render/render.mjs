// Draws a contact sheet of what we send, at the width of a phone, into docs/discord.png of the repository.
import { build } from 'esbuild';
import { chromium } from 'playwright-core';
import { mkdirSync, writeFileSync } from 'node:fs';
import UPNG from 'upng-js';
import { requests } from './requests.mjs';

// The sheet: a column each, from top to bottom; names are those of the requests.
const columns = [
  ['salary', 'declined', 'next', 'settings'],
  ['skills', 'compare', 'tool', 'greeting', 'help'],
  ['salary_open, private, in Hindi', 'roadmap', 'sources'],
  ['jobs', 'disagreement', 'hostile'],
];

const escapeHTML = (s) => s.replace(/[&<>"]/g, (c) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[c]);

// inline draws bold text, mentions of channels and escapes; nothing else is in what we send.
function inline(text) {
  const kept = [];
  const keep = (html) => `\u0001${kept.push(html) - 1}\u0002`;
  let out = text.replace(/\\([^0-9A-Za-z\s])/g, (_, c) => keep(escapeHTML(c)));
  out = escapeHTML(out.replace(/<#(\d+)>/g, (_, id) => keep(`<discord-mention type="channel">channel ${id}</discord-mention>`)));
  out = out.replace(/\*\*(.+?)\*\*/g, '<discord-bold>$1</discord-bold>');
  return out.replace(/\u0001(\d+)\u0002/g, (_, n) => kept[n]);
}

// block draws one line by how it begins.
function block(line) {
  const rules = [
    [/^### (.*)$/, (m) => `<discord-header level="3">${inline(m[1])}</discord-header>`],
    [/^-# (.*)$/, (m) => `<div class="small">${inline(m[1])}</div>`],
    [/^> (.*)$/, (m) => `<discord-quote>${inline(m[1])}</discord-quote>`],
    [/^( *)- (.*)$/, (m) => `<div class="item ${m[1] ? 'deep' : ''}"><i>${m[1] ? '◦' : '•'}</i>${inline(m[2])}</div>`],
    [/^(\d+\.) (.*)$/, (m) => `<div class="item"><i>${m[1]}</i>${inline(m[2])}</div>`],
    [/^$/, () => '<div class="gap"></div>'],
  ];
  for (const [pattern, draw] of rules) {
    const m = line.match(pattern);
    if (m) return draw(m);
  }
  return `<div>${inline(line)}</div>`;
}

function component(c, files) {
  const inside = (c.components ?? []).map((in_) => component(in_, files)).join('');
  switch (c.type) {
    case 1:
      return `<discord-action-row>${inside}</discord-action-row>`;
    case 2: {
      const type = c.style === 1 ? 'primary' : 'secondary';
      const url = c.url ? ` url="${escapeHTML(c.url)}"` : '';
      return `<discord-button type="${type}"${url}>${escapeHTML(c.label ?? c.emoji.name)}</discord-button>`;
    }
    case 3:
      return `<discord-string-select-menu placeholder="${escapeHTML(c.placeholder)}"></discord-string-select-menu>`;
    case 10:
      return `<div class="text">${c.content.split('\n').map(block).join('')}</div>`;
    case 12:
      return c.items.map((i) => {
        const n = Number(i.media.url.match(/(\d+)\.png$/)[1]) - 1;
        return `<img alt="${escapeHTML(i.description)}" src="data:image/png;base64,${files[n]}">`;
      }).join('');
    case 17:
      return `<div class="box" style="border-left-color:#${c.accent_color.toString(16).padStart(6, '0')}">${inside}</div>`;
  }
  throw new Error(`component type ${c.type} is not drawn`);
}

const avatar = 'data:image/svg+xml,' + encodeURIComponent('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path fill="#0b6bb0" d="M0 0h9v9H0z"/><path fill="#fff" d="M2 3h5v1H2zm0 2h3v1H2z"/></svg>');

function message(name) {
  const r = requests.find((r) => r.name === name && r.path.endsWith('/callback'));
  if (!r) throw new Error(`there is no request ${name}`);
  const { components, flags } = r.body.data;
  const only = flags & 64 ? '<div class="small">👁 Only you can see this · Dismiss message</div>' : '';
  return `<discord-message author="careerbot" bot timestamp="12:00" avatar="${avatar}">
    <div class="answer">${components.map((c) => component(c, r.files ?? [])).join('')}${only}</div></discord-message>`;
}

const style = `
  body { margin: 0; background: #313338; font-family: "Noto Sans", "Noto Sans Devanagari", sans-serif; }
  main { display: flex; gap: 8px; align-items: flex-start; }
  section { width: 400px; }
  discord-messages { border: 0; }
  .answer { max-width: 330px; color: #dbdee1; font-size: 15px; line-height: 1.35; overflow-wrap: anywhere; white-space: normal; }
  .box { background: #2b2d31; border: 1px solid #3f4147; border-left: 4px solid; border-radius: 8px; padding: 12px; margin-bottom: 6px; }
  .text + .text, .text + img, img + .text, .box discord-action-row { margin-top: 8px; }
  .small { font-size: 12px; color: #949ba4; } .gap { height: 8px; }
  .item { padding-left: 20px; position: relative; } .item i { position: absolute; left: 0; font-style: normal; color: #949ba4; }
  .deep { margin-left: 18px; } .box img { width: 100%; border-radius: 6px; display: block; margin-top: 8px; }
  discord-header { display: block; }`;

const bundled = await build({
  stdin: { contents: 'import "@skyra/discord-components-core";', resolveDir: import.meta.dirname },
  bundle: true, write: false, format: 'iife', target: 'chrome120', logLevel: 'error',
});
const html = `<!doctype html><meta charset="utf-8"><style>${style}</style><main>${columns.map((names) =>
  `<section><discord-messages>${names.map(message).join('')}</discord-messages></section>`).join('')}</main>`;

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-first-run'],
});
try {
  const page = await browser.newPage({ viewport: { width: columns.length * 408, height: 900 }, deviceScaleFactor: 1 });
  await page.route(/^https?:/, (route) => route.abort()); // avatars of the library's own; nothing is loaded from outside
  await page.setContent(html);
  await page.addScriptTag({ content: bundled.outputFiles[0].text });
  await page.waitForFunction(() => document.querySelector('discord-button')?.shadowRoot);
  const out = new URL('../../../../docs/', import.meta.url).pathname;
  mkdirSync(out, { recursive: true });
  const shot = UPNG.decode(await page.screenshot({ fullPage: true }));
  const small = Buffer.from(UPNG.encode(UPNG.toRGBA8(shot), shot.width, shot.height, 64)); // of 64 colours
  writeFileSync(`${out}discord.png`, small);
  console.log(`docs/discord.png: ${small.length} bytes, ${shot.width} x ${shot.height}`);
} finally {
  await browser.close();
}

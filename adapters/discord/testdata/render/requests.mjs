import { readFileSync } from 'node:fs';

// requests are what TestWriteRequests wrote: name, method, path, body and, for answers with charts, files in base64.
export const requests = JSON.parse(readFileSync(process.env.DISCORD_REQUESTS ?? 'requests.json', 'utf8'));

// A second judge of what we send: zod schemas that npm's discord-api-spec has from Discord's OpenAPI document.
import * as schemas from 'discord-api-spec/zod';
import { z } from 'zod';
import { requests } from './requests.mjs';

const callbacks = {
  1: schemas.PongInteractionCallbackRequestSchema,
  4: schemas.CreateMessageInteractionCallbackRequestSchema,
  5: schemas.CreateMessageInteractionCallbackRequestSchema,
  6: schemas.UpdateMessageInteractionCallbackRequestSchema,
  7: schemas.UpdateMessageInteractionCallbackRequestSchema,
  8: schemas.ApplicationCommandAutocompleteCallbackRequestSchema,
  9: schemas.ModalInteractionCallbackRequestSchema,
};

function schemaOf({ path, body }) {
  if (path.endsWith('/callback')) return callbacks[body.type];
  if (path.endsWith('/messages')) return schemas.MessageCreateRequestSchema;
  if (path.endsWith('/@original')) return schemas.IncomingWebhookUpdateRequestPartialSchema;
  if (path.endsWith('/commands')) return z.array(schemas.ApplicationCommandUpdateRequestSchema);
}

function refused(request) {
  const schema = schemaOf(request);
  if (!schema) return 'no schema is for it';
  const { success, error } = schema.safeParse(request.body);
  return success ? '' : JSON.stringify(error.issues).slice(0, 400);
}

// A judge that passes everything would be none: each of these must be refused.
const planted = [
  { path: '/callback', body: { type: 3 } },
  { path: '/callback', body: { type: 4, data: { content: 'x'.repeat(2001) } } },
  { path: '/callback', body: { type: 9, data: { title: 'x'.repeat(46), custom_id: 'x', components: [] } } },
  { path: '/messages', body: { components: [{ type: 1, components: [{ type: 2, style: 1, custom_id: 'x'.repeat(101) }] }] } },
  { path: '/messages', body: { components: [{ type: 10, content: '' }] } },
  { path: '/commands', body: [{ name: 'x'.repeat(33), description: 'x' }] },
];

let wrong = 0;
for (const request of requests) {
  const why = refused(request);
  if (why) {
    wrong++;
    console.error(`${request.name}: ${request.method} ${request.path}: ${why}`);
  }
}
for (const request of planted) {
  if (!refused(request)) {
    wrong++;
    console.error(`a planted mistake passes: ${JSON.stringify(request).slice(0, 120)}`);
  }
}
console.log(`${requests.length} requests and ${planted.length} planted mistakes judged, ${wrong} wrongly`);
process.exit(wrong ? 1 : 0);

// Reads signature vectors as JSON from standard input and prints which of them Bolt accepts, as a JSON list.
import { readFileSync } from 'node:fs';
import bolt from '@slack/bolt';

const vectors = JSON.parse(readFileSync(0, 'utf8'));
console.log(JSON.stringify(vectors.map((v) => bolt.isValidSlackRequest({
  signingSecret: v.secret,
  body: v.body,
  // As Bolt's own receiver makes them of headers: a number, and nothing for what is absent.
  headers: {
    'x-slack-signature': v.signature === '' ? undefined : v.signature,
    'x-slack-request-timestamp': v.timestamp === '' ? undefined : v.timestamp,
  },
  nowMilliseconds: v.clock * 1000,
}))));

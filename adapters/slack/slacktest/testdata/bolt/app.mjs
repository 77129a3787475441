// A small Bolt app for TestBolt: a command answered by respond(), a mention by say(), a press of the feedback buttons.
// It takes everything from the environment, prints "ready" once it is connected, and ends with its standard input.
import bolt from '@slack/bolt';

const { App, HTTPReceiver } = bolt;
const env = process.env;
const clientOptions = { slackApiUrl: env.SLACK_API_URL };
const app = env.BOLT_PORT
  ? new App({
      token: env.SLACK_BOT_TOKEN,
      clientOptions,
      receiver: new HTTPReceiver({ signingSecret: env.SLACK_SIGNING_SECRET, port: Number(env.BOLT_PORT) }),
    })
  : new App({ token: env.SLACK_BOT_TOKEN, appToken: env.SLACK_APP_TOKEN, socketMode: true, clientOptions });

app.command('/backend', async ({ command, ack, respond }) => {
  await ack();
  await respond({ text: `answer: ${command.text}`, response_type: 'ephemeral' });
});

app.event('app_mention', async ({ event, say }) => {
  await say({
    thread_ts: event.thread_ts ?? event.ts,
    text: `answer: ${event.text}`,
    blocks: [
      { type: 'section', text: { type: 'plain_text', text: event.text } },
      {
        type: 'context_actions',
        elements: [{
          type: 'feedback_buttons',
          action_id: 'feedback',
          positive_button: { text: { type: 'plain_text', text: 'Good' }, value: 'up' },
          negative_button: { text: { type: 'plain_text', text: 'Bad' }, value: 'down' },
        }],
      },
    ],
  });
});

app.action('feedback', async ({ action, ack, respond }) => {
  await ack();
  await respond({ text: `thanks: ${action.value}`, replace_original: false });
});

app.error(async (error) => console.error(error));
process.stdin.on('end', async () => {
  await app.stop();
  process.exit(0);
});
process.stdin.resume();
await app.start();
console.log('ready');

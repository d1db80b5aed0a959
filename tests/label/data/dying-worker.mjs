// Speaks the pool's protocol without a model; dies when it meets certain words.
import { appendFileSync, existsSync } from 'node:fs';

process.on('disconnect', () => process.exit(0));
let turn = Promise.resolve();
process.on('message', (message) => {
  turn = turn.then(() => serve(message));
});

async function serve(message) {
  if (message.type === 'load') {
    if (message.options.model === 'unusable')
      process.send({ type: 'unusable', code: 'model-invalid', message: 'The model is broken.' });
    else if (message.options.model === 'dies') process.exit(7);
    else
      process.send({ type: 'ready', identity: { name: 'none', version: '0', digest: `sha256:${'0'.repeat(64)}` } });
    return;
  }
  for (const { text } of message.comments) {
    if (text === 'poison') process.exit(9);
    // "once FILE": dies at the first attempt only.
    if (text.startsWith('once ') && !existsSync(text.slice(5))) {
      appendFileSync(text.slice(5), 'dead');
      process.kill(process.pid, 'SIGKILL');
    }
  }
  await new Promise((resolve) => setTimeout(resolve, 2));
  process.send({
    type: 'done',
    outcomes: message.comments.map(({ id }) => ({ id, status: 'skipped', reason: 'empty' })),
  });
}

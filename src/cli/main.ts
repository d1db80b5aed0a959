#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { Command, CommanderError } from 'commander';
import { agreementCommand } from './agreement';
import { batchCommand } from './batch';
import { compareCommand } from './compare';
import { evalCommand } from './eval';
import { reportFailure } from './failures';
import { labelCommand } from './label';
import { parseCommand } from './parse';
import { policyCommand } from './policy';

/** `| head` closes the pipe while there is more to write: that is no failure. */
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  reportFailure(error);
});

const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));

const program = new Command('moderato')
  .description(
    'Labels reader comments for stance and toxicity with a local model. Nothing leaves the machine.',
  )
  .version(version)
  .showHelpAfterError('(moderato --help shows the commands and their options)')
  .addHelpText(
    'after',
    '\nData goes to stdout, all else to stderr. Exit: 0 done, 1 failed, 2 wrong usage, 3 a gate not met.',
  );
const commands = [
  parseCommand(),
  labelCommand(),
  batchCommand(),
  policyCommand(),
  evalCommand(),
  compareCommand(),
  agreementCommand(),
];
for (const command of commands) program.addCommand(command);
throwInsteadOfExit(program);

/** Commander ends the process on wrong usage with status 1, which is ours for failure. */
function throwInsteadOfExit(command: Command): void {
  command.exitOverride();
  for (const subcommand of command.commands) throwInsteadOfExit(subcommand);
}

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : 2;
  else reportFailure(error);
}

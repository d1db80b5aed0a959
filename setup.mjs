// Installs and builds what a fresh clone lacks, so that `npm start` and `npm test` are complete on their own.
import { execSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';

const changed = (path) => (existsSync(path) ? statSync(path).mtimeMs : 0);
const newest = (folder) =>
  Math.max(...readdirSync(folder, { recursive: true }).map((name) => changed(`${folder}/${name}`)));
const run = (command) => execSync(command, { stdio: ['ignore', 2, 2] });

if (changed('node_modules/.package-lock.json') < changed('package-lock.json')) run('npm install --no-audit --no-fund');
const sources = Math.max(newest('src'), changed('tsup.config.ts'), changed('package.json'));
if (changed('dist/cli/main.js') < sources || !existsSync('dist/index.d.cts')) run('npm run --silent build');

import { expect, it } from 'vitest'
import { asTypedHere, lab, labQuiet } from './how-to-run.ts'

const pnpm = { npm_lifecycle_event: 'serve', npm_config_user_agent: 'pnpm/10.34.9 npm/? node/v20.20.2' }

it.each([
  ['called by the script', { LAB_COMMAND: '../lab', ...pnpm }, '../lab token bob', '../lab token bob'],
  ['called without any', {}, './lab token bob', './lab token bob'],
  ['a script of npm', { ...pnpm, npm_config_user_agent: 'npm/11' }, './lab token bob', './lab token bob'],
  ['a script of pnpm', pnpm, 'pnpm run token bob', 'pnpm -s run token bob'],
  [
    'a script of a pnpm that npx fetched',
    { ...pnpm, npm_execpath: '/home/x/.npm/_npx/1f/node_modules/pnpm/bin/pnpm.cjs' },
    'npx -y pnpm@10 run token bob',
    'npx -y pnpm@10 -s run token bob',
  ],
])('%s: a command that works there', (_what, env, command, quiet) => {
  expect(lab('token bob', env)).toBe(command)
  expect(labQuiet('token bob', env)).toBe(quiet)
  expect(asTypedHere('start it: pnpm run token bob', env)).toBe(`start it: ${command}`)
})

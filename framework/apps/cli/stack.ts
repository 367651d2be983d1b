import { Command } from 'commander'
import { pc } from '../../process/colours.ts'
import { lab } from '../../process/how-to-run.ts'
import { columns, Progress, say } from '../../process/terminal.ts'

export function stackCommand(): Command {
  return new Command('stack')
    .description('Keycloak and an OPA server on this machine, without Docker')
    .addCommand(
      new Command('up')
        .description('start what does not run yet, and wait until it is healthy (fetches both once)')
        .action(up),
    )
    .addCommand(new Command('down').description('stop what up started, and remove its database').action(down))
    .addCommand(new Command('status').description('what runs, where, and how it is').action(status))
    .addHelpText(
      'after',
      `
Needs Java 17, and once Maven (fetches Keycloak) and Go (builds OPA). Everything listens on loopback.
KEYCLOAK_URL (http://127.0.0.1:8080), OPA_URL (http://127.0.0.1:8181) and KC_HTTP_MANAGEMENT_PORT (9000) change the ports.
The same in containers: docker compose up`,
    )
}

async function stackHere() {
  const { NativeStack, placeFrom } = await import('../../ops/native-stack/native-stack.ts')
  return new NativeStack(placeFrom(process.env))
}

async function up(): Promise<void> {
  const stack = await stackHere()
  const line = new Progress()
  try {
    await stack.up({
      update: (text) => line.update(text),
      report(text) {
        line.done()
        say(text)
      },
    })
  } finally {
    line.done()
  }
  const { keycloakUrl, opaUrl, admin } = stack.place
  say(`Keycloak ${keycloakUrl} (administrator ${admin.username}), OPA ${opaUrl}`)
  say(`Now: ${lab('pattern p06 --stack real')}`)
}

async function down(): Promise<void> {
  const stopped = await (await stackHere()).down()
  say(stopped.length > 0 ? `stopped ${stopped.join(' and ')}` : 'nothing to stop')
}

async function status(): Promise<void> {
  const parts = await (await stackHere()).status()
  const rows = parts.map(({ name, state, url, ours }) => {
    const whose = ours ? `pid ${ours.pid}, log ${ours.log}` : 'not started by pnpm run stack up'
    return [name, state, url, whose]
  })
  for (const row of columns(rows, (cell, column) => (column === 1 ? paintState(cell) : cell))) say(row)
  const hints = parts.flatMap(({ elsewhere }) => elsewhere ?? [])
  if (hints.length > 0) say(`The environment names other addresses. To run on these: ${hints.join(', ')}`)
  if (parts.some(({ state }) => state !== 'healthy')) process.exitCode = 1
}

function paintState(state: string): string {
  return state.startsWith('healthy') ? pc.green(state) : pc.red(state)
}

import { argumentText, visible } from '@lab/contract'
import type { TellPerson } from '../../parties/idp/approvals/questions.ts'
import { pc } from '../../process/colours.ts'

/** Shows on the terminal where a person approves an action or refuses it. Not on standard output, which is the report's. */
export const approvalAtTerminal: TellPerson = ({ username, client, action, expiresAt, url }) => {
  const args = Object.entries(action.arguments).map(([name, value]) => `${name} ${argumentText(value)}`)
  const asked = `${client} wants to do this: ${[action.tool, ...args].join(', ')}`
  const lines = [
    '',
    pc.bold(visible(`${username}: ${asked}`)),
    `Approve or refuse until ${expiresAt.toTimeString().slice(0, 'hh:mm:ss'.length)} at`,
    url,
  ]
  process.stderr.write(`${lines.join('\n')}\n`)
}

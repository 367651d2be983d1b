import { isLoopback, tools } from '@lab/contract'
import { countdown } from './look.ts'
import { alert, html, page } from './pages.ts'
import { isUnregistered } from './unregistered-client.ts'

/**
 * The page that asks a person. It names where the answer goes, in full: of an unregistered client that is the only
 * thing which is not its own word, and on this machine not even that.
 */
export function consentQuestion(asked: {
  readonly client: string
  readonly scopes: readonly string[]
  readonly username: string
  readonly redirectUri: string
  /** The client's own words for what it wants to do. */
  readonly action?: string
  /** The time until which it waits. */
  readonly answerBy?: Date
}): Promise<string> {
  const { client, scopes, username, redirectUri, action, answerBy } = asked
  const { host, hostname } = new URL(redirectUri)
  const isHere = isLoopback(hostname)
  return page(
    'Allow?',
    html`<p>${username}, the application <strong>${shownName(client)}</strong> ${action ? 'asks you before it does this' : 'asks for'}:</p>
${action ? html`<p class="action">${action}</p>` : ''}
<ul class="scopes">${scopes.map((scope) => html`<li><code>${scope}</code> ${meaningOf(scope)}</li>`)}</ul>
<p class="soft">${action ? 'The action is what the application says. ' : ''}Allow gives it the scope, until its session ends.</p>
${isUnregistered(client) ? unknown(client, isHere) : ''}
<p class="soft">The answer goes to <strong>${isHere ? hostname : host}</strong>${isHere ? ', a program on this machine' : ''}.</p>
${answerBy ? deadline(answerBy) : ''}
<form method="post" class="answers">
<button name="answer" value="allow" class="main">Allow</button>
<button name="answer" value="refuse">Refuse</button>
</form>`,
  )
}

/** The capability behind a tool scope, such as "manage users". */
function meaningOf(scope: string): string {
  return Object.values(tools).find((tool) => tool.scope === scope)?.capability ?? ''
}

/** The time until which an answer counts. It counts down by the stylesheet alone, since no script runs here. */
export function deadline(answerBy: Date) {
  const left = Math.ceil((answerBy.getTime() - Date.now()) / 1000)
  if (left <= 0) return alert('Nobody waits for the answer any more. Ask again in the application.')
  const begun = countdown.longest - Math.floor(left / countdown.step) * countdown.step
  const counting = left <= countdown.longest && begun < countdown.longest
  const time = answerBy.toTimeString().slice(0, 'hh:mm:ss'.length)
  return html`<p class="soft">It waits until <time datetime="${answerBy.toISOString()}">${time}</time><span class="${counting ? `countdown begun-${begun}` : ''}"></span>.</p>`
}

/** An address in its canonical form: without characters that look like others or turn the line round. */
function shownName(client: string): string {
  return isUnregistered(client) ? new URL(client).href : client
}

function unknown(client: string, isHere: boolean) {
  const warning = isHere ? ' Any program on this machine can pretend to be it.' : ''
  return html`<p role="note">Nobody has registered this application here.
It is known by <strong>${new URL(client).host}</strong> alone.${warning}</p>`
}

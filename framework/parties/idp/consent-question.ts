import { isLoopback } from '@lab/contract'
import { html, page } from './pages.ts'
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
}): Promise<string> {
  const { host, hostname } = new URL(asked.redirectUri)
  const isHere = isLoopback(hostname)
  return page(
    'Allow?',
    html`<p>${asked.username}, the application <strong>${shownName(asked.client)}</strong> asks for:</p>
<ul>${asked.scopes.map((scope) => html`<li>${scope}</li>`)}</ul>
${isUnregistered(asked.client) ? unknown(asked.client, isHere) : ''}
<p>The answer goes to <strong>${isHere ? hostname : host}</strong>${isHere ? ', a program on this machine' : ''}.</p>
<form method="post">
<button name="answer" value="allow">Allow</button>
<button name="answer" value="refuse">Refuse</button>
</form>`,
  )
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

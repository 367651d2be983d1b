import { createHmac, randomBytes } from 'node:crypto'
import { sameSecret } from '@lab/contract'
import type { KoaContextWithOIDC } from 'oidc-provider'
import type { CheckPassword } from '../check-password.ts'
import { deadline } from '../consent-question.ts'
import { loginForm } from '../login-page.ts'
import { alert, html, type Markup, page, pageHeaders } from '../pages.ts'
import { readForm } from '../read-form.ts'
import { type Approvals, approvalPath } from './approvals.ts'
import type { Question } from './questions.ts'

const title = 'Approve this action?'

/**
 * Asks a person whether an action may be done. She signs in for each question, so that no cookie of hers can answer one,
 * and whoever else has the address sees nothing of it. The page shows the action as the token will carry it.
 */
export function approvalPage(approvals: Approvals, check: CheckPassword) {
  const key = randomBytes(32)
  /** Shows that this person signed in for this question. */
  const ticketOf = ({ id, username }: Question) =>
    createHmac('sha256', key).update(`${id} ${username}`).digest('base64url')

  return async (ctx: KoaContextWithOIDC, next: () => Promise<void>): Promise<void> => {
    if (!ctx.path.startsWith(approvalPath)) return next()
    ctx.set(pageHeaders)
    const answer = async (status: number, body: Markup) => {
      ctx.status = status
      ctx.body = await page(title, body)
    }
    const question = approvals.questions.open(ctx.path.slice(approvalPath.length))
    const over = () => answer(410, alert('This question is over: it was answered, or nobody waits any more.'))
    if (!question) return over()
    if (ctx.method !== 'POST') return answer(200, loginForm())

    const fields = await readForm(ctx.req)
    const ticket = fields.get('ticket')
    if (ticket === null) {
      const username = fields.get('username') ?? ''
      const { sub, reason } = check(username, fields.get('password') ?? '')
      if (!sub) {
        approvals.record(question, 'deny', `a sign-in to answer failed: ${reason}`)
        return answer(200, loginForm('Invalid username or password.'))
      }
      if (username !== question.username) {
        approvals.record(question, 'deny', 'the answer of somebody else', username)
        return answer(403, alert('This question is for somebody else.'))
      }
      return answer(200, ask(question, ticketOf(question)))
    }
    if (!sameSecret(ticket, ticketOf(question))) {
      approvals.record(question, 'deny', 'an answer without a sign-in')
      return answer(403, alert('Sign in to answer this question.'))
    }
    const said = fields.get('answer')
    if (said !== 'approve' && said !== 'refuse') return answer(400, ask(question, ticket))
    if (!(await approvals.answer(question, said === 'approve' ? 'yes' : 'no'))) return over()
    return answer(200, html`<p>${said === 'approve' ? 'Approved, once.' : 'Refused. Nothing was done.'}</p>`)
  }
}

function ask({ username, client, action, message, expiresAt }: Question, ticket: string): Markup {
  const rows = Object.entries(action.arguments)
  return html`<p>${username}, the application <strong>${client}</strong> wants to do this for you, once:</p>
<p class="action">${action.tool}</p>
<ul class="scopes"><li>at the service <code>${action.locations[0]}</code></li>
${rows.map(([name, value]) => html`<li>${name}: <code>${String(value)}</code></li>`)}</ul>
${message ? html`<p class="soft">It calls the question: ${message}</p>` : ''}
<p class="soft">If you did not ask for exactly this, refuse.</p>
${deadline(expiresAt)}
<form method="post" class="answers">
<input type="hidden" name="ticket" value="${ticket}">
<button name="answer" value="approve" class="main">Approve</button>
<button name="answer" value="refuse">Refuse</button>
</form>`
}

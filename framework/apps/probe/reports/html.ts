import { html } from 'hono/html'
import { countOf, type Report } from './report.ts'

const style = `body{font:16px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:60rem;padding:0 1rem;color-scheme:light dark}
td,th{border-bottom:1px solid #8886;padding:.4rem .6rem;text-align:left;vertical-align:top}
.found,.error{color:#c22;font-weight:600}.held{color:#183}pre{white-space:pre-wrap;overflow-wrap:anywhere}
@media (prefers-color-scheme:dark){.found,.error{color:#f88}.held{color:#7d9}}`

/** One page that needs no server and runs no script. */
export async function toHtml(report: Report): Promise<string> {
  const { target, at, results } = report
  const rows = results.map(
    ({ check, outcome, reason, sent }) =>
      html`<tr>
        <td class="${outcome}">${outcome}</td>
        <td><code>${check.id}</code><br />${check.severity}</td>
        <td>
          ${outcome === 'found' ? html`<strong>${check.says}</strong><br />` : ''}${reason}
          ${outcome === 'found' ? html`<p><strong>Remedy:</strong> ${check.remedy}</p>` : ''}
          <details>
            <summary>${sent.length} requests, ${check.clauses.join('; ')}</summary>
            <pre>${sent.map((each) => `${each.method} ${each.url} → ${each.status}\n  ${each.answer}`).join('\n')}</pre>
          </details>
        </td>
      </tr>`,
  )
  const page = html`<!doctype html>
    <html lang="en">
      <meta charset="utf-8" />
      <title>Probe of ${target}</title>
      <style>
        ${style}
      </style>
      <h1>Probe of ${target}</h1>
      <p>
        ${at}: ${countOf(report, 'found')} found, ${countOf(report, 'held')} held,
        ${countOf(report, 'not-applicable')} not applicable, ${countOf(report, 'not-tried')} not tried,
        ${countOf(report, 'error')} errors.
      </p>
      <table>
        <thead><tr><th>Outcome</th><th>Check</th><th>What was seen</th></tr></thead>
        <tbody>${rows}</tbody>
      </table>
    </html>`
  return `${await page}\n`
}

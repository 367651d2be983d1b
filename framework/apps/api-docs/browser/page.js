import { credentialFor } from './credential.js'
import { refusalsAsSentences } from './refusal.js'

const service = location.pathname.slice(1)
/** @type {import('../page-data.ts').PageData} */
const data = await fetchJson('/page.json')
/** @type {import('./openapi.d.ts').OpenApi} */
const document = await fetchJson(`${data.services[service]}/openapi.json`)

text('pattern', `${data.pattern.name}: the ${service} service`)
text('summary', data.pattern.summary)
window.document.getElementById('services')?.append(...Object.keys(data.services).map(link))

const { who, headersFor } = await credentialFor(document, data, service)
const nothing = () => () => null
const dark = window.matchMedia('(prefers-color-scheme: dark)')
const followTheme = () => window.document.documentElement.classList.toggle('dark-mode', dark.matches)
followTheme()
dark.addEventListener('change', followTheme)
window.document.getElementById('reset')?.addEventListener('click', async () => {
  const { ok, status } = await fetch('/reset', { method: 'POST' }).catch(
    () => new Response('', { status: 503 }),
  )
  text('reset-result', ok ? 'The data is as it was at the start.' : `It was not reset: HTTP ${status}.`)
})

SwaggerUIBundle({
  domNode: window.document.getElementById('operations'),
  spec: document,
  presets: [SwaggerUIBundle.presets.apis],
  plugins: [
    refusalsAsSentences({ who, advice: data.advice }),
    // The credential is chosen above. The curl command would show it whole.
    () => ({
      wrapComponents: {
        authorizeBtn: nothing,
        authorizeOperationBtn: nothing,
        curl: nothing,
        // There is one server, which the navigation chooses.
        ServersContainer: nothing,
      },
    }),
  ],
  layout: 'BaseLayout',
  tryItOutEnabled: true,
  defaultModelsExpandDepth: -1,
  validatorUrl: null,
  async requestInterceptor(request) {
    return { ...request, headers: { ...request.headers, ...(await headersFor(request)) } }
  },
})

/** @param {string} url */
async function fetchJson(url) {
  const response = await fetch(url)
  if (!response.ok) throw new Error(`${url}: HTTP ${response.status}`)
  return response.json()
}

/**
 * @param {string} id
 * @param {string} content
 */
function text(id, content) {
  const element = window.document.getElementById(id)
  if (element) element.textContent = content
}

/** @param {string} name */
function link(name) {
  const anchor = Object.assign(window.document.createElement('a'), { href: `/${name}`, textContent: name })
  if (name === service) anchor.setAttribute('aria-current', 'page')
  return anchor
}

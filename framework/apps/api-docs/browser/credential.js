import { generateKeyPair, generateProof } from './dpop.js'
import { renew, signIn, signOut } from './sign-in.js'
import { partOf, showToken } from './token-view.js'

/**
 * Whose calls the page makes, and what they carry.
 * @typedef {object} Credential
 * @property {() => string} who as a sentence names the caller
 * @property {(request: { url: string, method: string }) => Promise<Record<string, string>>} headersFor
 */

/**
 * Shows what the service's document asks of a caller, and gives what the person makes of it.
 * @param {import('./openapi.d.ts').OpenApi} document
 * @param {import('../page-data.ts').PageData} data
 * @param {string} service
 * @returns {Promise<Credential>}
 */
export async function credentialFor(document, data, service) {
  const { apiKey, oauth } = document.components.securitySchemes ?? {}
  if (oauth) return token(oauth, data, service)
  if (apiKey) return key(apiKey.name)
  shown('no-credential')
  return { who: () => 'Anybody', headersFor: async () => ({}) }
}

/**
 * @param {string} header
 * @returns {Credential}
 */
function key(header) {
  shown('api-key').addEventListener('submit', (event) => event.preventDefault())
  const input = /** @type {HTMLInputElement} */ (window.document.getElementById('key'))
  return {
    who: () => 'The holder of this key',
    headersFor: async () => (input.value ? { [header]: input.value } : {}),
  }
}

/**
 * @param {import('./openapi.d.ts').OAuthScheme} scheme
 * @param {import('../page-data.ts').PageData} data
 * @param {string} service
 * @returns {Promise<Credential>}
 */
async function token(scheme, { client, users }, service) {
  const form = shown('sign-in')
  const status = /** @type {HTMLElement} */ (form.querySelector('[role=status]'))
  const leave = /** @type {HTMLButtonElement} */ (form.querySelector('[type=button]'))
  const { scopes, ...flow } = scheme.flows.authorizationCode
  form.querySelector('fieldset')?.append(...Object.entries(scopes).map(checkbox))
  // Made before anybody can click: it cannot be exported, and is gone with the page.
  const boundTo = scheme['x-token-type'] === 'DPoP' ? await generateKeyPair('ES256') : undefined
  /** @type {(Awaited<ReturnType<typeof signIn>> & { who: string }) | undefined} */
  let held
  /** @type {Promise<void> | undefined} */
  let renewing
  const show = () => showToken(held?.accessToken, users)
  /** Once for calls at the same time. What cannot be renewed is used as it is: the service says what it is worth. */
  const renewed = async () => {
    const before = held
    if (!before?.refreshToken || Date.now() < before.renewAt) return
    renewing ??= renew({ client, flow, refreshToken: before.refreshToken, boundTo })
      .then(
        (tokens) => {
          if (held !== before) return
          held = { ...before, ...tokens, idToken: tokens.idToken || before.idToken }
          show()
        },
        () => {},
      )
      .finally(() => {
        renewing = undefined
      })
    await renewing
  }
  /** @param {() => Promise<string>} work what comes of it is said in its words, or else in the error's */
  const say = async (work) => {
    status.textContent = 'Waiting for the window of the identity provider.'
    held = undefined
    status.textContent = await work().catch((error) => `Nobody is signed in. ${reasonOf(error)}`)
    leave.disabled = !held
    show()
  }

  form.addEventListener('submit', (event) => {
    event.preventDefault()
    const chosen = new FormData(/** @type {HTMLFormElement} */ (form)).getAll('scope').map(String)
    say(async () => {
      // Without the first scope the token would be addressed to nobody; with it, to this service and no other.
      const tokens = await signIn({ client, flow, boundTo, scopes: [`to-${service}`, ...chosen] })
      // An application leaves a token to its service (RFC 9068 section 6); this page shows what is in it.
      const claims = partOf(tokens.accessToken.split('.')[1] ?? '')
      held = { ...tokens, who: users[claims.sub] ?? claims.sub }
      return inWords(claims, held.who)
    })
  })
  leave.addEventListener('click', () => {
    const { idToken = '' } = held ?? {}
    say(async () => {
      await signOut(client, idToken)
      return 'Nobody is signed in.'
    })
  })

  return {
    who: () => held?.who ?? 'Nobody',
    async headersFor({ url, method }) {
      await renewed()
      if (!held) return {}
      const { accessToken } = held
      if (!boundTo) return { authorization: `Bearer ${accessToken}` }
      // htu is the address without its query (RFC 9449 section 4.2).
      const target = Object.assign(new URL(url), { search: '', hash: '' }).href
      const dpop = await generateProof(boundTo, target, method.toUpperCase(), undefined, accessToken)
      return { authorization: `DPoP ${accessToken}`, dpop }
    },
  }
}

/**
 * @param {[name: string, meaning: string]} scope
 */
function checkbox([name, meaning]) {
  const label = window.document.createElement('label')
  const input = Object.assign(window.document.createElement('input'), { type: 'checkbox', name: 'scope' })
  Object.assign(input, { value: name, checked: true })
  label.append(
    input,
    ' ',
    Object.assign(window.document.createElement('code'), { textContent: name }),
    ` ${meaning}`,
  )
  return label
}

/**
 * @param {Record<string, any>} claims
 * @param {string} who
 */
function inWords({ aud, scope, roles = [], exp, cnf }, who) {
  const until = new Date(exp * 1000).toLocaleTimeString()
  const bound = cnf ? ', with proofs of a key that only this page has' : ''
  const list = (/** @type {string[]} */ names) => names.join(', ') || 'none'
  return `${who} is signed in, role ${list([roles].flat())}. The token is addressed to ${list([aud ?? []].flat())}, carries the scopes ${list(scope.split(' ').filter(Boolean))}, and counts until ${until}${bound}.`
}

/** @param {unknown} error */
function reasonOf(error) {
  const { error: code, error_description: description, message } = /** @type {any} */ (error)
  return code ? `The identity provider says: ${description ?? code}.` : `${message}.`
}

/** @param {string} id */
function shown(id) {
  const element = /** @type {HTMLElement} */ (window.document.getElementById(id))
  element.hidden = false
  return element
}

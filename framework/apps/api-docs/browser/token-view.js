/** @type {Readonly<Record<string, string>>} */
const meanings = {
  iss: 'who made it',
  sub: 'about whom',
  aud: 'for which service',
  azp: 'through which client',
  client_id: 'through which client',
  scope: 'for which actions',
  roles: 'the roles of the user',
  act: 'who acts for the user',
  cnf: 'bound to this key: the thumbprint',
  exp: 'it counts until',
  iat: 'made at',
  nbf: 'it counts from',
  auth_time: 'the user signed in at',
  jti: 'its own id',
  sid: 'the session at the identity provider',
  acr: 'how the user signed in',
  typ: 'the kind of token',
  alg: 'the signature algorithm',
  kid: 'the key that signed it',
}
const times = ['exp', 'iat', 'nbf', 'auth_time']

/**
 * Shows what is in a token, and nothing of its signature: without that it opens nothing.
 * @param {string | undefined} token
 * @param {Readonly<Record<string, string>>} users names by what tokens name them by
 */
export function showToken(token, users) {
  const section = /** @type {HTMLElement} */ (document.getElementById('token'))
  section.hidden = !token
  const [header = '', claims = ''] = token?.split('.') ?? []
  const parts = token ? [...part('Header', partOf(header)), ...part('Claims', partOf(claims), users)] : []
  if (token) {
    parts.push(element('h3', 'Signature'), element('p', 'Not shown: with it, the token could be used.'))
  }
  document.getElementById('token-parts')?.replaceChildren(...parts)
}

/**
 * The JSON in a part of a token.
 * @param {string} base64url
 * @returns {Record<string, any>}
 */
export function partOf(base64url) {
  const bytes = atob(base64url.replaceAll('-', '+').replaceAll('_', '/'))
  return JSON.parse(new TextDecoder().decode(Uint8Array.from(bytes, (byte) => byte.charCodeAt(0))))
}

/**
 * @param {string} title
 * @param {Record<string, any>} values
 * @param {Readonly<Record<string, string>>} [users]
 */
function part(title, values, users = {}) {
  const table = element('table')
  for (const [name, value] of Object.entries(values)) {
    const row = element('tr')
    const head = element('th')
    head.scope = 'row'
    head.append(element('code', name))
    const cell = element('td')
    cell.append(element('code', typeof value === 'string' ? value : JSON.stringify(value)))
    row.append(head, cell, element('td', meaningOf(name, value, users)))
    table.append(row)
  }
  return [element('h3', title), table]
}

/**
 * @param {string} name
 * @param {unknown} value
 * @param {Readonly<Record<string, string>>} users
 */
function meaningOf(name, value, users) {
  const meaning = meanings[name] ?? ''
  if (name === 'sub' && users[String(value)]) return `${meaning}: ${users[String(value)]}`
  return times.includes(name) ? `${meaning} ${new Date(Number(value) * 1000).toLocaleTimeString()}` : meaning
}

/**
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {string} [text]
 */
function element(tag, text = '') {
  return Object.assign(document.createElement(tag), { textContent: text })
}

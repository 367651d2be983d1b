import * as oauth from './oauth4webapi.js'

/** Name of the one window in which the IdP shows its pages. */
const windowName = 'sign-in'
let superseded = new AbortController()

/**
 * Signs a person in for one service, in a window of its own: authorization code (RFC 6749 section 4.1) with PKCE
 * (RFC 7636), `state` and the check of `iss` (RFC 9207). What comes of it is kept by nobody but the caller.
 * @param {object} request
 * @param {import('../page-data.ts').SignInClient} request.client
 * @param {{ authorizationUrl: string, tokenUrl: string }} request.flow as the OpenAPI document declares it
 * @param {string[]} request.scopes
 * @param {CryptoKeyPair | undefined} request.boundTo the key that the token is to be bound to (RFC 9449 section 5)
 * @throws {Error} where the browser opens no window, the person or the IdP says no, or an answer does not hold
 */
export async function signIn({ client, flow, scopes, boundTo }) {
  const popup = openWindow()
  const { server, self } = parties(client, flow)
  const codeVerifier = oauth.generateRandomCodeVerifier()
  const [state, nonce] = [oauth.generateRandomState(), oauth.generateRandomNonce()]

  const url = new URL(flow.authorizationUrl)
  url.search = new URLSearchParams({
    response_type: 'code',
    client_id: client.clientId,
    redirect_uri: client.redirectUri,
    scope: ['openid', ...scopes].join(' '),
    code_challenge: await oauth.calculatePKCECodeChallenge(codeVerifier),
    code_challenge_method: 'S256',
    state,
    nonce,
  }).toString()
  popup.location.replace(url)

  const parameters = oauth.validateAuthResponse(server, self, await addressGivenBy(popup), state)
  const response = await oauth.authorizationCodeGrantRequest(
    server,
    self,
    oauth.None(),
    parameters,
    client.redirectUri,
    codeVerifier,
    { ...(boundTo && { DPoP: oauth.DPoP(self, boundTo) }), [oauth.allowInsecureRequests]: true },
  )
  const options = { expectedNonce: nonce, requireIdToken: true }
  const tokens = await oauth.processAuthorizationCodeResponse(server, self, response, options)
  return tokensIn(tokens)
}

/**
 * Renews the tokens of a sign-in, without the person (RFC 6749 section 6). A refresh token counts once, so each renewal
 * gives the next one.
 * @param {object} request
 * @param {import('../page-data.ts').SignInClient} request.client
 * @param {{ authorizationUrl: string, tokenUrl: string }} request.flow
 * @param {string} request.refreshToken
 * @param {CryptoKeyPair | undefined} request.boundTo the key of the tokens
 * @throws {Error} where the session has ended, or the IdP does not answer
 */
export async function renew({ client, flow, refreshToken, boundTo }) {
  const { server, self } = parties(client, flow)
  const response = await oauth.refreshTokenGrantRequest(server, self, oauth.None(), refreshToken, {
    ...(boundTo && { DPoP: oauth.DPoP(self, boundTo) }),
    [oauth.allowInsecureRequests]: true,
  })
  return tokensIn(await oauth.processRefreshTokenResponse(server, self, response))
}

/**
 * @param {import('../page-data.ts').SignInClient} client
 * @param {{ authorizationUrl: string, tokenUrl: string }} flow
 */
function parties(client, flow) {
  const server = {
    issuer: client.issuer,
    authorization_endpoint: flow.authorizationUrl,
    token_endpoint: flow.tokenUrl,
    authorization_response_iss_parameter_supported: true,
  }
  /** @type {oauth.Client} */
  const self = { client_id: client.clientId, id_token_signed_response_alg: 'ES256' }
  return { server, self }
}

/** @param {oauth.TokenEndpointResponse} tokens */
function tokensIn({ access_token, id_token, refresh_token, expires_in = Number.POSITIVE_INFINITY }) {
  return {
    accessToken: access_token,
    idToken: id_token ?? '',
    refreshToken: refresh_token ?? '',
    /** In ms since the epoch: with less than half a minute left it is renewed before it is used. */
    renewAt: Date.now() + (expires_in - 30) * 1000,
  }
}

/**
 * Ends the session at the IdP (OpenID Connect RP-Initiated Logout 1.0 section 2), so that another person can sign in.
 * By POST, so that the ID token stands in no URL.
 * @param {import('../page-data.ts').SignInClient} client
 * @param {string} idToken
 */
export async function signOut(client, idToken) {
  const popup = openWindow()
  const action = client.endSessionUrl
  const form = Object.assign(document.createElement('form'), { method: 'post', action, target: windowName })
  for (const [name, value] of [
    ['id_token_hint', idToken],
    ['post_logout_redirect_uri', client.redirectUri],
  ]) {
    form.append(Object.assign(document.createElement('input'), { type: 'hidden', name, value }))
  }
  document.body.append(form)
  form.submit()
  form.remove()
  await addressGivenBy(popup)
}

/** Before anything is waited for: a browser lets a page open a window only while it handles a click. */
function openWindow() {
  const popup = window.open('about:blank', windowName, 'popup,width=480,height=640')
  if (!popup) throw new Error('The browser opened no window to sign in: allow it for this page')
  return popup
}

/**
 * The address that the IdP sent the window back to. Never, where the person closes it or begins anew.
 * @param {Window} popup
 * @returns {Promise<URL>}
 */
function addressGivenBy(popup) {
  superseded.abort()
  superseded = new AbortController()
  const { signal } = superseded
  return new Promise((resolve) => {
    const take = (/** @type {MessageEvent} */ { origin, source, data }) => {
      if (origin === location.origin && source === popup) resolve(new URL(data))
    }
    window.addEventListener('message', take, { signal })
  })
}

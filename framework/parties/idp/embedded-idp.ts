import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { serverLimits } from '@lab/services'
import { type CryptoKey, calculateJwkThumbprint, exportJWK, generateKeyPair } from 'jose'
import { Provider } from 'oidc-provider/lib/provider.js'
import { reportDefect } from '../../process/exit.ts'
import type { Realm } from '../../scenario/realm/index.ts'
import { scopeOf } from '../../scenario/realm/lookup.ts'
import { approvalPage } from './approvals/approval-page.ts'
import { Approvals } from './approvals/approvals.ts'
import { holdPolls } from './approvals/hold-polls.ts'
import type { TellPerson } from './approvals/questions.ts'
import { type IdpAudit, recordGrants } from './audit.ts'
import { passwordCheck } from './check-password.ts'
import { consentPage } from './consent-page.ts'
import { inSlots } from './fetch-slots.ts'
import type { IdentityProvider } from './identity-provider.ts'
import { keycloakErrors } from './keycloak-errors.ts'
import { LiveRealm } from './live-realm.ts'
import { loginPage } from './login-page.ts'
import { logout } from './logout.ts'
import { allowAnyLoopback } from './loopback-redirect.ts'
import { MemoryStore } from './memory-store.ts'
import { PendingSignIns } from './pending-sign-ins.ts'
import { providerConfig } from './provider-config.ts'
import { type FetchDocument, publicFetch } from './public-fetch.ts'
import { ignoreNeedlessConsent, ignoreResourceInTokenRequests } from './standard-clients.ts'
import { addTokenExchange } from './token-exchange.ts'
import { answerUnrecorded } from './unrecorded.ts'
import { addWorkloadGrant, type WorkloadIssuer } from './workload-grant.ts'

/**
 * Starts an identity provider in this process, on a loopback port: what the realm file describes, with the
 * semantics that Keycloak gives to the same file. Its signing key lives as long as it does.
 * @param options.port 0 or none: any free one
 * @throws the socket's error, such as EADDRINUSE
 */
export async function startEmbeddedIdp(options: {
  readonly realm: Realm
  readonly audit: IdpAudit
  readonly port?: number
  /** The ES256 key that it signs with, extractable. Default: a new one. */
  readonly signingKey?: CryptoKey | undefined
  /** The fetch for a client's metadata document. Default: from public addresses alone. */
  readonly fetchDocument?: FetchDocument
  /** The addresses of resources, for a realm that honours `resource` (RFC 8707); asked at each request. */
  readonly resources?: () => readonly string[]
  /** The platform whose workloads are known by its tokens. Default: none is trusted. */
  readonly workloads?: WorkloadIssuer
  /** A person's own clients on this machine may have their answers at any port and path of it. Default: at any port. */
  readonly anyLoopback?: boolean
  /** Tells a person that somebody wants her approval of an action. Default: nobody is told, and the question waits. */
  readonly tellPerson?: TellPerson
}): Promise<IdentityProvider> {
  const realm = new LiveRealm(options.realm, options.resources)
  const store = new MemoryStore()
  const [server, key] = await Promise.all([listen(options.port ?? 0), keyPair(options.signingKey)])
  const { port } = server.address() as AddressInfo
  const issuer = `http://127.0.0.1:${port}`

  const { fetchDocument = publicFetch } = options
  const pending = new PendingSignIns()
  const { audit, tellPerson: tell = () => {} } = options
  const approvals = new Approvals({ realm, audit, issuer, keys: { keys: [key.public] }, tell })
  const check = passwordCheck(realm)
  const config = providerConfig({
    realm,
    store,
    pending,
    approvals,
    issuer,
    key: key.private,
    fetchDocument: inSlots(fetchDocument),
  })
  const provider = new Provider(issuer, config)
  if (options.anyLoopback) allowAnyLoopback(provider, realm)
  addTokenExchange(provider, realm, { keys: [key.public] })
  addWorkloadGrant(provider, realm, options.workloads)
  ignoreResourceInTokenRequests(provider)
  holdPolls(provider, approvals)
  provider.use(answerUnrecorded)
  provider.use(pending.middleware)
  provider.use(ignoreNeedlessConsent(provider, realm))
  provider.use(logout(provider, realm, audit))
  provider.use(keycloakErrors(provider))
  provider.use(loginPage(provider, realm, check, audit))
  provider.use(consentPage(provider, realm, audit))
  provider.use(approvalPage(approvals, check))
  recordGrants(provider, realm, audit)
  const koa: NodeJS.EventEmitter = provider
  koa.on('error', reportOurs)
  server.on('request', forHost(new URL(issuer).host, provider.callback()))

  return {
    kind: 'embedded',
    issuer,
    admin: {
      async endSessions(username) {
        store.endSessions(realm.changeUser(username, {}).sub)
      },
      async setRoles(username, roles) {
        realm.changeUser(username, { roles })
      },
      async setUserEnabled(username, enabled) {
        realm.changeUser(username, { enabled })
      },
      async setClientEnabled(clientId, enabled) {
        realm.changeClient(clientId, { enabled })
      },
      async setOptionalScopes(clientId, names) {
        realm.changeClient(clientId, { optionalScopes: names.map((name) => scopeOf(options.realm, name)) })
      },
      async revokeConsent(username, clientId) {
        store.revokeGrants(realm.changeUser(username, {}).sub, clientId)
      },
      async reset() {
        realm.reset()
      },
    },
    async close() {
      const closed = new Promise((resolve) => server.close(resolve))
      approvals.close()
      server.closeAllConnections()
      await closed
      pending.close()
    },
  }
}

/** Opens the port first: the issuer's name has the port in it. */
async function listen(port: number) {
  const server = createServer(serverLimits)
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', resolve)
  })
  return server
}

async function keyPair(given: CryptoKey | undefined) {
  const privateKey = given ?? (await generateKeyPair('ES256', { extractable: true })).privateKey
  const { d, ...coordinates } = await exportJWK(privateKey)
  const kid = await calculateJwkThumbprint(coordinates)
  const publicKey = { ...coordinates, kid, alg: 'ES256', use: 'sig' }
  return { public: publicKey, private: { ...publicKey, d } }
}

/** Prints an error that is ours. A caller who sends what is no HTTP, or leaves in the middle, is none. */
function reportOurs(error: NodeJS.ErrnoException): void {
  if (error.code === 'ECONNRESET' || error.code?.startsWith('HPE_')) return
  reportDefect(error)
}

/** Endpoint addresses are made from the `Host` header, so no other one is served (DNS rebinding). */
function forHost(host: string, serve: RequestListener): RequestListener {
  return (request, response) => {
    // A whole URL as target is for proxies; one that is no URL would be an exception further in.
    const isOurs = request.headers.host === host && request.url?.startsWith('/')
    if (isOurs) return serve(request, response)
    response
      .writeHead(421, { 'content-type': 'text/plain' })
      .end(`This identity provider answers as http://${host}\n`)
  }
}

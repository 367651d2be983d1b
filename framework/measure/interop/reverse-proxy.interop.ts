import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { request } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { newTraceparent } from '@lab/contract'
import { listen } from '@lab/services'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { connectMcp } from '../../parties/agent/mcp-connection.ts'
import { signIn } from '../../parties/sign-in/index.ts'
import { publicAddress } from '../../runner/behind-proxy.ts'
import { PatternRunner } from '../../runner/pattern-runner.ts'
import { userOf } from '../../scenario/realm/lookup.ts'

const folder = mkdtempSync(join(tmpdir(), 'reverse-proxy-'))
afterAll(() => rmSync(folder, { recursive: true }))
const at = (name: string) => join(folder, name)

/** An authority of this test alone, and a certificate of its for lab.example. */
function makeCertificate(): void {
  const openssl = (...args: string[]) => execFileSync('openssl', args, { cwd: folder, stdio: 'ignore' })
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout']
  writeFileSync(at('names'), 'subjectAltName=DNS:lab.example\n')
  openssl('req', '-x509', ...key, 'ca.key', '-out', 'ca.crt', '-days', '2', '-subj', '/CN=test authority')
  openssl('req', ...key, 'lab.key', '-out', 'lab.csr', '-subj', '/CN=lab.example')
  const signing = ['-CA', 'ca.crt', '-CAkey', 'ca.key', '-CAcreateserial', '-days', '2', '-extfile', 'names']
  openssl('x509', '-req', '-in', 'lab.csr', '-out', 'lab.crt', ...signing)
  writeFileSync(at('lab.pem'), readFileSync(at('lab.crt'), 'utf8') + readFileSync(at('lab.key'), 'utf8'))
}

/** nginx takes the prefix off and passes its own name on; HAProxy passes name and path on as they came. */
const proxies = {
  nginx: (port: string, upstream: string) => ({
    config: `daemon off; pid ${at('nginx.pid')}; error_log stderr; events {}
http { access_log off; client_body_temp_path ${folder}; proxy_temp_path ${folder}; fastcgi_temp_path ${folder};
  uwsgi_temp_path ${folder}; scgi_temp_path ${folder};
  server { listen 127.0.0.1:${port} ssl; server_name lab.example;
    ssl_certificate ${at('lab.crt')}; ssl_certificate_key ${at('lab.key')};
    location /prefix/ { proxy_pass ${upstream}/; }
    location /.well-known/oauth-protected-resource/prefix/ { proxy_pass ${upstream}; proxy_set_header Host $http_host; }
  } }`,
    command: ['nginx', '-p', folder, '-c'],
  }),
  haproxy: (port: string, upstream: string) => ({
    config: `defaults
  mode http
  timeout connect 5s
  timeout client 30s
  timeout server 30s
frontend lab
  bind 127.0.0.1:${port} ssl crt ${at('lab.pem')}
  default_backend lab
backend lab
  server lab ${new URL(upstream).host}
`,
    command: ['haproxy', '-db', '-f'],
  }),
}

describe.each(['nginx', 'haproxy'] as const)('behind %s, with TLS and a path prefix', (name) => {
  let runner: PatternRunner
  let proxy: ReturnType<typeof spawn>
  let base: string

  beforeAll(async () => {
    if (spawnSync('which', [name]).status !== 0)
      throw new Error(`${name} is not installed: apt-get install ${name}`)
    makeCertificate()
    const free = await listen()
    const { port } = new URL(free.url)
    await free.close()
    base = `https://lab.example:${port}`
    runner = await new PatternRunner('p08', {
      ownClients: true,
      frontDoor: { publicAddress: publicAddress(`${base}/prefix`) },
    }).start()
    const { config, command } = proxies[name](port, new URL(runner.stack.mcpUrl).origin)
    writeFileSync(at(name), config)
    const [binary = '', ...args] = command
    proxy = spawn(binary, [...args, at(name)], { stdio: 'inherit' })
    for (let tries = 0; tries < 100; tries++) {
      const isUp = await throughProxy(`${base}/prefix/health`).then(
        ({ status }) => status === 200,
        () => false,
      )
      if (isUp) return
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
    throw new Error(`${name} does not answer`)
  })
  afterAll(async () => {
    proxy.kill()
    await once(proxy, 'exit')
    await runner.stop()
  })

  /** `fetch` to lab.example on this machine, by the test's authority alone. */
  const throughProxy: typeof fetch = async (input, init) => {
    const sent = new Request(input, init)
    const body = Buffer.from(await sent.arrayBuffer())
    return new Promise((resolve, reject) => {
      const call = request(sent.url, {
        method: sent.method,
        headers: { ...Object.fromEntries(sent.headers), 'content-length': String(body.length) },
        ca: readFileSync(at('ca.crt')),
        servername: 'lab.example',
        lookup: (_host, options, callback) =>
          options.all
            ? callback(null, [{ address: '127.0.0.1', family: 4 }])
            : callback(null, '127.0.0.1', 4),
      })
      call.on('error', reject)
      call.on('response', async (response) => {
        const chunks: Buffer[] = []
        for await (const chunk of response) chunks.push(chunk)
        const headers = Object.entries(response.headers).map(([key, value]) => [key, String(value)] as const)
        const text = Buffer.concat(chunks)
        const status = response.statusCode ?? 0
        resolve(
          new Response([202, 204, 304].includes(status) ? null : text, {
            status,
            headers: headers.map((each) => [...each]),
          }),
        )
      })
      call.end(body)
    })
  }

  const spoofed = {
    forwarded: 'host=evil.example;proto=http',
    'x-forwarded-host': 'evil.example',
    'x-forwarded-proto': 'http',
    'x-forwarded-prefix': '/evil',
    'x-original-url': '/evil',
  }

  it.each([{}, spoofed])('challenge and metadata name the public address (with %j)', async (headers) => {
    const refused = await throughProxy(`${base}/prefix/mcp`, { method: 'POST', body: '{}', headers })
    expect(refused.status).toBe(401)
    const metadata = `${base}/.well-known/oauth-protected-resource/prefix/mcp`
    expect(refused.headers.get('www-authenticate')).toContain(`resource_metadata="${metadata}"`)
    const answer = await throughProxy(metadata, { headers })
    expect(await answer.json()).toMatchObject({ resource: `${base}/prefix/mcp` })
  })

  it.each([{}, spoofed])(
    'a person signs in for it, and each tool call is served (with %j)',
    async (headers) => {
      const { idp, realm, resource } = runner.stack
      expect(resource).toBe(`${base}/prefix/mcp`)
      const { accessToken } = await signIn({
        issuer: idp.issuer,
        clientId: 'agent-app',
        redirectUri: 'http://localhost:3334/oauth/callback',
        username: 'bob',
        password: userOf(realm, 'bob').password,
        scopes: ['expenses:approve'],
        resource,
        fetch,
        traceparent: newTraceparent(),
      })
      runner.resetData()
      const connection = await connectMcp({
        mcpUrl: resource,
        accessToken,
        traceparent: newTraceparent(),
        // p08 sends DPoP proofs to the services: their addresses do not move with the public one.
        fetch: (input, init) =>
          throughProxy(input, {
            ...init,
            headers: { ...Object.fromEntries(new Headers(init?.headers)), ...headers },
          }),
      })
      try {
        expect(await connection.callTool('approve_expense', { id: 103 })).toMatchObject({ isError: false })
      } finally {
        await connection.close()
      }
    },
  )

  it('a name that is not the public one is refused', async () => {
    const headers = { host: 'evil.example', origin: 'https://evil.example' }
    const answer = await throughProxy(`${base}/prefix/mcp`, { method: 'POST', body: '{}', headers })
    expect(answer.status).toBe(403)
  })
})

import { readFile } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { Hono } from 'hono'
import { type ApiParts, pageApi } from './api.ts'
import { guard, refusal, secureHeaders } from './guard.ts'

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
}

/**
 * The lab page as a web handler: the front end's files, which hold nothing secret, and the routes under `/api`.
 * @param folder the front end as it was built
 */
export function pageApp(parts: ApiParts, folder: string): Hono {
  const app = new Hono()
  app.use(secureHeaders)
  app.use(guard(parts.port))
  app.route('/api', pageApi(parts))
  app.get('/', (c) =>
    file(join(folder, 'index.html'), (body, type) => c.body(body, 200, { 'content-type': type })),
  )
  app.get('/assets/:name{[\\w.-]+}', (c) =>
    file(join(folder, 'assets', c.req.param('name')), (body, type) =>
      // Its name changes with its content.
      c.body(body, 200, { 'content-type': type, 'cache-control': 'private, max-age=31536000, immutable' }),
    ),
  )
  app.notFound((c) => c.json(refusal('not_found', 'there is nothing here: open /'), 404))
  return app
}

async function file(path: string, answer: (body: string, type: string) => Response): Promise<Response> {
  const type = types[extname(path)]
  const body = type === undefined ? undefined : await readFile(path, 'utf8').catch(() => undefined)
  if (type === undefined || body === undefined) {
    return Response.json(refusal('not_found', 'there is no such file: load the page again'), { status: 404 })
  }
  return answer(body, type)
}

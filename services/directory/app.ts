import { createRoute, z } from '@hono/zod-openapi'
import { changeWithRecord } from '../shared/change-with-record.ts'
import { operation } from '../shared/operation.ts'
import { requirePermission } from '../shared/permission.ts'
import { ErrorBody, jsonResponse, refusals } from '../shared/responses.ts'
import { createServiceApp } from '../shared/service-app.ts'
import type { ServiceApp, ServiceDeps } from '../shared/service-deps.ts'
import { UserName } from '../shared/user-name.ts'
import type { DirectoryRows } from './rows.ts'
import { RoleName } from './schema.ts'

/** Directory: set a user's role. */
export function createDirectoryApp(deps: ServiceDeps, directory: DirectoryRows): ServiceApp {
  const app = createServiceApp(deps, 'Users and their roles.')

  const setRole = createRoute({
    method: 'put',
    path: '/users/{user}/role',
    operationId: 'set_user_role',
    summary: "Replace a user's roles by one",
    request: {
      params: z.object({ user: UserName.openapi({ example: 'dave' }) }),
      body: {
        required: true,
        content: { 'application/json': { schema: z.strictObject({ role: RoleName }) } },
      },
    },
    responses: {
      200: jsonResponse(z.object({ user: UserName, roles: z.array(RoleName) }), 'The roles as they are now'),
      404: jsonResponse(ErrorBody, 'There is no such user'),
      ...refusals,
    },
    middleware: operation('set_user_role', deps),
  })
  app.openapi(setRole, async (c) => {
    const { user } = c.req.valid('param')
    const { role } = c.req.valid('json')
    // First of all, or the answer would tell who may not manage users which of them there are.
    const decided = await requirePermission(c, deps, { type: 'user', id: user })
    if (!directory.find(user)) {
      const reason = `there is no user ${user}`
      c.set('decided', { resources: [`user:${user}`], decision: 'deny', decidedBy: 'nobody', reason })
      return c.json({ error: 'not_found', reason }, 404)
    }
    const make = () => {
      directory.setRole(user, role)
      return [...directory.rolesOf(user)]
    }
    const roles = changeWithRecord(c, { rows: directory, make, status: 200, decided: () => decided }) ?? []
    return c.json({ user, roles }, 200)
  })

  return app
}

import { AdminApi } from '../keycloak/admin-api.ts'
import { issuerAt, keycloakSettings } from '../keycloak/settings.ts'
import { describeAgentWithoutUser } from './testing/agent.ts'

describeAgentWithoutUser('Keycloak', async (clients) => {
  const settings = keycloakSettings(process.env)
  const api = new AdminApi(settings, 'agent-auth')
  const remove = async () => {
    for (const { clientId } of clients) {
      const known = await api.get<{ readonly id: string }[]>(`/clients?clientId=${clientId}`)
      for (const { id } of known) await api.send('DELETE', `/clients/${id}`)
    }
  }
  // Those of a run that was cut short.
  await remove()
  for (const client of clients) await api.send('POST', '/clients', client)
  return { issuer: issuerAt(settings.url, 'agent-auth'), close: remove }
})

import instance from 'oidc-provider/lib/helpers/weak_cache.js'
import type { Provider } from 'oidc-provider/lib/provider.js'
import { backchannelGrant } from '../client-metadata.ts'
import type { Approvals } from './approvals.ts'

/** Answers a client that polls as soon as there is an answer, and not at its next turn (CIBA Core 1.0 section 7.3). */
export function holdPolls(provider: Provider, approvals: Approvals): void {
  const { grantTypeHandlers } = instance(provider)
  const answer = grantTypeHandlers.get(backchannelGrant)
  if (!answer) throw new TypeError('this provider has no backchannel authentication')
  grantTypeHandlers.set(backchannelGrant, async (ctx) => {
    await approvals.settled(String(ctx.oidc.params?.auth_req_id ?? ''))
    await answer(ctx)
  })
}

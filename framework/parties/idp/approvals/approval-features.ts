import { actionDetailsIn, actionType } from '@lab/contract'
import type { CIBAConfiguration, RichAuthorizationRequestsConfiguration } from 'oidc-provider'
import { InvalidAuthorizationDetails, InvalidRequest } from 'oidc-provider/lib/helpers/errors.js'
import type { LiveRealm } from '../live-realm.ts'
import { availableAudiences } from '../token-claims.ts'
import { actionIn } from './action-in.ts'
import type { Approvals } from './approvals.ts'

interface Features {
  readonly ciba: CIBAConfiguration
  readonly richAuthorizationRequests: RichAuthorizationRequestsConfiguration
}

/** Backchannel authentication (CIBA Core 1.0, poll mode) for one action at a time (RFC 9396), and for nothing else. */
export function approvalFeatures(realm: LiveRealm, approvals: Approvals): Features {
  return {
    ciba: {
      enabled: true,
      deliveryModes: ['poll'],
      async validateRequestContext(ctx) {
        const { login_hint_token: session, authorization_details: details } = ctx.oidc.params ?? {}
        // A name or an ID token says who somebody is, and not that she has anything to do with this client now.
        if (!session)
          throw new InvalidRequest('login_hint_token must be a token of the session of who is asked')
        if (!actionIn(String(details)))
          throw new InvalidRequest('authorization_details must be of one action')
      },
      async validateBindingMessage(_ctx, message) {
        if (message !== undefined && message.length > 200)
          throw new InvalidRequest('binding_message is too long')
      },
      processLoginHintToken: (ctx, token) => approvals.personOf(ctx, token ?? ''),
      processLoginHint: async () => undefined,
      verifyUserCode: async () => {},
      triggerAuthenticationDevice: (ctx, request) => approvals.ask(ctx, request),
    },
    richAuthorizationRequests: {
      enabled: true,
      types: {
        [actionType]: {
          validate(ctx, detail, client) {
            const asking = realm.clientOf(client)
            const action = actionDetailsIn(detail)
            const known = availableAudiences(asking, [...ctx.oidc.requestParamScopes])
            if (!asking.backchannel || !action || !known.includes(action.locations[0])) {
              throw new InvalidAuthorizationDetails(
                'not one tool call at one service that the client may ask about',
              )
            }
          },
        },
      },
      // Nobody is asked about an action anywhere else.
      authorizationDetailsForGrantSource: async () => undefined,
      authorizationDetailsForAccessToken: async (_ctx, _token, source) => source?.rar,
    },
  }
}

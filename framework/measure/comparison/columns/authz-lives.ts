import { isService } from '../../../trace/audit/records.ts'
import type { Observations } from '../observations.ts'

const names: Readonly<Record<string, string>> = {
  '': 'nowhere',
  service: 'service',
  opa: 'OPA policy',
  'opa service': 'service + OPA',
  idp: 'IdP',
  'idp service': 'IdP + service',
  'idp opa': 'IdP + OPA',
  'idp opa service': 'IdP + service + OPA',
}

/**
 * The parties that decided on authenticated requests, in the honest runs and the signature attacks. A 401 counts for nobody: it
 * is about the credential. The IdP counts where a grant that it refused made the difference.
 */
export function authzLives({ ladderRecords, idpDecides }: Observations): string {
  const decisions = ladderRecords.filter(
    (record) => (isService(record) || record.service === 'mcp-server') && record.status !== 401,
  )
  const deciders = new Set<string>(
    decisions
      .filter(({ decision }) => decision !== 'error')
      .map(({ decidedBy }) => decidedBy)
      .filter((who) => who === 'service' || who === 'opa'),
  )
  if (idpDecides) deciders.add('idp')
  return names[[...deciders].sort().join(' ')] ?? 'nowhere'
}

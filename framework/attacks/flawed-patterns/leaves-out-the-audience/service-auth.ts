/**
 * Leaves out the audience: as p06.
 * Still allows: what p06 allows.
 * Baseline: p06.
 */
export { getIdentity } from '../../../../patterns/p06-scoped-token-opa/service-auth.ts'

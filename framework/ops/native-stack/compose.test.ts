import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { projectFolder } from '../../process/folders.ts'
import { opaVersion } from '../policy/opa.ts'
import { keycloakVersion } from './keycloak-distribution.ts'
import { keycloakArguments, keycloakOptions } from './keycloak-options.ts'
import { opaArguments } from './native-stack.ts'

interface ComposeService {
  readonly image: string
  readonly command?: readonly string[]
  readonly environment?: Readonly<Record<string, string>>
  readonly ports?: readonly string[]
  readonly healthcheck?: object
  readonly build?: { readonly args: Readonly<Record<string, string>> }
  readonly cap_drop?: readonly string[]
  readonly security_opt?: readonly string[]
  readonly pids_limit?: number
  readonly mem_limit?: string
  readonly read_only?: boolean
  readonly privileged?: boolean
  readonly network_mode?: string
  readonly pid?: string
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>
}

const file = parse(readFileSync(join(projectFolder, 'docker-compose.yml'), 'utf8'), { merge: true })
const services: Readonly<Record<string, ComposeService>> = file.services
const dockerfile = readFileSync(join(projectFolder, 'Dockerfile'), 'utf8')

describe('docker-compose.yml', () => {
  it('publishes every port on loopback only', () => {
    const ports = Object.values(services).flatMap((service) => service.ports ?? [])
    expect(ports).toHaveLength(3)
    for (const port of ports) expect(port).toMatch(/^127\.0\.0\.1:\d+:\d+$/)
  })

  it('starts the MCP server when what it needs is healthy', () => {
    expect(services['mcp-server']?.depends_on).toEqual({
      keycloak: { condition: 'service_healthy' },
      opa: { condition: 'service_healthy' },
    })
    expect(JSON.stringify(services.keycloak?.healthcheck)).toContain('/health/ready')
    expect(JSON.stringify(services.opa?.healthcheck)).toContain('/health?bundles=true')
    expect(dockerfile).toMatch(/^HEALTHCHECK /m)
  })

  it('sets Keycloak up as the stack without Docker does', () => {
    const { KC_BOOTSTRAP_ADMIN_USERNAME, KC_BOOTSTRAP_ADMIN_PASSWORD, ...options } =
      services.keycloak?.environment ?? {}
    expect(options).toEqual(keycloakOptions)
    expect(services.keycloak?.command).toEqual(keycloakArguments)
    expect([KC_BOOTSTRAP_ADMIN_USERNAME, KC_BOOTSTRAP_ADMIN_PASSWORD].join()).toMatch(/:-admin},.*:-admin}$/)
  })

  it('runs OPA as the stack without Docker does', () => {
    expect(services.opa?.command).toEqual([...opaArguments('/policy'), '--addr', '0.0.0.0:8181'])
  })

  it('names the releases that the stack without Docker installs', () => {
    expect(services.keycloak?.image).toBe(`\${KEYCLOAK_IMAGE:-quay.io/keycloak/keycloak:${keycloakVersion}}`)
    expect(services.opa?.image).toBe(`\${OPA_IMAGE:-openpolicyagent/opa:${opaVersion}}`)
    const base = /^ARG NODE_IMAGE=(.*)$/m.exec(dockerfile)?.[1]
    expect(services['mcp-server']?.build?.args.NODE_IMAGE).toBe(`\${NODE_IMAGE:-${base}}`)
  })

  it.each(Object.entries(services))('should harden %s', (name, service) => {
    expect(service.cap_drop).toEqual(['ALL'])
    expect(service.security_opt).toEqual(['no-new-privileges:true'])
    expect(service.pids_limit).toBeGreaterThan(0)
    expect(service.mem_limit).toMatch(/^\d+[mg]$/)
    expect(service.privileged ?? service.network_mode ?? service.pid).toBeUndefined()
    // Keycloak's start-dev builds the server into its own folders.
    if (name !== 'keycloak') expect(service.read_only).toBe(true)
  })

  const compose = spawnSync('docker', ['compose', 'version']).status === 0
  it.skipIf(!compose)('is what docker compose accepts', () => {
    const { status, stderr } = spawnSync('docker', ['compose', 'config', '--quiet'], {
      cwd: projectFolder,
      encoding: 'utf8',
      env: { ...process.env, PATTERN: 'p06' },
    })
    expect(stderr).toBe('')
    expect(status).toBe(0)
  })
})

describe('Dockerfile', () => {
  it('does not run as root', () => {
    const last = dockerfile.slice(dockerfile.lastIndexOf('\nFROM '))
    expect(last).toMatch(/^USER node$/m)
    expect(last.indexOf('USER node')).toBeLessThan(last.indexOf('\nCMD '))
  })
})

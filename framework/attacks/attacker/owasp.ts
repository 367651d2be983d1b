/**
 * OWASP Top 10 for Agentic Applications 2026 (`ASI…`) and OWASP MCP Top 10 2025 (`MCP…`): those of their entries
 * that an attack here is an instance of.
 */
export const owaspTitles = {
  ASI01: 'Agent Goal Hijack',
  ASI02: 'Tool Misuse and Exploitation',
  ASI03: 'Identity and Privilege Abuse',
  ASI06: 'Memory and Context Poisoning',
  ASI07: 'Insecure Inter-Agent Communication',
  ASI10: 'Rogue Agents',
  MCP01: 'Token Mismanagement and Secret Exposure',
  MCP02: 'Privilege Escalation via Scope Creep',
  MCP06: 'Prompt Injection via Contextual Payloads',
  MCP07: 'Insufficient Authentication and Authorization',
  MCP08: 'Lack of Audit and Telemetry',
  MCP10: 'Context Injection and Over-Sharing',
} as const
export type OwaspId = keyof typeof owaspTitles

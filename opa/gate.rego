# METADATA
# title: The gate
# description: |
#   The MCP server asks before a call leaves, when no row is known yet: does the session hold the scope, and does
#   a role of the user cover the action at all? What it allows, the service still decides row by row.
package agentauth.gate

import data.agentauth.request
import data.agentauth.roles

# METADATA
# description: One decision for each resource, in order. The resource is the tool about to be called.
# entrypoint: true
decisions := [decision(resource) | some resource in request.resources]

decision(resource) := {"allow": true, "rule": "gate/role", "reason": reason} if {
	request.user
	request.is_tool(resource)
	request.scope_held
	roles.cover_action
	reason := $"role {concat(" and ", roles.covering)} covers {request.action}"
}

else := {"allow": false, "rule": $"gate/{why.rule}", "reason": why.reason} if {
	why := refusal(resource)
}

refusal(resource) := request.flaw if request.flaw

else := {"rule": "malformed_resource", "reason": "the resource is not a tool with an id"} if {
	not request.is_tool(resource)
}

else := roles.refusal

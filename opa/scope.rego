# METADATA
# title: What roles alone can say (p06)
# description: |
#   Decides on the token's scope and the user's roles. It knows neither who reports to whom nor which agent asks:
#   alice may approve her own expense, and any client's exchange looks just like the user. relationships.rego
#   closes both.
package agentauth.scope

import data.agentauth.request
import data.agentauth.roles

# METADATA
# description: One decision for each resource, in order.
# entrypoint: true
decisions := [decision(resource) | some resource in request.resources]

decision(resource) := {"allow": true, "rule": $"scope/{why.rule}", "reason": why.reason} if {
	request.user
	request.is_target(resource)
	request.scope_held
	roles.cover_action
	why := permit(resource)
}

else := {"allow": false, "rule": $"scope/{why.rule}", "reason": why.reason} if {
	why := refusal(resource)
}

permit(resource) := {"rule": "admin", "reason": "role admin covers every row"} if "admin" in request.roles

else := row(request.action, resource)

row("expenses:read", expense) := own(expense)

row("expenses:write", expense) := own(expense)

row("expenses:approve", _) := {"rule": "approver", "reason": "role user approves the expense of anyone"}

row("documents:read", document) := {"rule": "platform_wide", "reason": "the document is for everyone"} if {
	document.group == "platform-wide"
}

else := {"rule": "document", "reason": "role user covers every document but those of admins"} if {
	"user" in request.roles
	document.group != "admins"
}

own(expense) := {"rule": "own_expense", "reason": $"the expense is {request.user}'s own"} if {
	expense.owner == request.user
}

refusal(resource) := request.flaw if request.flaw

else := {"rule": "malformed_resource", "reason": $"the resource is none that {request.action} acts on"} if {
	not request.is_target(resource)
}

else := roles.refusal if not roles.cover_action

else := {"rule": "not_the_owner", "reason": $"the expense is {resource.owner}'s, not {request.user}'s"} if {
	resource.type == "expense"
}

else := {"rule": "document_group", "reason": $"no role of {request.user} covers documents of {resource.group}"} if {
	resource.type == "document"
}

else := {"rule": "no_rule", "reason": $"no rule allows {request.action} here"}

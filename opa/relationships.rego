# METADATA
# title: Relationships and delegation (p07, p08)
# description: |
#   The ground truth. Decides on who the user is to the row (owner, manager, department) and on which agent acts:
#   each actor must have been given the delegation at the IdP, which is what data.delegates lists.
package agentauth.relationships

import data.agentauth.request
import data.agentauth.roles

# METADATA
# description: One decision for each resource, in order.
# entrypoint: true
decisions := [decision(resource) | some resource in request.resources]

decision(resource) := {"allow": true, "rule": $"relationships/{why.rule}", "reason": why.reason} if {
	request.user
	request.is_target(resource)
	request.scope_held
	delegated
	why := permit(request.action, resource)
}

else := {"allow": false, "rule": $"relationships/{why.rule}", "reason": why.reason} if {
	why := refusal(resource)
}

# The whole chain of actors, so that no agent hides behind another one.
delegated if {
	count(request.actors) > 0
	every actor in request.actors {
		actor in data.delegates
	}
}

manages(owner) if data.users[owner].manager == request.user

own_expense := {"rule": "own_expense", "reason": $"the expense is {request.user}'s own"}

manager_of(owner) := {"rule": "manager", "reason": $"{request.user} is {owner}'s manager"}

# Only these groups belong to a department: one that is called "admins" opens nothing.
departments := {"engineering", "finance"}

permit("expenses:read", expense) := own_expense if expense.owner == request.user

else := manager_of(expense.owner) if manages(expense.owner)

permit("expenses:write", expense) := own_expense if {
	roles.cover_action
	expense.owner == request.user
}

permit("expenses:approve", expense) := manager_of(expense.owner) if {
	roles.cover_action
	expense.owner != request.user
	manages(expense.owner)
}

permit("documents:read", document) := {"rule": "platform_wide", "reason": "the document is for everyone"} if {
	document.group == "platform-wide"
}

else := {"rule": "department", "reason": $"{request.user} works in {document.group}"} if {
	document.group in departments
	data.users[request.user].department == document.group
}

else := {"rule": "admin", "reason": "documents of admins are for role admin"} if {
	document.group == "admins"
	"admin" in request.roles
}

permit("users:manage", user) := {"rule": "admin", "reason": "role admin sets the roles of others"} if {
	roles.cover_action
	user.id != request.user
}

refusal(resource) := request.flaw if request.flaw

else := {"rule": "malformed_resource", "reason": $"the resource is none that {request.action} acts on"} if {
	not request.is_target(resource)
}

else := {"rule": "actor_missing", "reason": "no agent is named as acting for the user"} if count(request.actors) == 0

else := {"rule": "actor", "reason": "an agent acts that was given no delegation"} if not delegated

else := roles.refusal if {
	request.action in {"expenses:write", "expenses:approve", "users:manage"}
	not roles.cover_action
}

else := {"rule": "own_expense_approval", "reason": "nobody approves an expense of their own"} if {
	request.action == "expenses:approve"
	resource.owner == request.user
}

else := {"rule": "not_the_owner", "reason": "an expense is submitted in one's own name"} if {
	request.action == "expenses:write"
}

else := {"rule": "not_the_manager", "reason": $"{request.user} is not {resource.owner}'s manager"} if {
	resource.type == "expense"
}

else := {"rule": "not_in_department", "reason": $"{request.user} does not work in {resource.group}"} if {
	resource.group in departments
}

else := {"rule": "admins_only", "reason": "documents of admins are for role admin"} if resource.group == "admins"

else := {"rule": "own_role", "reason": "nobody sets their own role"} if resource.type == "user"

else := {"rule": "no_rule", "reason": $"no rule allows {request.action} here"}

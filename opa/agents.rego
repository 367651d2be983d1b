# METADATA
# title: What agents may have (p12)
# description: |
#   Decides on which agent asks, and for what it was given. No user is behind the request: where one is named, or an
#   agent acts for somebody, it is no request of an agent for itself. Whose wish it was, nobody can say here.
package agentauth.agents

import data.agentauth.request

# METADATA
# description: One decision for each resource, in order.
# entrypoint: true
decisions := [decision(resource) | some resource in request.resources]

decision(resource) := {"allow": true, "rule": $"agents/{why.rule}", "reason": why.reason} if {
	not flaw
	request.is_target(resource)
	why := permit(request.action, resource)
}

else := {"allow": false, "rule": $"agents/{why.rule}", "reason": why.reason} if {
	why := refusal(resource)
}

# The groups of documents that an agent may read: those of admins, and of finance, are for people.
groups := {"platform-wide", "engineering"}

permit("expenses:read", _) := {"rule": "report", "reason": $"{input.client} reports on every expense"}

permit("expenses:write", expense) := {"rule": "own_expense", "reason": $"the expense is {input.client}'s own"} if {
	expense.owner == input.client
}

permit("expenses:approve", _) := {"rule": "approver", "reason": $"{input.client} was given approvals"}

permit("documents:read", document) := {"rule": "group", "reason": $"agents read documents of {document.group}"} if {
	document.group in groups
}

permit("users:manage", _) := {"rule": "role_sync", "reason": $"{input.client} was given the roles of users"}

# Said in so many words: what is missing, or of a wrong type, could be a user.
names_nobody if input.subject.user == ""

# An agent that acts for somebody asks the policy of relationships.
acts_for_nobody if input.actors == []

# The agents and their actions come from the realm.
given if {
	request.is_name(input.client)
	request.action in data.agents[input.client]
}

flaw := {"rule": "user_named", "reason": "the request names a user, and agents ask for themselves"} if not names_nobody

else := {"rule": "actor_named", "reason": "an agent that acts for somebody asks for itself"} if not acts_for_nobody

else := {"rule": "unknown_action", "reason": "the request names no known action"} if not request.action

else := {"rule": "scope_missing", "reason": $"scope {request.action} was not granted"} if not request.scope_held

else := {"rule": "not_given", "reason": $"no agent of this name was given {request.action}"} if not given

refusal(resource) := flaw if flaw

else := {"rule": "malformed_resource", "reason": $"the resource is none that {request.action} acts on"} if {
	not request.is_target(resource)
}

else := {"rule": "not_the_owner", "reason": "an expense is submitted in one's own name"} if {
	request.action == "expenses:write"
}

else := {"rule": "for_people", "reason": $"documents of {resource.group} are for people"} if {
	resource.type == "document"
}

else := {"rule": "no_rule", "reason": $"no rule allows {request.action} here"}

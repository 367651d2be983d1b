# METADATA
# title: Roles
# description: What each role may do at all. Which rows it may do it to is for the policies to say.
package agentauth.roles

import data.agentauth.request

actions := {
	"admin": {"expenses:read", "expenses:write", "expenses:approve", "documents:read", "users:manage"},
	"user": {"expenses:read", "expenses:write", "expenses:approve", "documents:read"},
	"read-only": {"expenses:read", "documents:read"},
}

# The caller's roles that cover the action.
covering contains role if {
	some role in request.roles
	request.action in actions[role]
}

cover_action if count(covering) > 0

# What every policy says where no role covers the action.
refusal := {"rule": "role", "reason": $"no role of {request.user} covers {request.action}"}

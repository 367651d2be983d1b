# METADATA
# title: The request
# description: |
#   The input as every policy reads it. A part that is missing or of the wrong type reads as undefined or as an
#   empty list, so that it can only refuse: nothing in this file allows anything.
package agentauth.request

# What each action acts on, and the attribute of it that decisions depend on. An action is a tool's scope.
acts_on := {
	"expenses:read": {"type": "expense", "attribute": "owner"},
	"expenses:write": {"type": "expense", "attribute": "owner"},
	"expenses:approve": {"type": "expense", "attribute": "owner"},
	"documents:read": {"type": "document", "attribute": "group"},
	"users:manage": {"type": "user", "attribute": "id"},
}

# An empty name would own every row without an owner, so it names nobody.
is_name(value) if {
	is_string(value)
	value != ""
}

user := input.subject.user if is_name(input.subject.user)

action := input.action if acts_on[input.action]

roles contains role if {
	is_array(input.subject.roles)
	some role in input.subject.roles
}

scopes contains scope if {
	is_array(input.scopes)
	some scope in input.scopes
}

default actors := []

actors := input.actors if is_array(input.actors)

default resources := []

resources := input.resources if is_array(input.resources)

# The exact scope: no prefix, no wildcard.
scope_held if action in scopes

is_tool(resource) if {
	resource.type == "tool"
	is_name(resource.id)
}

# A row that the action can be asked of, with the attribute that decides.
is_target(resource) if {
	resource.type == acts_on[action].type
	is_name(resource[acts_on[action].attribute])
}

# Why no policy can allow the request, whatever the resource. Every template is defined, so no refusal is lost.
flaw := {"rule": "no_subject", "reason": "the request names no user"} if not user

else := {"rule": "unknown_action", "reason": "the request names no known action"} if not action

else := {"rule": "scope_missing", "reason": $"scope {action} was not granted"} if not scope_held

# METADATA
# title: Who may ask an OPA server what
# description: |
#   The server asks this before it answers a request (`--authorization=basic`). Anybody on this machine may put the four
#   questions of the lab, as JSON, and see whether the server is healthy. Everything else is refused: other queries,
#   which could read the server's environment, and changes of policy, data or logging.
package system.authz

default allow := false

allow if {
	input.method == "POST"
	some question in {"gate", "scope", "relationships", "agents"}
	input.path == ["v1", "data", "agentauth", question, "decisions"]
	is_json
	every name, _ in input.params { name == "provenance" }
}

allow if {
	input.method == "GET"
	input.path == ["health"]
}

# A web page cannot send this content type across origins without asking first, which the server never grants.
is_json if input.headers["Content-Type"] == ["application/json"]

package main

import (
	"context"
	"slices"
)

// byRoles is the roles' rule, in code: an admin everything, a user their own and any approval, a reader their own.
func byRoles(_ context.Context, caller *Caller, action string, resources []Resource) ([]Decision, error) {
	var decisions []Decision
	for _, resource := range resources {
		own := resource.Owner == caller.User
		may := slices.Contains(caller.Roles, "admin") ||
			slices.Contains(caller.Roles, "user") && (own || action == "expenses:approve") ||
			slices.Contains(caller.Roles, "read-only") && own && action == "expenses:read"
		decisions = append(decisions, Decision{may, "roles", "by the roles of " + caller.User})
	}
	return decisions, nil
}

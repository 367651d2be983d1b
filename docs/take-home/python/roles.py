from access_token import Caller


async def by_roles(caller: Caller, action: str, resources: list[dict]) -> list[dict]:
    """The roles' rule, in code: an admin everything, a user their own and any approval, a reader their own."""

    def may(own: bool) -> bool:
        return (
            "admin" in caller.roles
            or ("user" in caller.roles and (own or action == "expenses:approve"))
            or ("read-only" in caller.roles and own and action == "expenses:read")
        )

    reason = f"by the roles of {caller.user}"
    return [{"allow": may(each["owner"] == caller.user), "rule": "roles", "reason": reason} for each in resources]

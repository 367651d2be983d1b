import os
from decimal import Decimal
from typing import Annotated

import uvicorn
from fastapi import FastAPI
from pydantic import BaseModel, Field, StringConstraints, ValidationError

import lab
from call import Call, operation
from refused import Refused

app = FastAPI()


class NewExpense(BaseModel, extra="forbid", strict=True):
    amount: Annotated[Decimal, Field(ge=Decimal("0.01"), le=10_000, decimal_places=2)]
    description: Annotated[str, StringConstraints(min_length=1, max_length=200)]


@app.get("/health")
async def health():
    return {"status": "ok"}


async def list_expenses(call: Call):
    owner = call.request.query_params.get("owner", call.user)
    rows = await lab.expenses_of(owner)
    # Asked without rows, too: an empty list would tell who has no expenses.
    allowed = await call.permit(rows or [{"id": "none", "owner": owner}])
    return 200, {"expenses": [row for row in rows if row in allowed]}, False


async def submit_expense(call: Call):
    try:
        new = NewExpense.model_validate_json(await call.request.body())
    except ValidationError as error:
        raise Refused(400, "invalid_request", "amount in euro and description, and nothing else") from error
    await call.permit([{"id": "new", "owner": call.user}])
    row = {"owner": call.user, "amount": float(new.amount), "description": new.description}
    answer = await call.write("/expenses", {"row": row}, 201)
    return 201, answer.json(), True


async def approve_expense(call: Call):
    number = call.request.path_params["number"]
    row = await lab.expense(number)
    # Decided on first: whoever may not approve is not told whether it is there.
    await call.permit([row or {"id": number, "owner": "the owner"}])
    if not row:
        raise Refused(404, "not_found", f"there is no expense {number}")
    answer = await call.write(f"/expenses/{number}/approve", {}, 200)
    if answer.status_code == 409:
        raise Refused(409, "conflict", f"expense {number} is approved already")
    return 200, answer.json(), True


app.add_route("/expenses", operation("list_expenses", "expenses:read", list_expenses), ["GET"])
app.add_route("/expenses", operation("submit_expense", "expenses:write", submit_expense), ["POST"])
approve = operation("approve_expense", "expenses:approve", approve_expense)
app.add_route("/expenses/{number:int}/approve", approve, ["POST"])

if __name__ == "__main__":
    uvicorn.run(app, host="127.0.0.1", port=int(os.environ["PORT"]), log_level="warning")

package lab;

import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.*;

@SpringBootApplication
@RestController
public class Service {
    record NewExpense(double amount, String description) {}

    @GetMapping("/health")
    Map<String, String> health() {
        return Map.of("status", "ok");
    }

    @GetMapping("/expenses")
    ResponseEntity<Object> list(HttpServletRequest request) {
        return Operation.run("list_expenses", "expenses:read", 200, request, call -> {
            var asked = request.getParameter("owner");
            var owner = asked == null ? call.caller.user() : asked;
            var rows = Lab.get("/expenses?owner={owner}", Lab.Expense[].class, owner);
            // Asked without rows, too: an empty list would tell who has no expenses.
            var resources = rows.length == 0
                    ? List.of(new Lab.Resource("expense", "none", owner))
                    : Stream.of(rows).map(row -> resource(row.id(), row.owner())).toList();
            var allowed = call.permit(resources);
            return Map.of("expenses", rows.length == 0 ? List.of() : allowed.stream().map(at -> rows[at]).toList());
        });
    }

    @PostMapping("/expenses")
    ResponseEntity<Object> submit(HttpServletRequest request, @RequestBody NewExpense expense) {
        return Operation.run("submit_expense", "expenses:write", 201, request, call -> {
            var amount = expense.amount();
            var text = expense.description();
            if (!(amount >= 0.01 && amount <= 10_000) || Math.round(amount * 100) / 100.0 != amount)
                throw new Refused(400, "invalid_request", "amount: not in euro");
            if (text == null || text.isBlank() || text.length() > 200)
                throw new Refused(400, "invalid_request", "description: 1 to 200 characters");
            var owner = call.caller.user();
            call.permit(List.of(new Lab.Resource("expense", "new", owner)));
            var row = Map.of("owner", owner, "amount", amount, "description", text);
            return call.write("/expenses", 201, Map.of("row", row));
        });
    }

    @PostMapping("/expenses/{id:[1-9][0-9]{0,8}}/approve")
    ResponseEntity<Object> approve(HttpServletRequest request, @PathVariable("id") int id) {
        return Operation.run("approve_expense", "expenses:approve", 200, request, call -> {
            var row = Lab.get("/expenses/{id}", Lab.Expense.class, id);
            // Decided on first: whoever may not approve is not told whether it is there.
            call.permit(List.of(resource(id, row == null ? "the owner" : row.owner())));
            if (row == null) throw new Refused(404, "not_found", "there is no expense " + id);
            return call.write("/expenses/" + id + "/approve", 200, Map.of());
        });
    }

    private static Lab.Resource resource(int id, String owner) {
        return new Lab.Resource("expense", String.valueOf(id), owner);
    }

    public static void main(String[] args) {
        if (Patterns.chosen() == null) throw new IllegalArgumentException("PATTERN is p05, p06, p07 or p08");
        var settings = new String[] {"--server.address=127.0.0.1", "--server.port=" + System.getenv("PORT"),
            "--spring.main.banner-mode=off"};
        SpringApplication.run(Service.class, settings);
    }
}

package pairs.sqlinjection.layers;

import org.springframework.web.bind.annotation.*;

@RestController
class OrderController {
    private final OrderService service = new OrderService(new OrderDao());

    @GetMapping("/orders")
    Object list(@RequestParam String customer) {
        return service.byCustomer(customer);
    }

    @GetMapping("/orders/bound")
    Object bound(@RequestParam String customer) {
        return service.byCustomerBound(customer);
    }

    @GetMapping("/orders/sorted")
    Object sorted(@RequestParam String sort) {
        return service.sortedBy(sort);
    }

    @GetMapping("/orders/ranked")
    Object ranked(@RequestParam String sort) {
        return service.rankedBy(sort);
    }
}

package pairs.sqlinjection.layers;

import java.util.Set;

class OrderService {
    private static final Set<String> SORTS = Set.of("day", "total");
    private final OrderDao dao;

    OrderService(OrderDao dao) {
        this.dao = dao;
    }

    Object byCustomer(String customer) {
        return dao.find("customer = '" + customer + "'");
    }

    Object byCustomerBound(String customer) {
        return dao.findBound(customer);
    }

    Object sortedBy(String sort) {
        return dao.sorted(sort);
    }

    Object rankedBy(String sort) {
        if (!SORTS.contains(sort)) {
            throw new IllegalArgumentException("sort");
        }
        return dao.ranked(sort);
    }
}

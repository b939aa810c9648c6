package pairs.codeinjection;

import jakarta.servlet.http.HttpServletRequest;
import java.util.*;
import java.util.function.*;

class Reflection {
    private static final Map<String, Supplier<Object>> MAKERS = Map.of("list", ArrayList::new, "map", HashMap::new);

    Object unsafeName(HttpServletRequest req) throws ReflectiveOperationException {
        // ruleid: unsafe-reflection
        return Class.forName(req.getParameter("type")).getDeclaredConstructor().newInstance();
    }

    Object safeSupplier(HttpServletRequest req) throws ReflectiveOperationException {
        // ok: unsafe-reflection
        Class.forName("java.util.ArrayList");
        return MAKERS.get(req.getParameter("type")).get();
    }

    Object unsafeIteration(HttpServletRequest req) throws ReflectiveOperationException {
        Object made = null;
        for (Iterator<String> it = List.of("java.util.ArrayList", req.getParameter("type")).iterator(); it.hasNext(); ) {
            // ruleid: unsafe-reflection
            made = Class.forName(it.next());
        }
        return made;
    }

    Object safeIteration(HttpServletRequest req) throws ReflectiveOperationException {
        Object made = req.getParameter("type");
        for (Iterator<String> it = List.of("java.util.ArrayList", "java.util.HashMap").iterator(); it.hasNext(); ) {
            // ok: unsafe-reflection
            made = Class.forName(it.next());
        }
        return made;
    }

    Object unsafeConsumer(HttpServletRequest req, Object target) throws ReflectiveOperationException {
        String[] picked = {"toString"};
        Consumer<String> set = v -> picked[0] = v;
        set.accept(req.getParameter("method"));
        // deepruleid: unsafe-reflection
        return target.getClass().getMethod(picked[0]).invoke(target);
    }

    Object safeConsumer(HttpServletRequest req, Object target) throws ReflectiveOperationException {
        String[] picked = {"toString"};
        Consumer<String> set = v -> picked[0] = "hashCode";
        set.accept(req.getParameter("method"));
        // ok: unsafe-reflection
        return target.getClass().getMethod(picked[0]).invoke(target);
    }
}

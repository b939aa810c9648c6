package pairs.xss;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.*;

class Generics {
    static class Box<T> {
        private T value;

        void put(T value) {
            this.value = value;
        }

        T take() {
            return value;
        }
    }

    static class Pair<A, B> {
        final A left;
        final B right;

        Pair(A left, B right) {
            this.left = left;
            this.right = right;
        }
    }

    void unsafeBox(HttpServletRequest req, HttpServletResponse resp) throws IOException {
        Box<String> box = new Box<>();
        box.put(req.getParameter("v"));
        // deepruleid: xss-servlet
        resp.getWriter().print(box.take());
    }

    void safeBox(HttpServletRequest req, HttpServletResponse resp) throws IOException {
        Box<String> box = new Box<>();
        box.put(req.getParameter("v"));
        box.put("fixed");
        // ok: xss-servlet
        resp.getWriter().print(box.take());
    }

    void unsafePair(HttpServletRequest req, HttpServletResponse resp) throws IOException {
        Pair<String, String> pair = new Pair<>("label", req.getParameter("v"));
        // deepruleid: xss-servlet
        resp.getWriter().print(pair.right);
    }

    void safePair(HttpServletRequest req, HttpServletResponse resp) throws IOException {
        Pair<String, String> pair = new Pair<>("label", req.getParameter("v"));
        // ok: xss-servlet
        resp.getWriter().print(pair.left);
    }

    void unsafeNested(HttpServletRequest req, HttpServletResponse resp) throws IOException {
        Map<String, List<String>> groups = new HashMap<>();
        groups.computeIfAbsent("a", k -> new ArrayList<>()).add(req.getParameter("v"));
        // ruleid: xss-servlet
        resp.getWriter().print(groups.get("a").get(0));
    }

    void safeNested(HttpServletRequest req, HttpServletResponse resp) throws IOException {
        Map<String, List<String>> groups = new HashMap<>();
        groups.computeIfAbsent("a", k -> new ArrayList<>()).add(req.getParameter("v"));
        groups.put("a", List.of("fixed"));
        // ok: xss-servlet
        resp.getWriter().print(groups.get("a").get(0));
    }
}

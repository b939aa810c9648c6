package pairs.headerinjection;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.*;

class Loops {
    void unsafeListIterator(HttpServletRequest req, HttpServletResponse resp) {
        List<String> values = new ArrayList<>(Arrays.asList(req.getParameterValues("v")));
        ListIterator<String> it = values.listIterator();
        while (it.hasNext()) {
            it.set(it.next().toUpperCase());
        }
        // ruleid: header-injection
        resp.setHeader("X-Values", String.join(",", values));
    }

    void safeListIterator(HttpServletRequest req, HttpServletResponse resp) {
        List<String> values = new ArrayList<>(Arrays.asList("a", "b"));
        ListIterator<String> it = values.listIterator();
        while (it.hasNext()) {
            it.set(it.next().concat(req.getParameterValues("v") == null ? "0" : "1"));
        }
        // ok: header-injection
        resp.setHeader("X-Values", String.join(",", values));
    }

    void unsafeDoWhile(HttpServletRequest req, HttpServletResponse resp) {
        String value = "first";
        int i = 0;
        do {
            // ruleid: header-injection
            resp.addHeader("X-Value", value);
            value = req.getHeader("X-" + i++);
        } while (value != null);
    }

    void safeDoWhile(HttpServletRequest req, HttpServletResponse resp) {
        String value = "first";
        int i = 0;
        do {
            // ok: header-injection
            resp.addHeader("X-Value", "value" + i);
            value = req.getHeader("X-" + i++);
        } while (value != null);
    }

    void unsafeBreak(HttpServletRequest req, HttpServletResponse resp) {
        String found = "none";
        for (String value : req.getParameterValues("v")) {
            if (value.length() > 3) {
                found = value;
                break;
            }
        }
        // ruleid: header-injection
        resp.setHeader("X-Found", found);
    }

    void safeBreak(HttpServletRequest req, HttpServletResponse resp) {
        String found = "none";
        for (String value : req.getParameterValues("v")) {
            if (value.length() > 3) {
                found = "long";
                break;
            }
        }
        // ok: header-injection
        resp.setHeader("X-Found", found);
    }
}

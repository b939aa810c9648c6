package pairs.xss;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.*;
import org.owasp.encoder.Encode;

class Enumerations {
    void unsafeNames(HttpServletRequest req, HttpServletResponse resp) throws IOException {
        Enumeration<String> names = req.getParameterNames();
        while (names.hasMoreElements()) {
            String name = names.nextElement();
            // ruleid: xss-servlet
            resp.getWriter().println("<dt>" + name + "</dt>");
        }
    }

    void safeNames(HttpServletRequest req, HttpServletResponse resp) throws IOException {
        Enumeration<String> names = req.getParameterNames();
        int count = 0;
        while (names.hasMoreElements()) {
            names.nextElement();
            count++;
        }
        // ok: xss-servlet
        resp.getWriter().println("<dt>" + count + "</dt>");
    }

    void unsafeIterator(HttpServletRequest req, HttpServletResponse resp) throws IOException {
        Iterator<Map.Entry<String, String[]>> it = req.getParameterMap().entrySet().iterator();
        while (it.hasNext()) {
            Map.Entry<String, String[]> entry = it.next();
            // ruleid: xss-servlet
            resp.getWriter().println(entry.getValue()[0]);
        }
    }

    void safeIterator(HttpServletRequest req, HttpServletResponse resp) throws IOException {
        Iterator<Map.Entry<String, String[]>> it = req.getParameterMap().entrySet().iterator();
        while (it.hasNext()) {
            Map.Entry<String, String[]> entry = it.next();
            // ok: xss-servlet
            resp.getWriter().println(Encode.forHtml(entry.getValue()[0]));
        }
    }

    void unsafeHeaders(HttpServletRequest req, HttpServletResponse resp) throws IOException {
        List<String> headers = Collections.list(req.getHeaders("X-Forwarded-For"));
        // ruleid: xss-servlet
        resp.getWriter().println(String.join(", ", headers));
    }

    void safeHeaders(HttpServletRequest req, HttpServletResponse resp) throws IOException {
        List<String> headers = Collections.list(req.getHeaders("X-Forwarded-For"));
        // ok: xss-servlet
        resp.getWriter().println("hops: " + headers.size());
    }
}

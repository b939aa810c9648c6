package pairs.openredirect.flow;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

class Navigator {
    void go(HttpServletResponse resp, Target target) throws IOException {
        // deepruleid: open-redirect
        resp.sendRedirect(target.address());
    }

    void goLocal(HttpServletResponse resp, Target target) throws IOException {
        // ok: open-redirect
        resp.sendRedirect(target.local());
    }
}

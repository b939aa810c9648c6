package pairs.openredirect.flow;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

class ReturnFilter extends HttpServlet {
    private final Navigator navigator = new Navigator();

    @Override
    protected void doGet(HttpServletRequest req, HttpServletResponse resp) throws IOException {
        navigator.go(resp, new Target(req.getParameter("back")));
    }

    @Override
    protected void doPost(HttpServletRequest req, HttpServletResponse resp) throws IOException {
        navigator.goLocal(resp, new Target(req.getParameter("back")));
    }
}

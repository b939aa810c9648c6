package pairs.trustboundary;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpSession;
import java.sql.*;

class SessionAttributes {
    void unsafeStored(HttpServletRequest req) {
        HttpSession session = req.getSession();
        // ruleid: trust-boundary
        session.setAttribute("plan", req.getParameter("plan"));
    }

    void safeStored(HttpServletRequest req) {
        HttpSession session = req.getSession();
        // ok: trust-boundary
        session.setAttribute("plan", "premium".equals(req.getParameter("plan")) ? "premium" : "free");
    }

    void unsafeRead(HttpServletRequest req, Statement st) throws SQLException {
        HttpSession session = req.getSession();
        // ruleid: trust-boundary
        session.setAttribute("filter", req.getParameter("filter"));
        String filter = (String) session.getAttribute("filter");
        // ruleid: sql-injection
        st.executeQuery("SELECT * FROM t WHERE " + filter);
    }

    void safeRead(HttpServletRequest req, Statement st) throws SQLException {
        HttpSession session = req.getSession();
        // ok: trust-boundary
        session.setAttribute("limit", Integer.parseInt(req.getParameter("limit")));
        Integer limit = (Integer) session.getAttribute("limit");
        // ok: sql-injection
        st.executeQuery("SELECT * FROM t LIMIT " + limit);
    }

    void unsafeOverwritten(HttpServletRequest req, Statement st) throws SQLException {
        HttpSession session = req.getSession();
        session.setAttribute("order", "id");
        // ruleid: trust-boundary
        session.setAttribute("order", req.getParameter("order"));
        // ruleid: sql-injection
        st.executeQuery("SELECT * FROM t ORDER BY " + session.getAttribute("order"));
    }

    void safeOtherAttribute(HttpServletRequest req, Statement st) throws SQLException {
        HttpSession session = req.getSession();
        session.setAttribute("order", "id");
        // ruleid: trust-boundary
        session.setAttribute("note", req.getParameter("order"));
        // ok: sql-injection
        st.executeQuery("SELECT * FROM t ORDER BY " + session.getAttribute("order"));
    }

    void unsafeRequestAttribute(HttpServletRequest req, Statement st) throws SQLException {
        req.setAttribute("table", req.getParameter("table"));
        // ruleid: sql-injection
        st.executeQuery("SELECT * FROM " + req.getAttribute("table"));
    }

    void safeRequestAttribute(HttpServletRequest req, Statement st) throws SQLException {
        req.setAttribute("table", req.getParameter("table"));
        req.setAttribute("table", "orders");
        // ok: sql-injection
        st.executeQuery("SELECT * FROM " + req.getAttribute("table"));
    }
}

package pairs.sqlinjection;

import jakarta.servlet.http.HttpServletRequest;
import java.sql.*;

class ObjectFields {
    static class Query {
        String table = "users";
        String where;

        String getWhere() {
            return where;
        }

        void setWhere(String where) {
            this.where = where;
        }

        String getTable() {
            return table;
        }
    }

    void unsafeField(HttpServletRequest req, Statement st) throws SQLException {
        Query q = new Query();
        q.where = req.getParameter("where");
        // ruleid: sql-injection
        st.executeQuery("SELECT * FROM users WHERE " + q.where);
    }

    void safeField(HttpServletRequest req, Statement st) throws SQLException {
        Query q = new Query();
        q.where = req.getParameter("where");
        // ok: sql-injection
        st.executeQuery("SELECT * FROM " + q.table);
    }

    void unsafeAccessor(HttpServletRequest req, Statement st) throws SQLException {
        Query q = new Query();
        q.setWhere(req.getParameter("where"));
        // deepruleid: sql-injection
        st.executeQuery("SELECT * FROM users WHERE " + q.getWhere());
    }

    void safeAccessor(HttpServletRequest req, Statement st) throws SQLException {
        Query q = new Query();
        q.setWhere(req.getParameter("where"));
        // ok: sql-injection
        st.executeQuery("SELECT * FROM " + q.getTable());
    }

    void unsafeTwoObjects(HttpServletRequest req, Statement st) throws SQLException {
        Query a = new Query();
        Query b = new Query();
        a.setWhere(req.getParameter("where"));
        b.setWhere("id = 1");
        // deepruleid: sql-injection
        st.executeQuery("SELECT * FROM users WHERE " + a.getWhere());
    }

    void safeTwoObjects(HttpServletRequest req, Statement st) throws SQLException {
        Query a = new Query();
        Query b = new Query();
        a.setWhere(req.getParameter("where"));
        b.setWhere("id = 1");
        // ok: sql-injection
        st.executeQuery("SELECT * FROM users WHERE " + b.getWhere());
    }

    void unsafeAlias(HttpServletRequest req, Statement st) throws SQLException {
        Query a = new Query();
        Query b = a;
        b.where = req.getParameter("where");
        // ruleid: sql-injection
        st.executeQuery("SELECT * FROM users WHERE " + a.where);
    }

    void safeAlias(HttpServletRequest req, Statement st) throws SQLException {
        Query a = new Query();
        a.where = "id = 1";
        Query b = a;
        b = new Query();
        b.where = req.getParameter("where");
        // ok: sql-injection
        st.executeQuery("SELECT * FROM users WHERE " + a.where);
    }
}

package pairs.sqlinjection;

import jakarta.servlet.http.HttpServletRequest;
import java.sql.*;

class BuilderEdits {
    void unsafeSetLength(HttpServletRequest req, Statement st) throws SQLException {
        StringBuilder sql = new StringBuilder("SELECT * FROM notes WHERE 1 = 1");
        sql.setLength(0);
        sql.append("SELECT * FROM notes WHERE text = '").append(req.getParameter("text")).append("'");
        // ruleid: sql-injection
        st.executeQuery(sql.toString());
    }

    void safeSetLength(HttpServletRequest req, Statement st) throws SQLException {
        StringBuilder sql = new StringBuilder();
        sql.append("SELECT * FROM notes WHERE text = '").append(req.getParameter("text")).append("'");
        sql.setLength(0);
        sql.append("SELECT * FROM notes");
        // ok: sql-injection
        st.executeQuery(sql.toString());
    }

    void unsafeInsert(HttpServletRequest req, Statement st) throws SQLException {
        StringBuffer sql = new StringBuffer("DELETE FROM notes WHERE id = ");
        sql.insert(sql.length(), req.getParameter("id"));
        // ruleid: sql-injection
        st.executeUpdate(sql.toString());
    }

    void safeInsert(HttpServletRequest req, Statement st) throws SQLException {
        StringBuffer sql = new StringBuffer("DELETE FROM notes WHERE id = ");
        sql.insert(sql.length(), Long.parseLong(req.getParameter("id")));
        // ok: sql-injection
        st.executeUpdate(sql.toString());
    }

    void unsafeDelete(HttpServletRequest req, Statement st) throws SQLException {
        StringBuilder sql = new StringBuilder();
        sql.append("SELECT 1");
        sql.delete(0, sql.length());
        sql.append(req.getParameter("query"));
        // ruleid: sql-injection
        st.execute(sql.toString());
    }

    void safeDelete(HttpServletRequest req, Statement st) throws SQLException {
        StringBuilder sql = new StringBuilder();
        sql.append(req.getParameter("query"));
        sql.delete(0, sql.length());
        sql.append("SELECT 1");
        // ok: sql-injection
        st.execute(sql.toString());
    }
}
